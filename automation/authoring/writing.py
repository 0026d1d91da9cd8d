"""The files of a recorded flow, and what a further language adds to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.authoring.pointing import Proposal
from automation.flow.control_table import Meaning
from automation.text.labels import ANY

if TYPE_CHECKING:
    from automation.flow.recorded_page import Recording

_CALLED = {"trains": "used for training", "protects": "kept out of training"}


@dataclass(frozen=True, slots=True)
class AnyDraft:
    """What every draft says of itself."""

    name: str
    """`service.setting`."""
    title: str
    """The service as a person writes it."""
    locale: str
    """The language that the page declares; empty where it declares none."""
    on: date

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


@dataclass(frozen=True, slots=True)
class Draft(AnyDraft):
    """What a person pointed at and said; nothing in it is guessed."""

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
    unnamed: bool = True
    """Whether nothing says how the service names who is signed in."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every word of the service that the files give."""
        shown = () if self.control.two_states else tuple(self.meaning)
        given = (self.control.label, self.control.description, self.section, *self.reveal, *shown)
        return tuple(text for text in given if text)


def site_toml(title: str, url: str, hosts: tuple[str, ...], sign_in: tuple[str, ...]) -> str:
    """
    The file of a service that is not known yet.

    Args:
        title: the service as a person writes it.
        url: where it is at home.
        hosts: what its pages need.
        sign_in: paths that signing in sends to.
    """
    may_send = f"\n[guard.sign_in]\npaths = {toml_list(sign_in)}\n" if sign_in else ""
    return f"""\
# {title}: what its settings share. The tables: docs/flows.md and docs/guard.md.

extends = ["temoin:declared/site.toml"]
name = {toml_text(title)}
hosts = {toml_list(hosts)}

[sign_in]
url = {toml_text(url)}
home = {toml_text(url)}
{may_send}"""


def known_site_toml(shipped: str) -> str:
    """The file of a service that comes with Témoin, for flows of one's own; `shipped` is its folder's name."""
    return f'# What is known of this service already.\n\nextends = ["temoin:{shipped}/site.toml"]\n'


def flow_toml(draft: Draft) -> str:
    """The manifest."""
    shared = ["temoin:declared/control.toml", *(["temoin:declared/unnamed.toml"] if draft.unnamed else [])]
    reveal = f"reveal = {toml_list(tuple(_keys('way', draft.reveal)))}\n" if draft.reveal else ""
    described = 'description = "control.description"\n' if draft.control.description else ""
    good = next(state for state, meaning in draft.meaning.items() if meaning == "protects")
    label = draft.control.label
    if draft.control.two_states:
        verb = "Activez" if good == "on" else "Désactivez"
        act_en, act_fr = f'Turn "{label}" {good} yourself.', f"{verb} vous-même « {label} »."
    else:
        act_en, act_fr = f'Set "{label}" to "{good}" yourself.', f"Réglez vous-même « {label} » sur « {good} »."
    return f"""\
# {draft.title}: {label}. Recorded from the live page; the keys: docs/flows.md.

extends = {toml_list(tuple(shared))}

id = {toml_text(draft.name)}
revision = "{draft.on.isoformat()}"

[control]
kind = "{draft.control.kind}"
surfaces = ["setting"]
{reveal}{described}{_meanings(draft)}\
# Words and address stood on the page; what the states mean is one person's reading.
confidence = {{ address = "H", label = "H", meaning = "M" }}
sources = [{toml_text(draft.source)}]

[surfaces.setting]
urls = [{toml_text(draft.url)}]
source = {toml_text(draft.source)}

[guide]
form_urls = [{toml_text(draft.url)}]

[guide.title]
en = {toml_text(f"{draft.title}: {label}")}
fr = {toml_text(f"{draft.title} : {label}")}

[guide.remedies.not_objected]
en = {toml_list(("Sign in with this account and open the address below.", act_en, "Run the check again."))}
fr = {toml_list(("Connectez-vous avec ce compte et ouvrez l'adresse ci-dessous.", act_fr, "Relancez la vérification."))}
"""


