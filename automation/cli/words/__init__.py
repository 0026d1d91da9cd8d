"""`temoin words`."""
