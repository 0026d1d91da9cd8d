"""The files of a recorded form with an inbox: a new flow, or what a page adds to one that is known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.authoring.pointing import id_of
from automation.authoring.writing import AnyDraft, toml_list, toml_text
from automation.core.errors import FlowError
from automation.core.observations import Field
from automation.core.signals import Wording
from automation.flow import Flow
from automation.flow.control_table import OTHER_SHAPE, ObjectionTable
from automation.flow.site import EmbeddedId
from automation.reading.form_fields import shape_of
from automation.reading.letters.sentences import Meaning
from automation.reading.threads.words import find_date
from automation.text.labels import Labels, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHAPE = "recorded"


@dataclass(frozen=True, slots=True)
class RecordedReply:
    """A message of the inbox that answers an objection, as the person read it."""

    sentence: str
    """The one that tells the decision, whole."""
    meaning: Meaning
    frame: str
    """The signature or heading that only such answers carry; empty where there is none."""
    topic: str
    """The words by which it names AI, where the flow knows none of them; empty where it does."""
    objecting: str
    """The words by which the sentence speaks of objecting, where the flow knows none of them."""
    beside: tuple[str, ...] = ()
    """What else it says that the service writes to everybody and that changes nothing."""


@dataclass(frozen=True, slots=True)
class FormDraft(AnyDraft):
    """What a person pointed at and said of a form and its inbox; nothing in it is guessed."""

    home: str
    """Address at which the service names who is signed in."""
    form_url: str
    form_title: str
    submit: str
    fields: tuple[Field, ...]
    """Of the form, with the purposes that the person gave."""
    inbox_url: str
    inbox_title: str
    items: str = ""
    """Pattern of the addresses of the inbox's messages; empty where none was pointed at, or none has an address."""
    reply: RecordedReply | None = None
    known: Flow | None = field(default=None, repr=False)
    """The flow of that name that there is already."""
    identity: EmbeddedId | None = None
    """Where the page's own data names the account, where the service's file does not say."""

    @property
    def words(self) -> tuple[tuple[str, str, str], ...]:
        """Label key, strength and text of every word of the service that was shown."""
        reply = self.reply
        found = [
            ("form.title", "names", self.form_title),
            ("form.submit", "names", self.submit),
            ("inbox.title", "names", self.inbox_title),
            *((f"field.{one.role}", "words", one.label) for one in self.fields),
        ]
        if reply is not None:
            found += [
                (f"reply.{reply.meaning}", "sentences", reply.sentence.rstrip(".!")),
                ("reply.frame", "words", reply.frame),
                ("ai.topic", "words", reply.topic),
                ("objection.words", "words", reply.objecting),
                *(
                    ("reply.neutral", "sentences", one.rstrip(".!"))
                    for text in reply.beside
                    for one in self._spelt(text)
                ),
            ]
        return tuple((key, strength, text) for key, strength, text in found if text)

    def _spelt(self, text: str) -> tuple[str, ...]:
        """A text as it stands, and without its day, which differs from person to person: so titles are read."""
        found = find_date(text, self.locale)
        return (text, found.rest) if found.dated else (text,)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every word of the service that the files give, and the sentence whole."""
        said = (self.reply.sentence, *self.reply.beside) if self.reply else ()
        return (*(text for _, _, text in self.words), *said)

    def labels(self, known: Labels) -> Labels:
        """The words that are known already, and these."""
        entries = {key: dict(table) for key, table in known.entries.items()}
        for key, strength, text in self.words:
            phrase = Phrase(text, self.key, Wording.SOURCED, self.source, strength)
            entries.setdefault(key, {})[self.key] = (*entries.get(key, {}).get(self.key, ()), phrase)
        return Labels(entries)

    @property
    def rule(self) -> ObjectionTable | None:
        """Of the known flow."""
        rule = self.known.rule if self.known is not None else None
        return rule if isinstance(rule, ObjectionTable) else None


def labels_toml(draft: FormDraft) -> str:
    """The words that the known flow does not have in this language."""
    labels = draft.known.labels if draft.known is not None else Labels({})
    entries = []
    for key, strength, text in draft.words:
        there = {phrase.text.casefold() for phrase in labels.phrases(key, draft.locale)}
        if text.casefold() not in there:
            source = toml_text(draft.source)
            entries.append(f"[[{key}.{draft.key}]]\n{strength} = [{toml_text(text)}]\nsource = {source}\n")
    return "\n".join(entries)


def flow_toml(draft: FormDraft) -> str:
    """
    The manifest: whole for a new flow, and what is not known of one that there is.

    Raises:
        FlowError: the address is made otherwise than that of the known form.
    """
    return _known_flow(draft, draft.rule) if draft.rule is not None else _new_flow(draft)


def identity_toml(place: EmbeddedId) -> str:
    """What a service's file says of who is signed in."""
    place_ = f"{{ near = {toml_text(place.near)}, field = {toml_text(place.field)} }}"
    return f"\n# Where the pages named the account that they were recorded with.\n[identity]\nembedded = [{place_}]\n"


