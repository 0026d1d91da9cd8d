"""What Quora's pages may ask by POST: reads by their names, told alike in body and address, and nothing that acts."""

from __future__ import annotations

import json

import pytest

from automation.guard import Allow, Phase, decide
from tests.guard.builders import JSON, a_request, site_policy

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
