"""Whom the service's messages greet: the holder, anybody, or somebody else, whose answer it then is."""

from __future__ import annotations

import pytest

from automation.page import Block
from automation.reading.inbox.addressee import greets_another
from automation.reading.inbox.speakers import Speaker
from automation.reading.inbox.turns import Turn

HOLDER = frozenset({"ada lovelace"})
SERVICE = frozenset({"facebook", "instagram", "meta"})


def another(text: str) -> bool:
    """Whether a message of the service with this text greets somebody else."""
    turn = Turn(Speaker.SERVICE, (Block(f"{text}\n\nWe will honour your objection.", quoted=False, node=1),))
    return greets_another([turn], HOLDER, SERVICE)


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ada,", "Hi Ms. Lovelace,", "Hi there,", "Dear user,", "Dear Customer,", "Dear Valued Customer,", "Hello Facebook User,",
        "Dear Account Holder:", "Hello Instagram Community,", "Chère Cliente,", "Cher Utilisateur,", "Chers Membres,",
        "Liebe Kundin,", "Sehr geehrter Nutzer,", "Sehr geehrte Damen und Herren,", "Estimado Usuario:", "Gentile Utente,",
        "Good morning Ada,", "Dear Sir or Madam,", "Dear Customer Ada Lovelace,",
    ],
)  # fmt: skip
def test_the_holder_or_anybody_is_greeted(text: str) -> None:
    """A letter that names nobody is whose inbox it lies in."""
    assert not another(text)


@pytest.mark.parametrize(
    "text",
    [
        "Dear Jonas,", "Dear Customer Jonas,", "Hi Jonas Weber,", "Dear Mr. Weber:", "Lieber Herr Kunde,", "Sehr geehrter Herr Kunde,", "Dear Mr. Client,",
        "Chère Madame Membre,", "Sehr geehrte Frau Weber,", "Good evening Jonas,", "Dear Facebook Jonas,", "Hallo Kunde Weber,",
        "Hello Gwendolyn Thackray-Poole,", "Bonjour Anne-Marie,", "Dear Siobhan O'Neill,",
    ],
)  # fmt: skip
def test_somebody_else_is_greeted(text: str) -> None:
    """A case that another person shared is answered to them, whatever stands beside the name."""
    assert another(text)
