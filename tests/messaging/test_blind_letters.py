"""Letters of the corpus as mail: none of them is read wrongly."""

from __future__ import annotations

import pytest

from automation.messaging.letters import read_letter
from automation.messaging.reading import Correspondent, understand
from tests.corpus.cases import HERE, Case, cases
from tests.messaging.mail import letter

MAILS = cases([HERE / "threads" / "mails.jsonl"])


def _read(service: Correspondent, case: Case) -> str:
    more = [f"Content-Language: {case.language}"]
    found = understand(read_letter(letter(case.turns[-1].text, subject=case.title, more=more)), service)
    if found is None:
        return "none"
    # A mail that asks for something leaves the objection undecided: its own kinds of answer do not tell the two apart.
    return case.truth if (found.kind.value, case.truth) == ("pending", "more_information") else found.kind.value


@pytest.mark.thorough
@pytest.mark.timeout(900)  # seconds of nothing but reading, minutes on a busy machine
def test_no_letter_is_misread(facebook: Correspondent) -> None:
    """What is not understood waits for a person; how much is understood is a report: `make reading`."""
    read = ((case, _read(facebook, case)) for case in MAILS)
    assert [(case.id, answer) for case, answer in read if case.wrong(answer)] == []
