"""The folder of evidence of one check: written beside, sealed, verified, and only then there."""

from automation.evidence.formats.ledger import Ledger
from automation.evidence.formats.result_file import read_result, result_json
from automation.evidence.keys.signing import Keys
from automation.evidence.write.bag import BundleWriter
from automation.evidence.write.sealer import Sealer

__all__ = ["BundleWriter", "Keys", "Ledger", "Sealer", "read_result", "result_json"]
