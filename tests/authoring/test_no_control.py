"""What is said of services that have no control to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import flows as shipped
from automation.authoring.flow_lists import read_no_control
from automation.core.errors import FlowError

if TYPE_CHECKING:
    from pathlib import Path

    from automation.flow import Flow


def test_every_entry_says_what_is_known_in_both_languages() -> None:
    """Each has words in English and French and a source; no service stands there twice."""
    places = shipped.without_control()
    assert len(places) > 20
    assert all(place.text("en") and place.text("fr") != place.text("en") for place in places)
    assert len({place.service for place in places}) == len(places)


def test_flows_that_are_pointed_to_exist(flows: dict[str, Flow]) -> None:
    """An entry that sends the reader to a flow names one that is there."""
    for place in shipped.without_control():
        for word in place.en.replace(".", ". ").split():
            if "_" in word and "/" not in word:
                assert any(name.endswith(word.strip(" .;:,")) for name in flows), (place.service, word)


@pytest.mark.parametrize("text", ["places = [", "[[places]]\nservice = 'A'\n", "[[place]]\n"])
def test_a_faulty_list_is_refused(tmp_path: Path, text: str) -> None:
    """A list that cannot be read is one message with its file."""
    file = tmp_path / "no_control.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FlowError, match=r"no_control\.toml"):
        read_no_control(file)
