"""A site that tries every way out."""
