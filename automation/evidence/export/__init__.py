"""Evidence in the formats of others: a web archive of what a bundle keeps of its visit."""
