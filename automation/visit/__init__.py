"""One check: from an account to a sealed result, and many accounts side by side."""
