"""`temoin look`."""