def _meanings(draft: Draft) -> str:
    if draft.control.two_states:
        return f'on = "{draft.meaning["on"]}"\n'
    pairs = zip(_keys("value", tuple(draft.meaning)), draft.meaning.values(), strict=True)
    return f"values = {{ {', '.join(f'{toml_text(key)} = {toml_text(meaning)}' for key, meaning in pairs)} }}\n"


def labels_toml(draft: Draft, values: tuple[str, ...] | None = None) -> str:
    """
    The words of one language; further languages are added behind them.

    Args:
        draft: what is recorded.
        values: the words in the order in which the manifest has its values; the draft's own without it.
    """
    control = draft.control
    shown = () if control.two_states else values if values is not None else tuple(draft.meaning)
    words = [("control.label", control.label), ("control.description", control.description),
             ("control.section", draft.section), *zip(_keys("way", draft.reveal), draft.reveal, strict=True),
             *zip(_keys("value", shown), shown, strict=True)]  # fmt: skip
    entries = []
    for key, text in words:
        if text:
            seen = f"said by a person on {draft.on.isoformat()}, not seen on the page"
            source = seen if text in draft.told else draft.source
            entries.append(f"[[{key}.{draft.key}]]\nnames = [{toml_text(text)}]\nsource = {toml_text(source)}\n")
    return "\n".join(entries)


def replica_toml(draft: Draft) -> str:
    """What the made-up pages show, which play every way to mislead; the recorded page itself stands beside it."""
    fragment = urlsplit(draft.url).fragment
    shown = f"fragment = {toml_text(fragment)}\n" if fragment and not draft.reveal else ""
    good = draft.meaning.get("on") == "protects"
    polarity = f"on_is_good = {str(good).lower()}\n" if draft.control.two_states else ""
    return f"""\
# What the stand-in shows: the words that a person recorded. The keys: docs/replica.md.

addresses = [{toml_text(draft.url)}]
style = "{draft.control.style}"
{polarity}{shown}
{replica_words(draft)}"""


def replica_words(draft: Draft) -> str:
    """The stand-in's words of one language."""
    locale = draft.locale or "en"
    lines = [f"[words.{locale}]", f"heading = {toml_text(draft.section)}", f"label = {toml_text(draft.control.label)}"]
    if not draft.control.two_states:
        first = {meaning: next(v for v, m in draft.meaning.items() if m == meaning) for meaning in _CALLED}
        lines += [f"good = {toml_text(first['protects'])}", f"bad = {toml_text(first['trains'])}"]
    if draft.control.style == "menu_button":
        lines += ['text = "What it is for"', 'action = "Change this setting"']
    if draft.reveal:
        lines.append(f"reveal = {toml_list(draft.reveal)}")
    return "\n".join([*lines, f"source = {toml_text(draft.source)}", ""])


def recording_toml(recording: Recording) -> str:
    """The table of a recorded page."""
    reason = f"reason = {toml_text(recording.reason)}\n" if recording.reason else ""
    pages = "".join(
        f"\n[[pages]]\nurl = {toml_text(page.url)}\nstatus = {page.status}\nfile = {toml_text(page.file)}\n"
        for page in recording.pages
    )
    return f"""\
# What the live page showed, without the account that it was recorded with: docs/replay.md.

date = {recording.date.isoformat()}
locale = {toml_text(recording.locale)}
source = {toml_text(recording.source)}
verdict = "{recording.verdict}"
{reason}{pages}"""


def _keys(stem: str, words: tuple[str, ...]) -> list[str]:
    return [f"{stem}.{chr(ord('a') + number)}" for number in range(len(words))]


def toml_text(text: str) -> str:
    """A TOML string; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_list(texts: tuple[str, ...]) -> str:
    """A TOML array of strings."""
    return f"[{', '.join(map(toml_text, texts))}]"
