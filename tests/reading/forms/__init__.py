"""Forms, and what their pages say."""
