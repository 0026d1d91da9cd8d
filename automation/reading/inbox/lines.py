"""The lines of a thread, and which of them say who speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from automation.page import Block
from automation.reading.inbox.ages import on_one_day
from automation.reading.inbox.badges import badged
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.letterhead import greeting_to, is_of_a_mail_head, letter_heads, title_of
from automation.reading.inbox.owners import article_of, is_heading
from automation.reading.inbox.speakers import Speaker, SpeakerMark, Speakers
from automation.reading.inbox.speech import bodies_in, facts_in, forwards
from automation.text.normalizing import fold, fold_label

if TYPE_CHECKING:
    from automation.page import PageView

_LABELS = frozenset({"DT", "LABEL"})
_MOST_WORDS_OF_A_CLOSING = 4
_MOST_WORDS_OF_A_STRANGER = 4
_MOST_LETTERS_OF_A_SUBJECT = 120
_SAID_BY = re.compile(
    r"(?P<head>\[?(?P<day>(?=[^:]{0,24}\d)[\w.,/ -]{3,24}?,? )?"
    r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?\]?,? (?:[-–] )?"
    r"(?P<name>[^\W\d_][\w .'’-]{0,40}?(?: \([\w .'’-]{1,40}\))?)) ?: (?P<said>.+)",
    re.IGNORECASE,
)
"""A line of a transcript: when, who, and what was said."""
_NOT_OF_A_NAME = re.compile(r"[(\[·,|].*")
"""What may stand behind a name: an office, a role."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paragraph, and who speaks from here on, if it says so."""

    block: Block
    mark: SpeakerMark | None = None
    signs: bool = False
    """Whether it is a name beneath a letter: it belongs to what stands above it."""
    hidden: bool = False
    """Read out by a screen reader, and not drawn."""
    first: bool = True
    """Of its paragraph."""
    gap: bool = False
    """Whether an empty line stands above it in its paragraph."""
    head: bool = False
    """Whether it is the value of a label at the head of a message: "Subject:", "Sent:"."""
    labelled: bool = False
    """Whether it names its author behind a label of its own, as mail does: "From: Meta"."""


def lines_of(view: PageView, blocks: Sequence[Block], speakers: Speakers) -> Iterator[Line]:
    """The paragraphs cut into lines, for any may say who speaks; `>` before a line is what mail quotes with."""
    unseen = sorted(
        (*_unseen(view, blocks, speakers), *_avatars(view, blocks, speakers)), key=lambda line: line.block.node
    )
    said = [line.strip().lstrip("> ").strip() for block in blocks for line in block.text.split("\n")]
    authors = [author for line in said if (author := _author_of(line, speakers)) is not None]
    transcript = _is_transcript(blocks, speakers)
    ages = iter(on_one_day([head for head, _, _ in authors]) or ()) if transcript else iter(())
    for block in blocks:
        while unseen and unseen[0].block.node < block.node:
            yield unseen.pop(0)
        gap = False
        for number, text in enumerate(block.text.split("\n")):
            bare = text.strip().lstrip("> ").strip()
            quoted = block.quoted or text.strip().startswith(">")
            author = _author_of(bare, speakers) if transcript else None
            if author is not None:
                head, mark, text_said = author
                yield Line(Block(head, quoted, block.node), replace(mark, age=next(ages, None)), hidden=True)
                yield Line(Block(text_said, quoted, block.node))
            elif bare:
                yield Line(Block(bare, quoted, block.node), first=number == 0, gap=gap)
            gap = not bare
    yield from unseen


def _is_transcript(blocks: Sequence[Block], speakers: Speakers) -> bool:
    """
    Whether lines begin with the time and the name of whoever said them, and both sides do: "10:02 Meta: Hi".

    Not where anything else says who speaks: then somebody may have copied a transcript into a message of theirs.
    """
    lines = [line.strip() for block in blocks if not block.quoted for line in block.text.split("\n")]
    authors = [_author_of(line, speakers) for line in lines]
    marks = [speakers.mark(line) for line, author in zip(lines, authors, strict=True) if author is None]
    others = any(mark is not None and not (mark.bare or mark.is_section) for mark in marks)
    return not others and {Speaker.PERSON, Speaker.SERVICE} <= {each[1].speaker for each in authors if each is not None}


