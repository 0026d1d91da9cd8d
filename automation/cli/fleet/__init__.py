"""`temoin fleet`, `enqueue` and `worker`."""
