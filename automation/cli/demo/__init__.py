"""`temoin demo`."""
