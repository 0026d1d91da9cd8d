"""A `site.toml` that the guard cannot use is refused with place and remedy."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest

from automation.core.errors import FlowError
from automation.guard import GuardPolicy
from tests.guard.builders import FLOWS, HOSTILE


def changed(path: str, value: object) -> dict[str, Any]:
    """The hostile site's tables with one value changed; `path` is dotted."""
    tables = copy.deepcopy(HOSTILE)
    *parents, last = path.split(".")
    place = tables
    for parent in parents:
        place = place[parent]
    place[last] = value
    return tables


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("hosts", [], "hosts:"),
        ("hosts", ["*"], "hosts.0: a host is written like"),
        ("hosts", ["https://site.test"], "hosts.0: a host is written like"),
        ("hosts", ["*.site.*"], "hosts.0: a host is written like"),
        ("hosts", ["Site.test"], "hosts.0: a host is written like"),
        ("hosts", "site.test", "hosts:"),
        ("guard.reed_paths", ["/read"], "guard.reed_paths: no such key"),
        ("guard.read_paths", ["read"], "guard.read_paths.0: a path begins with '/'"),
        ("guard.read_paths", ["/*"], "guard.read_paths.0: a path begins with '/'"),
        ("guard.read_paths", ["*"], "guard.read_paths.0: a path begins with '/'"),
        ("guard.get_deny.query", ["action"], "guard.get_deny.query.0: a query pattern is written"),
        ("guard.operations.read", ["*"], "guard.operations.read.0: a pattern of names"),
        ("guard.operations.name_headers", ["X-Name"], "guard.operations.name_headers.0: a header is named"),
        ("guard.operations.paths", [], "guard.operations.paths:"),
        ("guard.operations.never_ids", ["0666"], "guard.operations.never_ids.0: a number has no zero"),
        ("guard.operations.never_ids", ["6 66"], "guard.operations.never_ids.0: a number has no zero"),
        ("guard.operations.acts", ["useRequest*"], "guard.operations.acts.0: a pattern of words"),
        ("guard.operations.acts", ["*"], "guard.operations.acts.0: a pattern of words"),
        ("guard.sign_in.path", ["/login/"], "guard.sign_in.path: no such key"),
    ],
)
def test_a_wrong_value_is_named(path: str, value: object, words: str) -> None:
    """The message says which key is wrong and how it is written; patterns for anything are no patterns."""
    with pytest.raises(FlowError) as caught:
        GuardPolicy.parse(changed(path, value))
    assert words in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("missing", ["hosts", "guard"])
def test_both_tables_must_be_there(missing: str) -> None:
    """Without hosts or a guard table nothing is guessed."""
    tables = {name: table for name, table in HOSTILE.items() if name != missing}
    with pytest.raises(FlowError, match=f"{missing}: it is missing"):
        GuardPolicy.parse(tables)


def test_tables_of_others_are_left_alone() -> None:
    """The same file may hold what the reader and the sign-in need."""
    assert GuardPolicy.parse({**HOSTILE, "landmarks": {"a": 1}, "sign_in": {"url": "x"}}) == GuardPolicy.parse(HOSTILE)


@pytest.mark.parametrize(
    ("place", "key", "value", "named"),
    [
        ("by_person", "operations", ["*Submit*Mutation"], "useCometSupportFormSubmitMutation"),
        ("", "operations", ["CustomSupportFormInnerSubmitMutation"], "CustomSupportFormInnerSubmitMutation"),
        ("", "paths", ["/ajax/help/*"], "/ajax/help/contact/submit/page"),
    ],
)
def test_signing_in_cannot_be_given_what_files_the_objection(
    place: str, key: str, value: list[str], named: str
) -> None:
    """A rule for signing in that fits a declared submit is an error that names it, before any browser starts."""
    tables = tomllib.loads((FLOWS / "facebook" / "site.toml").read_text())
    sign_in = tables["guard"]["sign_in"]
    (sign_in[place] if place else sign_in)[key] = value
    with pytest.raises(FlowError, match="sign_in would let through what submit declares") as caught:
        GuardPolicy.parse(tables)
    assert named in caught.value.message
