"""
`looks.toml`: what people said that sealed pictures show, kept beside `temoin.toml` and written out for people to read.

Nothing is ever taken out of it: a look that was revoked stays, with who revoked it and when. What was confirmed with
earlier versions (`words.toml`) is read as looks, and goes on counting until somebody revokes it; so is, as imported,
what a folder of flows brings (`SERVICE/looks.toml`).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.dataclasses import dataclass

from automation.core.errors import ConfigurationError, FlowError
from automation.core.looks import Look, ShownKind
from automation.flow.confirmed import NAME as WORDS
from automation.flow.confirmed import confirmed_looks
from automation.flow.manifest import Flow
from automation.text.catalogue import N_, rule_of
from automation.text.normalizing import fold

NAME = "looks.toml"
SCHEMA: Literal["temoin.looks/1"] = "temoin.looks/1"
_HEAD = f"""# What people said that pictures of sealed evidence show: docs/looks.md.
# Written by `temoin look`. To take one back: temoin look revoke ID
schema = "{SCHEMA}"
"""
SIGNATURE = "\n[signature]\n"
"""Before what signs a file that was exported."""
_SHORTEST_VALUE = 3
_OF_LETTERS = {N_("a number"): re.compile(r"\d"), N_("an address of a page"): re.compile(r"https?:|www\.")}
_OF_ALL = {N_("an e-mail address"): re.compile(r"\w@\w")}
_COMPANY_WIDE = frozenset({ShownKind.LETTER, ShownKind.FORM})
"""What a company sends from all its services; a list or a control belongs to the pages of one."""


@dataclass(frozen=True, slots=True)
class KeptLook:
    """A look, and whether it was taken back."""

    look: Look
    revoked_by: str = ""
    revoked_at: datetime | None = None
    """Aware, UTC; None while it counts."""
    shipped: bool = False
    """Whether a folder of flows brought it: it stands in no file of the user's own before they take it back."""

    @property
    def counts(self) -> bool:
        """Whether nobody took it back."""
        return self.revoked_at is None


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class _Entry(Look):
    """A look as the file spells it."""

    id_: Annotated[str, Field(alias="id")]
    locale: str = ""
    lines: Annotated[tuple[tuple[str, ...], ...], Field(min_length=1)]
    at: AwareDatetime
    bundle: str = ""
    revoked_by: str = ""
    revoked_at: AwareDatetime | None = None

    def kept(self) -> KeptLook:
        values = {one.name: getattr(self, one.name) for one in fields(Look)}
        look = Look(**{**values, "at": self.at.astimezone(UTC)})
        if look.id != self.id_:
            raise ValueError(f"{self.id_}: its lines are not those that were looked at")
        return KeptLook(look, self.revoked_by, self.revoked_at.astimezone(UTC) if self.revoked_at else None)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    schema_: Literal["temoin.looks/1"] = Field(alias="schema")
    looks: tuple[_Entry, ...] = ()


def parse_looks(text: str, where: object) -> tuple[KeptLook, ...]:
    """
    The looks of a TOML text, in its order; `where` names it in what is raised.

    Raises:
        FlowError: it is wrong; names the place.
    """
    remedy = "Correct it, or bring it back from a copy. It was left as it is."
    try:
        return tuple(entry.kept() for entry in _File.model_validate(tomllib.loads(text)).looks)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise FlowError(f"{where}: {place}: {rule_of(first)}", remedy) from None
    except ValueError as error:  # what is no TOML, and a look whose lines were changed
        raise FlowError(f"{where}: cannot be read ({error})", remedy) from None


def read_looks(file: Path, folders: Iterable[Path] = ()) -> tuple[KeptLook, ...]:
    """
    All looks, those that were taken back among them; none where there is no file.

    Folders of flows may bring looks at their own services, for everybody; those of a user's own a `words.toml` of an
    earlier version, too.

    Raises:
        FlowError: a file is wrong; names it and the place.
    """
    found = parse_looks(_text_of(file), file) if file.exists() else ()
    seen = {kept.look.id for kept in found}
    others = [KeptLook(look) for folder in folders for look in confirmed_looks(folder / WORDS)]
    others += [
        one
        for folder in folders
        for path in sorted(folder.glob(f"*/{NAME}"))
        for one in shipped_looks(path)
        if is_of_service(one.look, path.parent.name) and is_for_everybody(one.look)
    ]
    return (*(kept for kept in others if kept.look.id not in seen), *found)


