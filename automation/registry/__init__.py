"""A registry without a server: a folder of contributions, each signed by who made it, and what of them counts."""
