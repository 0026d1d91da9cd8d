"""In which languages a flow's words are enough, for each answer; page languages, not word lists, are what counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from automation.flow.control_table import ControlTable
from automation.text.labels import ANY
from automation.text.normalizing import base_language

if TYPE_CHECKING:
    from automation.flow.manifest import Flow
    from automation.text.labels import Labels

Ways = tuple[tuple[str, ...], ...]
"""Sets of label keys; the words of one set are enough."""

_ANSWERED: Mapping[str, Ways] = {
    "objected": (("reply.accepted",),),
    "not_objected": (("form.title", "form.submit"), ("ai.topic", "object.words", "form.submit")),
}


def coverage(flow: Flow) -> dict[str, tuple[str, ...]]:
    """
    Verdict → languages of pages in which it can be reached.

    A page may name its region or not. `pt` stands for a page that does not, or whose region has all the words;
    `pt (not pt-BR)` for one whose language has them only where its regions are mixed.
    """
    if isinstance(flow.rule, ControlTable):
        if not flow.rule.confidence.proves:
            return {"objected": (), "not_objected": ()}
        read = _readable(flow.labels, (flow.rule.needed(),))
        return {"objected": read, "not_objected": read}
    return {verdict: _readable(flow.labels, ways) for verdict, ways in _ANSWERED.items()}


def lacking(labels: Labels, keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Language → keys of these that it has no words for; languages that have some of them, not those that have all."""
    wanted = tuple(keys)
    tags = sorted({tag for key in wanted for tag in labels.entries.get(key, {}) if tag != ANY})
    found = {tag: tuple(key for key in wanted if not labels.has(key, tag)) for tag in tags}
    return {tag: keys for tag, keys in found.items() if keys}


def _readable(labels: Labels, ways: Ways) -> tuple[str, ...]:
    tags = {tag for way in ways for key in way for tag in labels.entries.get(key, {}) if tag != ANY}
    languages = sorted({base_language(tag) for tag in tags})

    def enough(tag: str) -> bool:
        return any(all(labels.has(key, tag) for key in way) for way in ways)

    shown: list[str] = []
    for language in languages:
        regions = sorted(tag for tag in tags if "-" in tag and base_language(tag) == language)
        without = [tag for tag in regions if not enough(tag)]
        if enough(language):
            shown.append(f"{language} (not {', '.join(without)})" if without else language)
        else:
            shown.extend(tag for tag in regions if tag not in without)
    return tuple(shown)
