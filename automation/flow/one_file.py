"""
A setting in one file: `[setting]` of a `flow.toml`, from which words, guide, service and stand-in follow.

It names the service, the address, the source and the words of each language once; `flows/declared/setting.toml` says
the rest. A `site.toml`, `labels.toml` or `replica.toml` beside it says more, and wins where both say something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from automation.core.errors import FlowError
from automation.text.catalogue import LANGUAGES, rule_of
from automation.text.labels import merge_tables, read_tables, shipped_folder

SETTING = "setting"
STYLES = {"switch": "role", "checkbox": "input"}
"""Kind of a control → how the stand-in makes it; the others are made as they are called."""
_PLACE = re.compile(r"\{(\w+)\}")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OwnSource(_Table):
    """A text with a source of its own."""

    text: str
    source: str


class SettingWords(_Table):
    """What the page shows in one language."""

    label: str = Field(min_length=1)
    section: str
    """The heading or landmark that holds the control."""
    description: str = ""
    """Text that belongs to its name and identifies it as well."""
    good: tuple[str | OwnSource, ...] = ()
    """The values that keep content out of training, of all kinds but switches and checkboxes."""
    bad: tuple[str | OwnSource, ...] = ()
    reveal: tuple[str, ...] = ()
    """What has to be pressed before the control shows, in order."""
    source: str = ""
    """Where the words of this language are from; the setting's own source without it."""


class Setting(_Table):
    """The table `[setting]`. Without an address it only adds words to the other files of its flow."""

    service: str = ""
    """The service as a person writes it; without it, its `site.toml` says what the service is."""
    address: str = ""
    hosts: tuple[str, ...] = ()
    """What the service's pages need; the address's own domain without it."""
    style: str = ""
    """How the control is made, in the words of `replica.toml`."""
    source: str = ""
    words: dict[str, SettingWords] = Field(min_length=1)
    """By language."""

    @classmethod
    def parse(cls, table: Any, where: Path) -> Setting:
        """
        Check the table.

        Raises:
            FlowError: naming the file and the key.
        """
        try:
            return cls.model_validate(table)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, (SETTING, *first["loc"])))
            raise FlowError(f"{where}: {key}: {rule_of(first)}", "Correct that key.") from None

    @model_validator(mode="after")
    def _addressed(self) -> Self:
        """A service that is named here has no `site.toml` to say where its setting stands."""
        if self.service and not self.address:
            missing = InitErrorDetails(type="missing", loc=("address",), input=self.service)
            raise ValidationError.from_exception_data(SETTING, [missing])
        return self

    def site(self, file: Path) -> dict[str, Any]:
        """
        The tables of the service: what its own `site.toml` says, over what follows from this table.

        Raises:
            FlowError: neither says which service it is; names the file.
        """
        if not (self.service and self.address):
            return read_tables(file)
        host = ".".join((urlsplit(self.address).hostname or "").split(".")[-2:])
        own = {
            "name": self.service,
            "hosts": list(self.hosts or (host, f"*.{host}")),
            "sign_in": {"url": self.address, "home": self.address},
        }
        return merge_tables(merge_tables(_declared("site"), own), read_tables(file) if file.is_file() else {})

    def manifest(self, own: Mapping[str, Any], site: Mapping[str, Any]) -> dict[str, Any]:
        """The tables of the manifest: what `flow.toml` itself says, over what follows from this table."""
        if not self.address:
            return dict(own)
        control = own.get("control", {})
        first = next(iter(self.words.values()))
        follows: dict[str, Any] = {}
        if first.description:
            follows["description"] = "control.description"
        if first.reveal:
            follows["reveal"] = _ways(first)
        if first.good:
            follows["values"] = {"value.good": "protects", "value.bad": "trains"}
        template = _declared(SETTING)
        acts = template.pop("acts")["value" if first.good else "on" if control.get("on") == "protects" else "off"]
        values = {"service": str(site.get("name", "")), "address": self.address, "source": self.source}
        for language in LANGUAGES:
            said = self.words.get(language, first)
            words = {"label": said.label, "good": _text(said.good[0]) if said.good else ""}
            values |= {f"label_{language}": said.label, f"act_{language}": _filled(acts[language], words)}
        filled = _filled(template, values)
        filled["control"] = {**filled["control"], **follows}
        shared = (
            _declared("control") if site.get("identity") else merge_tables(_declared("control"), _declared("unnamed"))
        )
        return merge_tables(shared, _over(filled, own))

    def labels(self, there: Mapping[str, Any], control: Mapping[str, Any]) -> dict[str, Any]:
        """The tables of `labels.toml` as they are there, with these words under the keys that the control names."""
        found = dict(there)
        for language, said in self.words.items():
            for key, texts in _entries(said, control):
                for text, source in ((_text(one), _source(one, said.source or self.source)) for one in texts):
                    tables: Any = [{"names": [text], "source": source}]
                    for part in (language, *reversed(key.split("."))):
                        tables = {part: tables}
                    found = merge_tables(found, tables)
        return found

    def stand_in(self, control: Mapping[str, Any]) -> dict[str, Any]:
        """The tables of `replica.toml` that follow."""
        kind = control.get("kind", "")
        fragment = urlsplit(self.address).fragment
        shown: dict[str, Any] = {"addresses": [self.address], "style": self.style or STYLES.get(kind, kind)}
        if "on" in control:
            shown["on_is_good"] = control["on"] == "protects"
        if fragment and not any(said.reveal for said in self.words.values()):
            shown["fragment"] = fragment
        return {
            **shown,
            "words": {language: self._shown(said, shown["style"]) for language, said in self.words.items()},
        }

    def _shown(self, said: SettingWords, style: str) -> dict[str, Any]:
        words: dict[str, Any] = {
            "heading": said.section,
            "label": said.label,
            "source": said.source or self.source,
            "reveal": said.reveal,
        }
        if said.good and said.bad:
            words |= {"good": _text(said.good[0]), "bad": _text(said.bad[0])}
        if style == "menu_button":
            words |= {"text": "What it is for", "action": "Change this setting"}  # untold: a made-up page
        return words


