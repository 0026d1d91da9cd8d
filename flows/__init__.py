"""The services that Témoin can read, one folder each. A user's own come from `flow_paths`."""

SERVICES = ("facebook", "instagram")
