"""The folder of evidence of one check: written beside, sealed, verified, and only then there."""

from automation.bundle.bag import BundleWriter
from automation.bundle.result_file import read_result, result_json
from automation.bundle.sealer import Sealer

__all__ = ["BundleWriter", "Sealer", "read_result", "result_json"]
