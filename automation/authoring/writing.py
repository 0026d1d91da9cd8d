"""
The files of a flow: of a new setting, ready to be filled in, and of what a person recorded.

A setting that one control shows is one file; a form with an inbox has its words in a file of their own. What is
recorded of a flow that there is adds its words, addresses and pages to it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlsplit

from automation.authoring.pointing import Proposal, id_of
from automation.core.errors import FlowError, OutputError
from automation.core.observations import Field
from automation.core.signals import Wording
from automation.flow import Flow
from automation.flow.control_table import OTHER_SHAPE, Meaning, ObjectionTable
from automation.flow.one_file import STYLES
from automation.flow.recorded_page import Recording
from automation.flow.site import EmbeddedId
from automation.reading.form_fields import shape_of
from automation.reading.letters.sentences import Meaning as Answer
from automation.reading.threads.words import find_date
from automation.text.labels import ANY, TO_FILL_IN, Labels, Phrase

HEAD = "# The service's words as a person saw them. The keys: docs/flows.md.\n\n"
_SHAPE = "recorded"
_OF_PATTERNS = re.compile(r"[…(]|\{(?!(?:name|link|address)\})")
"""What a sentence in a file of labels does not take for itself; `without_names` writes the three names."""


@dataclass(frozen=True, slots=True)
class AnyDraft:
    """What every draft says of itself."""

    name: str
    """`service.setting`."""
    title: str
    """The service as a person writes it."""
    locale: str
    """The language that the page declares; empty where it declares none."""
    on: dt.date

    @property
    def source(self) -> str:
        """Where all of it is from."""
        return f"recorded by a person on {self.on.isoformat()}, {self.locale or 'a page without a language'}"

    @property
    def key(self) -> str:
        """The language as label tables name it."""
        return self.locale or ANY

    @property
    def stem(self) -> str:
        """How the recording's files are called."""
        return f"{self.key}-{self.on.isoformat()}"

    @property
    def texts(self) -> tuple[str, ...]:
        """Every word of the service that the files give."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Draft(AnyDraft):
    """What a person pointed at and said of one control; nothing in it is guessed."""

    url: str
    """Address of the page, without a query."""
    control: Proposal
    section: str
    meaning: Mapping[str, Meaning]
    """`on` and `off`, or every value, as the service writes it → what it means."""
    reveal: tuple[str, ...] = ()
    """What has to be pressed before the control shows, in order."""
    told: frozenset[str] = field(default=frozenset())
    """Values that the person named and the page did not show."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every word of the service that the files give."""
        shown = () if self.control.two_states else tuple(self.meaning)
        given = (self.control.label, self.control.description, self.section, *self.reveal, *shown)
        return tuple(text for text in given if text)


@dataclass(frozen=True, slots=True)
class RecordedReply:
    """A message of the inbox that answers an objection, as the person read it."""

    sentence: str
    """The one that tells the decision, whole."""
    meaning: Answer
    frame: str
    """The signature or heading that only such answers carry; empty where there is none."""
    topic: str
    """The words by which it names AI, where the flow knows none of them; empty where it does."""
    objecting: str
    """The words by which the sentence speaks of objecting, where the flow knows none of them."""
    beside: tuple[str, ...] = ()
    """What else it says that the service writes to everybody and that changes nothing, with `{name}` and `{link}`."""

    def __post_init__(self) -> None:
        """Raises FlowError: one of its sentences would be read as a pattern, which other words fit as well."""
        found = (_OF_PATTERNS.search(text) for text in (self.sentence, *self.beside))
        if mark := next(filter(None, found), None):
            raise FlowError(
                f"a sentence of this message holds “{mark[0]}”, which stands for other words in the file of a flow",
                "Start again with a message that does without it.",
            )


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
        found = [
            ("form.title", "names", self.form_title),
            ("form.submit", "names", self.submit),
            ("inbox.title", "names", self.inbox_title),
            *((f"field.{one.role}", "words", one.label) for one in self.fields),
        ]
        if reply := self.reply:
            found += [
                (f"reply.{reply.meaning}", "sentences", reply.sentence.rstrip(".!")),
                ("reply.frame", "words", reply.frame),
                ("ai.topic", "words", reply.topic),
                ("objection.words", "words", reply.objecting),
            ]
            for text in reply.beside:
                dated = find_date(
                    text, self.locale
                )  # the day differs from person to person, so titles are read without
                for spelt in (text, dated.rest) if dated.dated else (text,):
                    found.append(("reply.neutral", "sentences", spelt.rstrip(".!")))
        return tuple((key, strength, text) for key, strength, text in found if text)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every word of the service that the files give, and the sentence whole."""
        said = (self.reply.sentence, *self.reply.beside) if self.reply else ()
        return (*(text for _, _, text in self.words), *said)

    def labels(self, known: Labels) -> Labels:
        """The words that are known already, and these."""
        for key, strength, text in self.words:
            phrase = Phrase(text, self.key, Wording.SOURCED, self.source, strength)
            known = known.and_also(key, self.key, (phrase,))
        return known


# -- one control: one file -----------------------------------------------------------------------------------

_SETTING = """\
# {title}: a setting that one control shows. The keys: docs/flows.md.

