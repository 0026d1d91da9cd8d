"""What may be filed at all: forms whose submission is declared, and nothing else."""

from __future__ import annotations

import pytest

import flows
from automation.core.errors import NotFiled
from automation.core.settings import BrowserSettings
from automation.visit.attended.desk import is_windowed, with_window
from automation.visit.attended.filing import declared_form

FLOWS = flows.load()


@pytest.mark.parametrize("flow", ["facebook.ai_objection", "instagram.ai_objection"])
def test_the_forms_of_the_objection_can_be_filed(flow: str) -> None:
    """Their services' files say which request files them, and where it names the form."""
    assert declared_form(FLOWS[flow]).form_ids


@pytest.mark.parametrize("flow", ["linkedin.ai_training", "github_copilot.ai_training", "x.ai_training"])
def test_settings_are_left_to_the_person(flow: str) -> None:
    """No source says what their pages send when they are switched: nothing is opened, and that is said."""
    with pytest.raises(NotFiled, match="no source says what its button sends"):
        declared_form(FLOWS[flow])


def test_a_window_is_wanted_whatever_is_configured() -> None:
    """A headless browser in the configuration gets a window here, and one without is told from its own command line."""
    assert with_window(BrowserSettings(headless=True, concurrency=8)) == BrowserSettings(headless=False, concurrency=1)
    assert is_windowed(("chromium", "--enable-automation"))
    assert not is_windowed(("chromium", "--headless"))
    assert not is_windowed(("chromium", "--headless=new"))
    assert not is_windowed(())
