"""Results for the tools that keep a company's compliance, and what those tools read themselves."""
