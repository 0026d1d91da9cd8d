"""The folder of evidence of one check: written beside, sealed, verified, and only then there."""

from automation.bundle.bag import BundleWriter
from automation.bundle.keys import Keys
from automation.bundle.ledger import Ledger
from automation.bundle.result_file import read_result, result_json
from automation.bundle.sealer import Sealer

__all__ = ["BundleWriter", "Keys", "Ledger", "Sealer", "read_result", "result_json"]
