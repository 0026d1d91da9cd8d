"""Verifying a bundle, a run or a whole evidence folder, offline."""
