"""Settings as plain data, read where they are used."""