def _author_of(line: str, speakers: Speakers) -> tuple[str, SpeakerMark, str] | None:
    """Of a line of a transcript its head, what that says of who speaks, and what was said."""
    found = _SAID_BY.fullmatch(line)
    mark = speakers.mark(found["name"]) if found is not None else None
    if mark is None and found is not None and fold(found["name"]) in {own.partition(" ")[0] for own in speakers.holder}:
        mark = SpeakerMark(Speaker.PERSON)
    known = mark is not None and mark.speaker is not Speaker.UNKNOWN and not mark.is_field
    if found is None or mark is None or not known:
        return None
    if found["day"] and not speakers.is_date(found["day"]):
        return None  # "For case 12, 10:30 Meta: …"
    return found["head"], replace(mark, bare=False, at=find_date(found["head"], speakers.locale).at), found["said"]


def _unseen(view: PageView, blocks: Sequence[Block], speakers: Speakers) -> Iterator[Line]:
    """
    Lines for screen readers that say who speaks; what else is not drawn is nobody's word.

    A mere name counts beside a message, and where both sides are told so: "Meta", "You sent".
    """
    found = [
        Line(Block(node.text.strip(), quoted=False, node=node.parent), mark, hidden=True)
        for node in view.everything()
        if node.tag == "#text" and not node.shown and node.role == "StaticText" and node.text.strip()
        if (mark := speakers.mark(node.text)) is not None
    ]
    both = {Speaker.PERSON, Speaker.SERVICE} <= {line.mark.speaker for line in found if line.mark is not None}
    shown = {block.node for block in blocks}
    for line in found:
        bare = line.mark is not None and line.mark.bare
        if not bare or (both and any(n.index in shown for n in view.within(view.nodes[line.block.node].parent))):
            yield line


def _avatars(view: PageView, blocks: Sequence[Block], speakers: Speakers) -> list[Line]:
    """
    Pictures of both sides beside their messages, as lines that say who speaks.

    One side alone may be anything: the account's own picture stands in the bar of every page.
    """
    shown = {block.node for block in blocks}
    found = []
    for node in view.shown_nodes():
        mark = speakers.mark(node.name) if node.tag == "IMG" else None
        beside = mark is not None and any(n.index in shown for n in view.within(node.parent))
        if mark is not None and beside:
            found.append(Line(Block(node.name, quoted=False, node=node.index), mark, hidden=True))
    sides = {line.mark.speaker for line in found if line.mark is not None}
    return found if {Speaker.PERSON, Speaker.SERVICE} <= sides else []


def with_marks(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Line]:
    """The same lines, each with what it says of who speaks."""
    found: list[Line] = []
    authors, facts = _author_cells(view, speakers), _facts_of_the_case(view, speakers)
    to_whom = of_head = False
    greeted = -1
    letters = letter_heads(view, lines, speakers)
    titles = {title_of(line.block.text) for line in lines if is_heading(view, line.block.node)}
    for number, line in enumerate(lines):
        node = line.block.node
        text = line.block.text
        recipients = speakers.names_recipients(text)
        # A single letter without a colon may be somebody's initial, in place of a picture.
        label = text.rstrip().endswith(":") or _is_label(view, node) or (len(text) > 1 and _follows_a_name(found))
        if to_whom or (label and (recipients or speakers.is_letterhead(text))):
            # Who gets a message did not write it. The harm: the service's words would be taken for the person's.
            found.append(replace(line, mark=None, hidden=True))
            to_whom, of_head = recipients and not to_whom, not (recipients or to_whom) and _is_firm_label(view, line)
            continue
        heads = bool(found) and (
            found[-1].mark is not None or found[-1].hidden or speakers.is_date(found[-1].block.text)
        )
        if heads and is_of_a_mail_head(text, titles, speakers):
            found.append(replace(line, mark=None, hidden=True))
            continue
        if number < greeted:  # "Dublin, 2 June" in a letter's head is no author
            found.append(replace(line, mark=None, head=True))
            continue
        if node >= 0 and (view.nodes[node].tag == "H1" or node in facts):
            mark = None  # the title of the page; "Account: …"
        elif authors and any(index in authors for index in (node, *(a.index for a in view.ancestors(node)))):
            mark = speakers.author(line.block.text)
        else:
            mark = line.mark or speakers.mark(text, label=_is_label(view, node)) or letters.get(number)
            mark = _by_its_badge(view, line, mark, speakers)
            greeting = greeting_to(lines, found, mark) if mark and not is_heading(view, node) else None
            if greeting is not None:
                mark, greeted = _of_the_letter(view, found, lines[greeting + 1 :], mark, speakers), greeting
        body = mark is not None and mark.is_field and bodies_in(speakers.locale).fullmatch(fold_label(text))
        if body and _heads_the_text(found, speakers):
            found.append(replace(line, mark=None, hidden=True))
            continue
        before = lines[number - 1] if number else None
        if before is not None and forwards(before.block.text):
            mark = None  # who forwards a message answers for what stands in it
        signs = (
            mark is not None
            and before is not None
            and _closes(before, line)
            and (mark.bare or _signs_beneath(view, before, line, mark, lines[number + 1 : number + 2], speakers))
        )
        head = of_head and mark is None and not _is_said(text)
        labelled = mark is not None and ":" in text and speakers.names_authors(text.partition(":")[0])
        found.append(replace(line, mark=mark, signs=signs, head=head, labelled=labelled))
        of_head = False
    return _without_titles(view, found, speakers)


