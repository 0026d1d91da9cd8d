"""`temoin object` and `temoin cases`."""
