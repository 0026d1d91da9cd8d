"""What all tables of the configuration have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


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
