"""Files, databases and the history of results."""
