"""Identities that can be nobody's: refused by `doctor` and `check` before a browser starts, and never repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.app.setup import require_identities
from automation.config import load
from automation.flow import Flow
from tests.cli.around import Around
from tests.cli.conftest import Program
from tests.documents import ACCOUNTS

EXAMPLES = [
    "100080000000000",
    "17841400000000000",
    "123456789",
    "111111111",
    "xxx",
    "<your number>",
    "your number",
    "to-do",
]
OTHER_FORMS = ["claire.martin", "claire@example.org", "https://www.facebook.com/claire", "c_user=100083456712345"]
PEOPLE = ["4", "100083456712345", "100000000012345", "1234560001", "100012345678123"]
"""Numbers that accounts have or may have: the first of all, and some with runs of zeros and digits in order."""


def account(identity: str, flow: str = "facebook.ai_objection") -> str:
    """A configuration with one account."""
    return f'[[accounts]]\nname = "a"\nflow = "{flow}"\nowner = "o"\nidentity = "{identity}"\n'


@pytest.mark.parametrize("identity", [*EXAMPLES, *OTHER_FORMS])
def test_nobody_is_looked_for(temoin: Program, tmp_path: Path, identity: str) -> None:
    """The line, what is wrong and what to do are told, and what stands there is not."""
    (tmp_path / "temoin.toml").write_text(account(identity))
    answer = temoin("check")
    assert answer.code == 2
    assert "temoin.toml:3: the identity of a is" in answer.err
    assert "temoin init" in answer.err
    assert identity not in answer.err


@pytest.mark.parametrize("identity", PEOPLE)
def test_nobody_who_may_exist_is_refused(tmp_path: Path, flows: dict[str, Flow], identity: str) -> None:
    """Such an account may be looked for."""
    (tmp_path / "temoin.toml").write_text(account(identity))
    require_identities(load(tmp_path / "temoin.toml"), flows)


@pytest.mark.thorough
@pytest.mark.browser
def test_a_check_of_somebody_begins(temoin: Program, tmp_path: Path) -> None:
    """It ends because nobody has signed in."""
    (tmp_path / "temoin.toml").write_text(account(PEOPLE[0]))
    answer = temoin("check")
    assert "the identity of" not in answer.err
    assert answer.code == 3


def test_names_are_fine_where_services_use_names(tmp_path: Path, flows: dict[str, Flow]) -> None:
    """LinkedIn calls accounts by words, and a word that holds one of an example's is no example."""
    (tmp_path / "temoin.toml").write_text(account("yourovskaya-maxxxim", "linkedin.ai_training"))
    require_identities(load(tmp_path / "temoin.toml"), flows)


def test_the_examples_of_the_documents_are_refused(temoin: Program, tmp_path: Path) -> None:
    """Who copies README's accounts and leaves the numbers is told by the doctor, for each account."""
    (tmp_path / "temoin.toml").write_text(ACCOUNTS)
    answer = temoin("doctor", around=Around())
    assert answer.code == 2
    assert "identity of atelier-facebook is an example" in answer.out
    assert "identity of atelier-instagram is an example" in answer.out
