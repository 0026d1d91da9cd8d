"""Text as people write it: normalizing, label tables, replies, and secrets that must not be shown."""