def _new_flow(draft: FormDraft) -> str:
    form_id, path = id_of(draft.form_url)
    surfaces = {"home": (draft.home, ""), "form": (draft.form_url, ""), "inbox": (draft.inbox_url, draft.items)}
    head = f"""\
# {draft.title}: an objection by a form, answered in an inbox. Recorded from the live pages; the keys: docs/flows.md.

extends = ["temoin:declared/objection.toml"]

id = {toml_text(draft.name)}
revision = "{draft.on.isoformat()}"

[objection]
home = "home"
forms = ["form"]
inbox = "inbox"
form_ids = [{toml_text(form_id)}]
form_path = {toml_text(path)}
"""
    places = "\n".join(_surface(name, url, items, draft) for name, (url, items) in surfaces.items())
    return f"""{head}
{_shape(draft)}
{places}
[guide]
form_urls = [{toml_text(draft.form_url)}]

[guide.title]
en = {toml_text(f"{draft.title}: {draft.form_title}")}
fr = {toml_text(f"{draft.title} : {draft.form_title}")}
"""


def _known_flow(draft: FormDraft, rule: ObjectionTable) -> str:
    known = draft.known
    if known is None:  # the rule is the known flow's
        raise AssertionError
    service, _, setting = draft.name.partition(".")
    added = list(_added_places(draft, known, rule))
    shape = shape_of(draft.fields, rule.shapes, known.labels) == OTHER_SHAPE
    parts = [
        f"# What was recorded beside what {draft.name} knows.\n",
        f"extends = [{toml_text(f'temoin:{service}/{setting}/flow.toml')}]\n",
        f'id = {toml_text(draft.name)}\nrevision = "{draft.on.isoformat()}"\n',
        *added,
        *([_shape(draft)] if shape else []),
    ]
    return "\n".join(parts)


def _added_places(draft: FormDraft, known: Flow, rule: ObjectionTable) -> Iterator[str]:
    """Tables of the addresses that the known flow does not have."""
    forms = {url for name in rule.forms for url in known.surfaces[name].urls}
    if draft.form_url not in forms:
        form_id, path = id_of(draft.form_url)
        if path.partition("(")[0] and not _fits(rule, draft.form_url):
            raise FlowError(
                f"the form's address is made otherwise than that of {draft.name}",
                "Record it as a flow of another name, such as "
                f"{draft.name.partition('.')[0]}.{draft.name.partition('.')[2]}_new.",
            )
        ids = f"form_ids = [{toml_text(form_id)}]\n" if form_id not in rule.form_ids else ""
        yield f'[objection]\nforms = ["form_recorded"]\n{ids}'
        yield _surface("form_recorded", draft.form_url, "", draft)
        yield (
            '[guide.surfaces]\nform_recorded = { en = "objection form, as recorded", '
            "fr = \"formulaire d'opposition, tel qu'enregistré\" }\n"
        )
    inbox = known.surfaces[rule.inbox]
    paths = draft.items if draft.items and not any(fnmatchcase(draft.items, p) for p in inbox.paths) else ""
    urls = draft.inbox_url if draft.inbox_url not in inbox.urls else ""
    if urls or paths:
        first = urls or inbox.urls[0]
        yield (
            _surface(rule.inbox, first, paths, draft)
            if urls
            else (f"[surfaces.{rule.inbox}]\npaths = [{toml_text(paths)}]\n")
        )


def _fits(rule: ObjectionTable, url: str) -> bool:
    return re.fullmatch(rule.form_path, urlsplit(url).path) is not None


def _surface(name: str, url: str, items: str, draft: FormDraft) -> str:
    paths = f"paths = [{toml_text(items)}]\n" if items else ""
    return f"[surfaces.{name}]\nurls = [{toml_text(url)}]\n{paths}source = {toml_text(draft.source)}\n"


def _shape(draft: FormDraft) -> str:
    needs = tuple(dict.fromkeys(one.role for one in draft.fields))
    said = f'{_SHAPE} = {{ en = "as recorded", fr = "telle qu\'enregistrée" }}'
    shape = f'[[objection.shapes]]\nname = "{_SHAPE}"\nneeds = {toml_list(needs)}\n'
    return f"{shape}\n[guide.shapes]\n{said}\n"
