"""
Threads that somebody wrote from docs/sources.md alone: half to mislead a reader, half honest and courteous.

`truth` is what a careful person tells, `read` what was read when a thread was added: the same, or that it is unclear.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from automation.domain.signals import SignalName
from automation.page import Block
from automation.reading.inbox.items import Setting, answer_of
from automation.reading.inbox.speakers import Speaker
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import Turn
from automation.text.labels import Labels
from automation.text.page_words import PageWords

THREADS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "mischief.json").read_text(encoding="utf-8"))
ABOUT_AI = SignalName.REPLY_ABOUT_AI.seen("inbox")


def _turn(told: dict[str, Any], title: str) -> Turn:
    speaker = Speaker(told["who"])
    blocks = tuple(Block(text, quoted=False, node=number) for number, text in enumerate(told["paragraphs"]))
    known = speaker is not Speaker.UNKNOWN
    at = datetime.fromisoformat(told["at"]) if told["at"] else None
    return Turn(speaker, blocks, at, marked=known, named=known, title=title)


def _read(thread: dict[str, Any], words: PageWords) -> str:
    reading = read_thread([_turn(told, thread["title"]) for told in thread["turns"]], words)
    if not reading.text.concerns:
        return "none"
    answer = answer_of(reading, Setting("inbox", about=ABOUT_AI, objecting=True), words)
    return min(answer.meanings).value if answer.meanings else "unclear"


def test_no_thread_is_misread_and_none_is_lost(meta_labels: Labels) -> None:
    """Whoever reads one better writes it into the file."""
    words = PageWords.of(meta_labels, "en-US")
    changed = {one["id"]: (one["read"], now) for one in THREADS if (now := _read(one, words)) != one["read"]}
    assert changed == {}
    assert [one["id"] for one in THREADS if one["read"] not in {one["truth"], "unclear"}] == []


def test_the_share_that_is_read_does_not_fall() -> None:
    """Of what was written to mislead most stays unclear, as it should where nobody presses the reader to guess."""
    honest = [one for one in THREADS if one["honest"]]
    assert sum(one["read"] == one["truth"] for one in honest) >= 0.65 * len(honest)
    assert Counter(one["truth"] for one in honest).keys() == {"accepted", "refused", "pending", "none"}
