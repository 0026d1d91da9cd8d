"""
Acts against a whole folder of evidence, written as an examiner would try them from the manual alone.

Each takes an intact place and spoils it. Some need nothing but the files; those `by_the_keys_holder` use the real key,
so every digest and signature fits, and only what the files say of each other can give them away.
"""

from tests.evidence.tampering import bundles, keys_holder, ledger, reports, results, run_ends, stamps, unreadable
from tests.evidence.tampering.acts import BESIDE, BY_ANYBODY, BY_THE_KEYS_HOLDER, OF_FIRST_FORM, OF_STAMPED, Act

__all__ = [
    "BESIDE", "BY_ANYBODY", "BY_THE_KEYS_HOLDER", "OF_FIRST_FORM", "OF_STAMPED", "Act",
    "bundles", "keys_holder", "ledger", "reports", "results", "run_ends", "stamps", "unreadable",
]  # fmt: skip
