"""The folder of evidence of one check: written beside, finished at once, with a digest of every file."""

from automation.bundle.writer import BundleWriter

__all__ = ["BundleWriter"]
