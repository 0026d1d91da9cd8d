"""What is wrong with a value that pydantic refuses, in words of ours: its own are English, and may repeat the value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from automation.text.catalogue import N_

_RULES: Mapping[str, str] = {
    "missing": N_("it is missing"),
    "extra_forbidden": N_("no such key"),
    "bool": N_("it should be true or false"),
    "int": N_("it should be a whole number"),
    "float": N_("it should be a number"),
    "finite_number": N_("it should be a finite number"),
    "greater_than": N_("it should be more than %(gt)s"),
    "greater_than_equal": N_("it should be at least %(ge)s"),
    "less_than": N_("it should be less than %(lt)s"),
    "less_than_equal": N_("it should be at most %(le)s"),
    "string_too_short": N_("it should not be empty"),
    "string_too_long": N_("it should have %(max_length)s characters at most"),
    "string_pattern_mismatch": N_("it has characters that cannot stand here"),
    "string": N_("it should be text, in quotes"),
    "path": N_("it should be a path, in quotes"),
    "date": N_("it should be a day, such as 2027-01-31"),
    "datetime": N_("it should be a moment, such as 2027-01-31T12:00:00Z"),
    "enum": N_("it should be one of these: %(expected)s"),
    "literal_error": N_("it should be one of these: %(expected)s"),
    "too_short": N_("it should have an entry"),
    "too_long": N_("it should have %(max_length)s entries at most"),
    **dict.fromkeys(("dict", "model", "mapping", "dataclass"), N_("it should be a table")),
    **dict.fromkeys(("tuple", "list", "set", "frozen_set", "iterable"), N_("it should be a list, in brackets")),
}
"""Kind of an error, or how the names of such kinds begin, as `int` of `int_parsing` → what is said."""
_OTHERWISE = N_("it does not fit here")


def rule_of(detail: Mapping[str, Any]) -> str:
    """
    The rule that a value breaks, as the end of a sentence.

    Args:
        detail: one of pydantic's `ValidationError.errors()`. The text of a ValueError of ours is said as it is.
    """
    context = detail.get("ctx", {})
    if isinstance(context.get("error"), ValueError):
        return str(context["error"])
    kind = str(detail["type"])
    parts = kind.split("_")
    names = ("_".join(parts[:length]) for length in range(len(parts), 0, -1))
    rule = next((_RULES[name] for name in names if name in _RULES), _OTHERWISE)
    return rule % {name: _plain(value) for name, value in context.items()} if "%(" in rule else rule


def _plain(value: object) -> str:
    """A number as a person writes it; choices without the quotes and the `or` of English."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("'", "").replace(" or ", ", ")
