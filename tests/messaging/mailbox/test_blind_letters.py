"""
Letters by people who had not seen this code, from docs/sources.md alone, with what a careful reader would answer.

Half of them take an acceptance back, narrow it or make it depend on something; the other half say "not" and "if" of
everything else. `read` is what was read of a letter when it was added. No rule may be fitted to one of them.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from automation.messaging.mailbox.letters import read_letter
from automation.messaging.mailbox.reading import understand
from automation.messaging.mailbox.services import Correspondent
from tests.messaging.mailbox.letters import letter

LETTERS = json.loads((Path(__file__).parent / "blind" / "letters.json").read_text(encoding="utf-8"))
_SAID = {"accepted", "refused", "pending"}
_MEANS = {"more_information": "pending"}


def _read(service: Correspondent, one: dict[str, str]) -> str:
    more = [f"Content-Language: {one['lang']}"]
    found = understand(read_letter(letter(one["body"], subject=one["subject"], more=more)), service)
    return found.kind.value if found else "none"


def _expected(one: dict[str, str]) -> str:
    return _MEANS.get(one["expected"], one["expected"])


@pytest.mark.thorough
@pytest.mark.timeout(900)  # seconds of nothing but reading, minutes on a busy machine
def test_what_was_read_of_each_letter_is_still_read(facebook: Correspondent) -> None:
    """No answer is lost and none is new; whoever makes one better writes it into the file."""
    changed = {one["id"]: (one["read"], now) for one in LETTERS if (now := _read(facebook, one)) != one["read"]}
    assert changed == {}


def test_most_answers_are_reached_and_few_letters_are_misread() -> None:
    """
    The shares are counted where they can be looked up.

    Of the letters that accept and say much beside it seven in ten are read. Of those that were written to mislead fewer
    than one in twenty still does; each says in `because` how.
    """
    accepted = [one["read"] for one in LETTERS if one["definite"] and one["expected"] == "accepted"]
    assert accepted.count("accepted") >= 0.7 * len(accepted)
    refused = [one["read"] for one in LETTERS if one["definite"] and one["expected"] == "refused"]
    assert refused.count("refused") >= 0.6 * len(refused)
    misread = [one["id"] for one in LETTERS if one["read"] in _SAID and one["read"] != _expected(one)]
    misleading = [one["id"] for one in LETTERS if not one["definite"]]
    assert len(misread) <= 0.045 * len(misleading)
    assert Counter(one["read"] for one in LETTERS if one["id"] in misread).keys() <= {"accepted"}
