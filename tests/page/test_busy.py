"""Whether a page says that it still loads."""

from __future__ import annotations

import pytest

from tests.reading.outline import Part, el, page


@pytest.mark.parametrize(
    ("bar", "loads"),
    [
        (el("progress", role="progressbar", name=""), True),
        (el("progress", role="progressbar", name="", value="12", max="50"), False),
        (el("div", role="progressbar", name=""), True),
        (el("div", role="progressbar", name="Loading"), True),
        (el("div", role="progressbar", name="", aria_valuenow="30"), True),
        (el("div", role="progressbar", name="Storage used", aria_valuenow="30"), False),
        (el("div", role="progressbar", name="Loading your settings", aria_valuenow="30"), True),
        (el("div", role="progressbar", name="Chargement", aria_valuenow="30"), True),
        (el("p", "1,204 of 5,000", aria_busy="true"), True),
    ],
)
def test_a_bar_that_measures_something_is_no_sign_of_loading(bar: Part, loads: bool) -> None:
    """A bar without a value says that something is under way; so does one with a value that is called nothing."""
    assert page(el("main", el("h1", "Usage"), bar)).busy() is loads
