"""`temoin schedule`."""
