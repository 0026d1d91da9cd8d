"""Signing in, by password and by a person."""
