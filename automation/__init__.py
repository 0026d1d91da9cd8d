"""Témoin's engine: how an account is visited, read, judged and witnessed. It knows no service."""

__version__ = "0.1.0"