id = {id}
revision = "{on}"

[control]
kind = "{kind}"  # switch, checkbox, select, radio, menu_button, state_button
{means}# How well the sources know each: H, M or L. A weak label or meaning is shown and never judged.
confidence = {{ address = "{sure}", label = "{sure}", meaning = "M" }}

[setting]
{service}address = {address}
source = {source}
{style}
# The service's own words, letter by letter.
{words}"""
_MEANS = 'on = "{}"  # what "on" means: trains or protects; the other kinds have values in [setting.words] instead\n'
_SERVICE = """\
service = {}
# Every host that the service's own pages need, those of its scripts and pictures too; nothing else is reached.
hosts = {}
"""


def scaffold(name: str, folder: Path, url: str = "") -> Path:
    """
    Write the file of a new setting, which works at once and marks what is to be filled in; the file.

    Args:
        name: `service.setting`.
        folder: of flows of one's own.
        url: of the page that shows the setting; an address that cannot exist where it is not known yet.

    Raises:
        FlowError: the flow is there already, or the address is none.
        OutputError: the file cannot be written.
    """
    service, setting = name.split(".")
    address = url or f"https://www.{service.replace('_', '-')}.example/settings/privacy"
    parts = urlsplit(address)
    host = ".".join((parts.hostname or "").split(".")[-2:])
    if parts.scheme != "https" or "." not in host or '"' in address:
        raise FlowError(f"'{url}' is no address of a page", "Give it whole, such as https://www.example.org/settings.")
    home = folder / service / setting
    if home.exists():
        raise FlowError(f"{home}: is there already", "Choose another name or folder; nothing was written.")
    title = service.replace("_", " ").title()
    control = Proposal("switch", "Use my content to train AI models", "", (), (), "", "role")
    draft = Draft(name, title, "en", dt.datetime.now(dt.UTC).date(), address, control, "Privacy", {"on": "trains"})
    known = (home.parent / "site.toml").exists()
    service_table = "" if known else _SERVICE.format(_toml(title), _toml([host, f"*.{host}"]))
    try:
        home.mkdir(parents=True)
        text = setting_toml(draft, sure="M", source=TO_FILL_IN, service=service_table)
        (home / "flow.toml").write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{home}: cannot be written ({error.strerror or error})", "Choose another folder.") from None
    return home / "flow.toml"


def setting_toml(draft: Draft, *, sure: str = "H", source: str = "", service: str = "") -> str:
    """The file of a setting; `sure` says how well address and label are known, `service` what no `site.toml` does."""
    control = draft.control
    return _SETTING.format(
        title=draft.title, id=_toml(draft.name), on=draft.on, kind=control.kind, sure=sure, service=service,
        means=_MEANS.format(draft.meaning["on"]) if control.two_states else "", address=_toml(draft.url),
        source=_toml(source or draft.source), words=words_toml(draft),
        style="" if control.style == STYLES.get(control.kind, control.kind) else f'style = "{control.style}"\n',
    )  # fmt: skip


def words_toml(draft: Draft) -> str:
    """The words of one language; further languages are added behind them."""
    control = draft.control
    seen = f"said by a person on {draft.on.isoformat()}, not seen on the page"
    words: dict[str, object] = {"label": control.label, "section": draft.section, "description": control.description}
    for key, meaning in (("good", "protects"), ("bad", "trains")) if not control.two_states else ():
        values = (value for value, means in draft.meaning.items() if means == meaning)
        words[key] = [{"text": value, "source": seen} if value in draft.told else value for value in values]
    words["reveal"] = draft.reveal
    return _table(f"setting.words.{draft.key}", {key: value for key, value in words.items() if value})


# -- a form with an inbox ------------------------------------------------------------------------------------


def labels_toml(draft: FormDraft) -> str:
    """The words that the known flow does not have in this language."""
    labels = draft.known.labels if draft.known is not None else Labels({})
    return "\n".join(
        _table(f"[{key}.{draft.key}]", {strength: (text,), "source": draft.source})
        for key, strength, text in draft.words
        if text.casefold() not in {phrase.text.casefold() for phrase in labels.phrases(key, draft.locale)}
    )


def form_toml(draft: FormDraft) -> str:
    """
    The manifest of a form: whole for a new flow, and what is not known of one that there is.

    Raises:
        FlowError: the address is made otherwise than that of the known form.
    """
    known = draft.known
    form_id, path = id_of(draft.form_url)
    if known is not None and isinstance(known.rule, ObjectionTable):
        tables = list(_added(draft, known, known.rule))
        head = f"# What was recorded beside what {draft.name} knows."
        above = f"temoin:{draft.name.replace('.', '/')}/flow.toml"
    else:
        objection = {"home": "home", "forms": ("form",), "inbox": "inbox", "form_ids": (form_id,), "form_path": path}
        tables = [
            _table("objection", objection),
            *_shape(draft),
            *(_surface(draft, name, url) for name, url in (("home", draft.home), ("form", draft.form_url))),
            _surface(draft, "inbox", draft.inbox_url, draft.items),
            _table("guide", {"form_urls": (draft.form_url,)}),
            _table(
                "guide.title", {"en": f"{draft.title}: {draft.form_title}", "fr": f"{draft.title} : {draft.form_title}"}
            ),
        ]
        head = f"# {draft.title}: an objection by a form, answered in an inbox. The keys: docs/flows.md."
        above = "temoin:declared/objection.toml"
    first = _table("", {"extends": (above,), "id": draft.name, "revision": draft.on.isoformat()})
    return "\n".join([f"{head}\n", first, *tables])


def _added(draft: FormDraft, known: Flow, rule: ObjectionTable) -> Iterator[str]:
    """Tables of the addresses and the shape that the known flow does not have."""
    if draft.form_url not in {url for name in rule.forms for url in known.surfaces[name].urls}:
        form_id, path = id_of(draft.form_url)
        if path.partition("(")[0] and re.fullmatch(rule.form_path, urlsplit(draft.form_url).path) is None:
            raise FlowError(
                f"the form's address is made otherwise than that of {draft.name}",
                "Record it as a flow of another name, such as "
                f"{draft.name.partition('.')[0]}.{draft.name.partition('.')[2]}_new.",
            )
        ids = {"form_ids": (form_id,)} if form_id not in rule.form_ids else {}
        yield _table("objection", {"forms": ("form_recorded",), **ids})
        yield _surface(draft, "form_recorded", draft.form_url)
        said = {"en": "objection form, as recorded", "fr": "formulaire d'opposition, tel qu'enregistré"}
        yield _table("guide.surfaces", {"form_recorded": said})
    inbox = known.surfaces[rule.inbox]
    items = "" if any(fnmatchcase(draft.items, pattern) for pattern in inbox.paths) else draft.items
    if draft.inbox_url not in inbox.urls:
        yield _surface(draft, rule.inbox, draft.inbox_url, items)
    elif items:
        yield _table(f"surfaces.{rule.inbox}", {"paths": (items,)})
    if shape_of(draft.fields, rule.shapes, known.labels) == OTHER_SHAPE:
        yield from _shape(draft)


def _surface(draft: FormDraft, name: str, url: str, items: str = "") -> str:
    paths = {"paths": (items,)} if items else {}
    return _table(f"surfaces.{name}", {"urls": (url,), **paths, "source": draft.source})


def _shape(draft: FormDraft) -> tuple[str, str]:
    needs = tuple(dict.fromkeys(one.role for one in draft.fields))
    said = {"en": "as recorded", "fr": "telle qu'enregistrée"}
    return _table("[objection.shapes]", {"name": _SHAPE, "needs": needs}), _table("guide.shapes", {_SHAPE: said})


# -- a service, and a recording ------------------------------------------------------------------------------


def site_toml(title: str, url: str, hosts: tuple[str, ...], sign_in: tuple[str, ...]) -> str:
    """The file of a service that is not known yet, at home at `url`; signing in sends to the paths `sign_in`."""
    first = {"extends": ("temoin:declared/site.toml",), "name": title, "hosts": hosts}
    tables = [_table("", first), _table("sign_in", {"url": url, "home": url})]
    tables += [_table("guard.sign_in", {"paths": sign_in})] if sign_in else []
    return f"# {title}: what its settings share. The tables: docs/flows.md and docs/guard.md.\n\n" + "\n".join(tables)


def known_site_toml(shipped: str) -> str:
    """The file of a service that comes with Témoin, for flows of one's own; `shipped` is its folder's name."""
    return f'# What is known of this service already.\n\nextends = ["temoin:{shipped}/site.toml"]\n'


def identity_toml(place: EmbeddedId) -> str:
    """What a service's file says of who is signed in."""
    named = _table("identity", {"embedded": ({"near": place.near, "field": place.field},)})
    return f"\n# Where the pages named the account that they were recorded with.\n{named}"


def recording_toml(recording: Recording) -> str:
    """The table of a recorded page."""
    head = "# What the live page showed, without the account that it was recorded with: docs/replay.md.\n"
    said = recording.model_dump(include={"date", "locale", "source", "verdict"})
    reason = {"reason": recording.reason} if recording.reason else {}
    return "\n".join([head, _table("", said | reason), *(_table("[pages]", dict(page)) for page in recording.pages)])


def _table(name: str, values: Mapping[str, object]) -> str:
    """A TOML table; `name` in brackets of its own for an entry of a list, empty for a file's own keys."""
    lines = [f"[{name}]"] if name else []
    return "\n".join([*lines, *(f"{key} = {_toml(value)}" for key, value in values.items()), ""])


def _toml(value: object) -> str:
    """A value as TOML writes it; JSON's escapes of a text are TOML's."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_toml(one)}' for key, one in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, int | dt.date):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
