"""What a check finds before it begins: whose accounts they may be, and what is said of stamps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from automation.app.check import unstamped
from automation.app.setup import require_identities
from automation.config import load
from automation.core.records import BundleRef
from automation.flow import Flow
from automation.text.language import language
from tests.builders import a_document, a_result
from tests.cli.conftest import Program
from tests.cli.test_doctor import Around
from tests.documents import ACCOUNTS

REFERENCE = BundleRef("a", "0" * 64)


@pytest.mark.parametrize(
    ("stamped", "asked", "words"),
    [
        ((("alpha",), ("alpha",)), True, ()),
        ((("alpha",), ()), True, ("for want of an answer: 1 of 2", "faute de réponse\u00a0: 1 sur 2")),
        (((), ()), False, ("only this machine’s clock", "seule l’horloge de cette machine")),
    ],
    ids=["all stamped", "no answer", "nobody asked"],
)
def test_what_nobody_stamped_is_said(stamped: tuple[tuple[str, ...], ...], asked: bool, words: tuple[str, ...]) -> None:
    """One line that fits 100 columns, where evidence rests on this machine's clock, with what to do; else none."""
    bundles = [replace(REFERENCE, stamped=names) for names in stamped]
    document = a_document(
        *(a_result(f"account-{n}", bundle=one) for n, one in enumerate(bundles)), a_result(bundle=None)
    )
    said = [unstamped(document, language(lang), asked=asked) for lang in ("en", "fr")]
    assert [len(lines) for lines in said] == [bool(words)] * 2
    for lines, expected in zip(said, words, strict=False):
        assert expected in lines[0]
        assert len(lines[0]) <= 100


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
    answer.ended(2, "temoin.toml:3: the identity of a is", "temoin account add")
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
    temoin("doctor", around=Around()).ended(
        2, out=("identity of atelier-facebook is an example", "identity of atelier-instagram is an example")
    )
