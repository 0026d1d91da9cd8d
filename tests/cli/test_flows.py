"""`temoin flows`: what can be read, in order or not, tried on its stand-in, and how a new one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import flows as shipped

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program


@pytest.mark.parametrize(
    ("lang", "never", "why"), [("en", "never", "form or e-mail only"), ("fr", "jamais", "formulaire ou e-mail")]
)
def test_the_list_holds_every_flow_and_every_service_without_control(
    lang: str, never: str, why: str, temoin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each flow with its state of verification, then each place that has none with the reason, in both languages."""
    monkeypatch.setenv("COLUMNS", "200")
    answer = temoin("flows", "list", "--lang", lang)
    assert answer.code == 0
    known = shipped.load()
    lines = {line.split()[0]: line for line in answer.out.splitlines() if line.split()}
    assert all(never in lines[name] for name in known)
    assert all(place.service.split()[0] in lines for place in shipped.without_control())
    assert why in answer.out


@pytest.mark.parametrize("width", [80, 140])
def test_a_title_is_not_squeezed(width: int, temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a narrow terminal it stands below its setting, in a wide one beside it: two lines hold it, in French as well."""
    monkeypatch.setenv("COLUMNS", str(width))
    listed = temoin("--lang", "fr", "flows", "list").out
    lines = listed.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("facebook.ai_objection"))
    end = next(number for number, line in enumerate(lines) if line.startswith("instagram.ai_objection"))
    assert max(map(len, lines)) <= width
    assert end - start <= (3 if width < 110 else 2)


def test_a_declared_flow_is_shown_with_its_words_and_meaning(temoin: Program) -> None:
    """One flow shows its pages, its control's words by language, what the states mean and how well that is known."""
    answer = temoin("flows", "show", "chatgpt.ai_training")
    assert answer.code == 0
    for told in (
        "https://chatgpt.com/#settings/DataControls", "https://chatgpt.com/settings/data-controls", "state_button",
        "control.label (fr): Améliorer le modèle pour tous", "value.on trains, value.off protects",
        "address H, label H, meaning H",
    ):  # fmt: skip
        assert told in answer.out


def test_the_shipped_flows_are_in_order(temoin: Program) -> None:
    """The check of all files ends well, and tells for each flow what can be read and what is lacking."""
    answer = temoin("flows", "check")
    assert (answer.code, answer.err) == (0, "")
    assert "chatgpt.ai_training: fr lacks: value.on, value.off" in answer.out
    assert "facebook.ai_objection: not_objected can be read in: de, en, fr, it, pt (not pt-BR, pt-PT)" in answer.out
    assert "All flows are in order." in answer.out


@pytest.mark.rare
def test_a_new_flow_is_tried_at_once_and_asks_for_its_sources(temoin: Program, tmp_path: Path) -> None:
    """A new flow's stand-in is read right in every scenario, twice; the check names what still has no source."""
    made = temoin("flows", "new", "acme.ai_training", "--in", str(tmp_path / "ours"))
    assert made.code == 0
    assert "flow.toml" in made.out
    tried = temoin("flows", "test", "acme.ai_training", "--flow-path", str(tmp_path / "ours"))
    assert (tried.code, tried.err) == (0, "")
    assert "acme.ai_training: 27 scenarios, 6 of them served under the guard, 0 wrong" in tried.out
    checked = temoin("flows", "check", "--flow-path", str(tmp_path / "ours"))
    assert checked.code == 2
    assert "acme.ai_training: control.label (en): no source is given for its words" in checked.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["test"], "no flow is named"),
        (["test", "acme.gone"], "unknown flow 'acme.gone'"),
        (["new", "Acme"], "'Acme' is no name of a flow"),
        (["new", "acme.ai", "--url", "ftp://acme.example"], "no address of a page"),
        (["check", "--flow-path", "gone"], "no such folder"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], says: str, temoin: Program) -> None:
    """What cannot be meant ends in 2 with one message."""
    answer = temoin("flows", *arguments)
    assert answer.code == 2
    assert says in answer.err