def shipped_looks(file: Path) -> tuple[KeptLook, ...]:
    """
    The looks that a service's folder of flows brings, in a file as `temoin look export` writes it.

    Such a file names no person, so the file itself stands for who looked: `SERVICE/looks.toml`.

    Raises:
        FlowError: the file is wrong; names it and the place.
    """
    kept = (one for one in parse_looks(_text_of(file).partition(SIGNATURE)[0], file) if one.counts)
    place = f"{file.parent.name}/{file.name}"
    return tuple(KeptLook(replace(k.look, by=k.look.by or place, imported=True), shipped=True) for k in kept)


def is_of_service(look: Look, service: str) -> bool:
    """Whether a look is at this service's pages: a folder of flows speaks for no other."""
    return look.flow.partition(".")[0] == service


def is_for_everybody(look: Look) -> bool:
    """Whether a look holds for every account that is shown the same, with nothing that one person added."""
    return not (look.subject or look.stand_in or look.files)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FlowError(f"{file}: cannot be read ({error})", "Correct its permissions.") from None


def looks_text(looks: Iterable[KeptLook]) -> str:
    """The text of a file that holds these looks."""
    own = (kept for kept in looks if not (kept.shipped and kept.counts))
    return _HEAD + "".join(f"\n[[looks]]\n{_table(kept)}" for kept in own)


def personal_in(look: Look, known: Iterable[str] = ()) -> str | None:
    """What kind of personal data a look to be shared holds, by what is `known` of the user's accounts; None: none."""
    lines = [fold(line) for group in look.lines for line in (*group, look.state)]
    patterns = {**_OF_ALL, **(_OF_LETTERS if look.kind is ShownKind.LETTER else {})}
    for kind, pattern in patterns.items():
        if any(pattern.search(line) for line in lines):
            return kind
    values = [fold(value) for value in known if len(value.strip()) >= _SHORTEST_VALUE]
    named = any(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", line) for value in values for line in lines)
    return N_("a name or number of one of the accounts") if named else None


def revoked(looks: Iterable[KeptLook], number: str, *, by: str, at: datetime) -> tuple[KeptLook, ...]:
    """
    The same looks, one of them taken back.

    Raises:
        ConfigurationError: none that counts has this number.
    """
    found = tuple(looks)
    if not any(kept.look.id == number and kept.counts for kept in found):
        raise ConfigurationError(f'"{number}" is the number of no look that counts', "`temoin look list` shows them.")
    back = (replace(kept, revoked_by=by, revoked_at=at) if kept.counts and kept.look.id == number else kept
            for kept in found)  # fmt: skip
    return tuple(back)


def with_looks_of(flows: Mapping[str, Flow], looks: Iterable[Look]) -> dict[str, Flow]:
    """The flows with these looks: each with those at its own pages, and at letters and forms of the same company."""
    known = tuple(looks)

    def counting(flow: Flow) -> tuple[Look, ...]:
        return tuple(
            look
            for look in known
            if look.flow == flow.id or (look.kind in _COMPANY_WIDE and _same_company(flows.get(look.flow), flow))
        )

    return {name: replace(flow, looks=counting(flow)) for name, flow in flows.items()} if known else dict(flows)


def _same_company(one: Flow | None, other: Flow) -> bool:
    """Whether two flows share the words in which their company answers."""
    words = other.labels.entries.get("reply.accepted")
    return one is not None and bool(words) and one.labels.entries.get("reply.accepted") == words


def _table(kept: KeptLook) -> str:
    look = kept.look
    said = {one.name: getattr(look, one.name) for one in fields(look) if one.name != "lines"}
    values = {"id": look.id, **said, "revoked_by": kept.revoked_by, "revoked_at": kept.revoked_at}
    given = {key: value for key, value in values.items() if value or key == "by"}
    plain = "".join(f"{key} = {_value(value)}\n" for key, value in given.items())
    groups = ("  [\n" + "".join(f"    {_value(line)},\n" for line in group) + "  ],\n" for group in look.lines)
    return f"{plain}lines = [\n{''.join(groups)}]\n"


def _value(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return "true" if value else "false"
    # A basic string of TOML, and an array of them, is JSON's but for one letter.
    plain = list(value) if isinstance(value, tuple) else str(value)
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")
