"""Texts that a configuration is made of, TOML and JSON, and where its values come from before pydantic reads them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource

from automation.core.errors import ConfigurationError


def parsed(text: str, path: Path) -> dict[str, Any]:
    """What a TOML text holds. Raises ConfigurationError: it is none; with the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error), re.DOTALL)
        what, line = (match[1], match[2]) if match else (str(error), None)
        line = line or str(text.count("\n") + 1)
        raise ConfigurationError(
            f"{path}:{line}: this is not TOML: {what}.",
            'Text stands in quotes (name = "…"), each account begins with [[accounts]], a comment with #.',
        ) from None


def is_json(value: str, kind: type) -> bool:
    """Whether a text is JSON of a kind."""
    try:
        return isinstance(json.loads(value), kind)
    except ValueError:
        return False


class Wrong(ValueError):
    """A value that cannot stand, and what would be right. Neither text may hold a secret."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class ConfigTable(BaseModel):
    """One table; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def not_blank(value: str) -> str:
    """A text with something in it, without the white space around."""
    if not value.strip():
        raise Wrong("this is empty.", "Fill it in, or leave the line out where it may be left out.")
    return value.strip()


@dataclass(frozen=True, slots=True, repr=False)
class RawSources:
    """What the sources are made of."""

    table: dict[str, Any]
    """`temoin.toml`, parsed."""
    plain: dict[str, str]
    """Variables other than secrets of accounts: lower-case name with prefix → value."""
    secrets: dict[str, dict[str, str]]
    """Lower-case account part of the variable's name → `username`, `password`, `totp_secret` → value."""


class PlainVariables(EnvSettingsSource):
    """Variables that were already gathered from the environment and the `.env` files."""

    def __init__(self, settings_cls: type[BaseSettings], values: Mapping[str, str]) -> None:
        self._values = values
        super().__init__(settings_cls)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return dict(self._values)


class GivenValues(PydanticBaseSettingsSource):
    """Values that need no decoding."""

    def __init__(self, settings_cls: type[BaseSettings], values: Mapping[str, Any]) -> None:
        super().__init__(settings_cls)
        self._values = values

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """One value, as pydantic asks for it."""
        del field
        return self._values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """All values."""
        return dict(self._values)