def _without_titles(view: PageView, found: Sequence[Line], speakers: Speakers) -> list[Line]:
    """The same lines; a name and nothing beside it is a title, and a stranger's above a date is an author."""
    sides = {line.mark.speaker for line in found if line.mark is not None and not line.signs and not line.mark.is_field}
    kept = []
    for number, line in enumerate(found):
        near = [found[n].block.text for n in (number - 1, number + 1) if 0 <= n < len(found)]
        dated = any((date := find_date(text, speakers.locale)).dated and len(date.rest) <= 1 for text in near)
        lonely = {Speaker.PERSON, Speaker.SERVICE} - sides
        from_whom = number > 0 and _names_the_author(found[number - 1], speakers)
        title = line.mark is not None and line.mark.bare and not (line.signs or from_whom or dated) and lonely
        if (
            line.mark is None
            and not (line.hidden or line.head)
            and _heads_a_stranger(view, found[number : number + 2], speakers)
        ):
            kept.append(replace(line, mark=SpeakerMark(Speaker.UNKNOWN)))
        else:
            kept.append(replace(line, mark=None) if title else line)
    return kept


def _by_its_badge(view: PageView, line: Line, mark: SpeakerMark | None, speakers: Speakers) -> SpeakerMark | None:
    """What a line says of who speaks, with the badge in it."""
    if mark is None or mark.speaker is Speaker.UNKNOWN:
        return badged(view, line, speakers) or mark
    return mark


def _of_the_letter(
    view: PageView,
    before: Sequence[Line],
    beneath: Sequence[Line],
    addressee: SpeakerMark | None,
    speakers: Speakers,
) -> SpeakerMark | None:
    """
    Whose a letter is: the holder's name beneath the service's, and its signature below, say that it is the service's.

    Not beneath anything of the person's: they may have copied a letter that somebody got; in one article with that it
    is nobody's.
    """
    heads = [(each, each.mark) for each in before if each.mark is not None]
    if addressee is None or addressee.speaker is not Speaker.PERSON or not heads:
        return None
    if any(mark.speaker is not Speaker.SERVICE for _, mark in heads):
        around = article_of(view, heads[-1][0])
        within = around is not None and any(article_of(view, line) == around for line, _ in heads[:-1])
        return SpeakerMark(Speaker.UNKNOWN) if within else None
    marks = (speakers.mark(line.block.text) for line in beneath)
    signed = any(mark is not None and mark.speaker is Speaker.SERVICE for mark in marks)
    return replace(heads[-1][1], bare=False) if signed else None


def _heads_the_text(lines: Sequence[Line], speakers: Speakers) -> bool:
    """
    Whether a label follows the head of a message that names its author under a label: "From", "Date", "Message".

    Elsewhere "Message" stands above what the user filled in; here it is whose the head says.
    """
    head = [*takewhile(lambda line: line.hidden or line.head, reversed(lines))]
    before = lines[: len(lines) - len(head)][-2:]
    author = before[-1].mark if len(before) == 2 else None
    return author is not None and not author.is_field and _names_the_author(before[0], speakers)


def _names_the_author(label: Line, speakers: Speakers) -> bool:
    """Whether a line is the label of whom a message is from."""
    return label.hidden and speakers.names_authors(label.block.text.strip(" :"))


