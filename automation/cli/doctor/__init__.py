"""`temoin doctor`."""
