"""Writing and sealing a bundle."""
