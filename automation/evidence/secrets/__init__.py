"""Keeping secrets out of evidence: the search before sealing."""