def _is_firm_label(view: PageView, line: Line) -> bool:
    """Whether a letterhead's word is a label for sure: a chip "Received" beside a name may be none."""
    return line.block.text.rstrip().endswith(":") or _is_label(view, line.block.node)


def _is_said(text: str) -> bool:
    """Whether a line is too long, or too much of a sentence, to be a subject or a date: beneath an empty "Subject:"."""
    return len(text) > _MOST_LETTERS_OF_A_SUBJECT or text.rstrip().endswith((".", "!", ","))


def _heads_a_stranger(view: PageView, lines: Sequence[Line], speakers: Speakers) -> bool:
    """
    Whether a name that nobody knows stands alone right above a date: what follows is neither side's.

    The harm: another person's copy of an answer would run on as the service's.
    """
    if len(lines) < 2 or not speakers.is_date(lines[1].block.text):
        return False
    node, text = lines[0].block.node, lines[0].block.text
    words = _NOT_OF_A_NAME.sub(" ", text).split()
    named = 0 < len(words) <= _MOST_WORDS_OF_A_STRANGER and all(word[0].isupper() for word in words)
    whole = (
        len(text.split()) <= _MOST_WORDS_OF_A_STRANGER + 2
        and not text.rstrip().endswith((".", "!", "?"))
        and ":" not in text
    )
    return named and whole and len(words) > 1 and node >= 0 and view.nodes[node].role != "heading"


def _follows_a_name(lines: Sequence[Line]) -> bool:
    """Whether the last line says who speaks."""
    return bool(lines) and lines[-1].mark is not None


def _closes(before: Line, line: Line) -> bool:
    """Whether a name stands where letters are signed: after "Thanks,", or beneath text of the same paragraph."""
    text = fold(before.block.text)
    closing = text.endswith(",") and len(text.split()) <= _MOST_WORDS_OF_A_CLOSING
    return before.mark is None and (closing or (not line.first and text.endswith((".", "!", "?"))))


def _signs_beneath(
    view: PageView, before: Line, line: Line, mark: SpeakerMark, beneath: Sequence[Line], speakers: Speakers
) -> bool:
    """Whether an office stands right beneath a letter's closing, in the same element, and no date with it or below."""
    undated = mark.at is None and not (mark.opens_quote or mark.is_field)
    undated = undated and not any(speakers.is_date(each.block.text) for each in beneath)
    nodes = [view.nodes[each.block.node] for each in (before, line) if each.block.node >= 0]
    beside = len(nodes) > 1 and (nodes[0].index == nodes[1].index or nodes[0].parent == nodes[1].parent)
    return undated and beside and speakers.is_office(line.block.text) and not is_heading(view, line.block.node)


def _is_label(view: PageView, node: int) -> bool:
    """Whether the page marks a text up as the label of a value."""
    if node < 0:
        return False
    tag = view.nodes[node].tag
    if tag != "TH":
        return tag in _LABELS
    return any(view.nodes[n].tag == "TD" for n in view.children.get(view.nodes[node].parent, ()))


def _author_cells(view: PageView, speakers: Speakers) -> frozenset[int]:
    """Cells of a table's column whose heading says that it names authors."""
    found: set[int] = set()
    for table in (node for node in view.shown_nodes() if node.tag == "TABLE"):
        rows = [node for node in view.within(table.index) if node.tag == "TR"]
        cells = [
            [view.nodes[n] for n in view.children.get(row.index, ()) if view.nodes[n].tag in {"TD", "TH"}]
            for row in rows
        ]
        heads = cells[0] if cells else []
        for column, head in enumerate(heads):
            if speakers.names_authors(view.text(head.index)):
                found |= {row[column].index for row in cells[1:] if len(row) == len(heads)}
    return frozenset(found)


def _facts_of_the_case(view: PageView, speakers: Speakers) -> frozenset[int]:
    """Values of a case's own data, where a list of terms names them: its product, its account. They wrote nothing."""
    found, own = set[int](), False
    for node in view.everything():
        if node.tag == "DT":
            own = facts_in(speakers.locale).fullmatch(fold_label(view.text(node.index)).strip(" :")) is not None
        elif node.tag == "DD" and own:
            found.add(node.index)
            own = False
    return frozenset(found)
