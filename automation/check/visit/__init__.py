"""Visiting an account with a `Reader`: the pages that a flow names, in order, until an observation is complete."""
