"""Pages as they were read."""
