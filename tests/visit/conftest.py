"""The inbox that most of these tests read, and its words."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from automation.flow import Flow
from automation.flow.manifest import Surface
from automation.reading.letters.answers import InboxReading
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part
from tests.visit.listing import Pages, Whole, read_of


@pytest.fixture
def facebook(flows: dict[str, Flow]) -> Flow:
    """The flow that reads Facebook's inbox."""
    return flows["facebook.ai_objection"]


@pytest.fixture
def surface(facebook: Flow) -> Surface:
    """The inbox as it is declared."""
    return facebook.surfaces["support_inbox"]


@pytest.fixture
def words(meta_labels: Labels) -> PageWords:
    """The service's words in English."""
    return PageWords.of(meta_labels, "en")


@pytest.fixture
def whole(facebook: Flow, words: PageWords) -> Whole:
    """Reads an inbox of outlines by their address; the title is that of all its pages."""

    async def read(outlines: Mapping[str, tuple[Part, ...]], title: str = "") -> InboxReading:
        return await read_of(Pages(words, outlines, title), facebook)

    return read
