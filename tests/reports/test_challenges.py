"""What a report says where a service asked a person for something."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from automation.core.verdicts import ChallengeKind
from automation.reports import messages
from automation.reports.advice import advise
from automation.reports.messages import CHALLENGES
from automation.text.catalogue import LANGUAGES
from automation.text.language import language
from tests.builders import a_result


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_says_what_it_means_and_what_to_do(code: str) -> None:
    """Each kind has a meaning of its own, steps and a few words, in each language."""
    words = language(code)
    assert set(CHALLENGES) == set(ChallengeKind)
    for message in CHALLENGES.values():
        assert words.gettext(message.meaning).endswith(".")
        assert cell_len(words.gettext(message.in_short)) <= 24
        assert message.steps
    assert len({words.gettext(message.meaning) for message in CHALLENGES.values()}) == len(ChallengeKind)
    if code != "en":
        for message in CHALLENGES.values():
            for sentence in (message.meaning, message.in_short, *message.steps):
                assert words.gettext(sentence) != sentence


def test_the_kind_wins_over_its_reason() -> None:
    """Of a captcha the report says captcha, with its steps and this account's commands, not just "a check"."""
    result = a_result(reason=ChallengeKind.CAPTCHA.reason, challenge=ChallengeKind.CAPTCHA)
    said = advise(result, None, language("en"))
    assert said.in_short == "solve the captcha"
    assert said.meaning.text == CHALLENGES[ChallengeKind.CAPTCHA].meaning
    assert any("temoin check --attended atelier-facebook" in step.text for step in said.steps)
    general = advise(a_result(reason=ChallengeKind.CAPTCHA.reason), None, language("en"))
    assert general.in_short == language("en").gettext(messages.REASONS[ChallengeKind.CAPTCHA.reason].in_short)
