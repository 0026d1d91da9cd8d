"""`temoin check` and `temoin rejudge`."""
