"""What a `site.toml` says to the guard: written wrong it is refused with place and remedy; patterns; Quora's reads."""

from __future__ import annotations

import copy
import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.core.errors import FlowError
from automation.guard import Allow, GuardPolicy, Phase, decide
from automation.guard.spelling import Patterns, most_specific
from tests.guard.builders import FLOWS, HOSTILE, JSON, a_request, site_policy


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


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("*.example.org", "a.example.org", True),
        ("*.example.org", "a.b.example.org", True),
        ("*.example.org", "example.org", False),
        ("*.example.org", "aexample.org", False),
        ("*.example.org", "a.example.org.evil.net", False),
        ("*.example.org", "a.exampleXorg", False),
        ("/login/*", "/login/", True),
        ("/login/*", "/loginx/", False),
        ("/a?b", "/axb", False),
        ("[ab]", "a", False),
        ("*Query", "AQuery\n", False),
        ("*Query", "A\nQuery", True),
    ],
)
def test_a_star_is_the_only_wildcard(pattern: str, text: str, *, fits: bool) -> None:
    """`*` stands for anything, all else for itself, and the whole text has to fit."""
    assert Patterns((pattern,)).fit(text) is fits


@given(st.text())
def test_an_empty_list_fits_nothing(text: str) -> None:
    """No pattern means no, never everything."""
    assert not Patterns().fit(text)


@given(st.text(alphabet="ab.", min_size=1))
def test_a_pattern_without_star_fits_itself_alone(text: str) -> None:
    """A dot is a dot."""
    assert Patterns((text,)).fit(text)
    assert not Patterns((text,)).fit(text + "a")


def test_a_host_itself_wins_over_wildcards() -> None:
    """A map may send one host elsewhere than its siblings."""
    patterns = ["*.example.org", "a.example.org", "*.b.example.org"]
    assert most_specific(patterns, "a.example.org") == "a.example.org"
    assert most_specific(patterns, "x.b.example.org") == "*.b.example.org"
    assert most_specific(patterns, "c.example.org") == "*.example.org"
    assert most_specific(patterns, "example.org") is None


ADDRESS = "https://www.quora.com/graphql/gql_para_POST"


def asked(body: dict[str, object], named: str = "") -> str:
    """The rule that lets a request through, or `no: ` and the reason."""
    request = a_request("POST", f"{ADDRESS}?q={named}" if named else ADDRESS, json.dumps(body), headers=JSON)
    decision = decide(site_policy("quora"), Phase.CHECK, request)
    return decision.rule if isinstance(decision, Allow) else f"no: {decision.reason}"


def persisted(name: str) -> dict[str, object]:
    """A body as public clients send it."""
    return {"queryName": name, "variables": {"uid": 7}, "extensions": {"hash": "0" * 64}}


@pytest.mark.parametrize("name", ["UserProfileQuestionsList_Questions_Query", "SettingsPrivacyPageQuery"])
def test_a_read_leaves(name: str) -> None:
    """A page gets its data: the name ends in its kind, and the address repeats it."""
    assert asked(persisted(name), name) == "operation"
    assert asked(persisted(name)) == "operation"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("settingsPrivacy_updateLlm_Mutation", "operation_mutation"),
        ("UserFollowMutationQuery", "operation_mutation"),
        ("facebookAutoLogin_Query", "operation_acts"),
        ("logImpressionQuery", "operation_acts"),
        ("markNotificationSeen_Query", "operation_acts"),
        ("settingsPrivacy", "operation_unknown"),
        ("notifications_Subscription", "operation_subscription"),
    ],
)
def test_what_acts_or_is_not_known_to_read_stays(name: str, reason: str) -> None:
    """Quora's reads and writes share one address; an action is not let through because its name ends in Query."""
    assert asked(persisted(name), name) == f"no: {reason}"


def test_a_name_that_is_told_twice_is_told_alike() -> None:
    """A read in the body and a write in the address is neither."""
    assert asked(persisted("SettingsPrivacyPageQuery"), "settingsPrivacy_Mutation") == "no: operation_mismatch"
    assert asked({"variables": {}}, "SettingsPrivacyPageQuery") == "no: operation_unnamed"
    assert asked({**persisted("SettingsPrivacyPageQuery"), "query": "{ me { id } }"}) == "no: operation_as_text"
