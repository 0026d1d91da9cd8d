"""`temoin inbox`."""
