"""`temoin login` and `temoin session`."""
