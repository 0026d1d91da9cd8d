"""`temoin report` and `temoin schema`."""
