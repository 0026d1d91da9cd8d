"""Signing keys, whom a verifier trusts, and time stamps."""
