"""`temoin flows`."""