def stand_in_tables(folder: Path) -> dict[str, Any]:
    """
    What a setting's stand-in shows, by its `replica.toml` and by `[setting]` of its flow; empty without both.

    Raises:
        FlowError: naming the file, and the key where that is wrong.
    """
    own, flow = folder / "replica" / "replica.toml", folder / "flow.toml"
    tables = read_tables(own) if own.is_file() else {}
    whole = read_tables(flow) if flow.is_file() else {}
    if SETTING not in whole:
        return tables
    shown = Setting.parse(whole[SETTING], flow).stand_in(whole.get("control", {}))
    return {**shown, **tables, "words": {**shown["words"], **tables.get("words", {})}}


def _entries(said: SettingWords, control: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str | OwnSource, ...]]]:
    """Key of words → the words."""
    yield control.get("label", "control.label"), (said.label,)
    yield control.get("section", "control.section"), (said.section,)
    if said.description:
        yield control.get("description") or "control.description", (said.description,)
    yield from zip(control.get("reveal") or _ways(said), ((step,) for step in said.reveal), strict=False)
    values: Mapping[str, str] = control.get("values", {})
    for meaning, texts in (("protects", said.good), ("trains", said.bad)):
        key = next((key for key, means in values.items() if means == meaning), "")
        if texts and key:
            yield key, texts


def _ways(said: SettingWords) -> list[str]:
    return [f"way.{chr(ord('a') + number)}" for number in range(len(said.reveal))]


def _text(said: str | OwnSource) -> str:
    return said if isinstance(said, str) else said.text


def _source(said: str | OwnSource, usual: str) -> str:
    return usual if isinstance(said, str) else said.source


def _declared(name: str) -> dict[str, Any]:
    return read_tables(shipped_folder() / "declared" / f"{name}.toml")


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    """The same with every `{name}` in its texts replaced; in one pass, as a value may hold braces of its own."""
    if isinstance(template, str):
        return _PLACE.sub(lambda found: values[found[1]], template)
    if isinstance(template, Mapping):
        return {key: _filled(value, values) for key, value in template.items()}
    return [_filled(value, values) for value in template] if isinstance(template, list) else template


def _over(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    """Tables with those of `high` over them; a list replaces a list."""
    both = {key: _over(low[key], high[key]) for key in low.keys() & high.keys() if isinstance(low[key], Mapping)}
    return {**low, **high, **both}
