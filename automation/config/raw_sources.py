"""Where the configuration's values come from, before pydantic reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource


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
