"""Which reads ask who is signed in, and what their answers say of the person."""

from __future__ import annotations

from typing import Any

import pytest

from automation.page.read_page import asks_who, person_in

LOU = {"email": "lou@a.example", "name": "Lou"}


@pytest.mark.parametrize(
    ("path", "asks"),
    [
        ("/api/admin/users/me/", True),
        ("/api/v4/user/me.json", True),
        ("/whoami", True),
        ("/api/currentUser", True),
        ("/api/current_user", True),
        ("/oauth2/userinfo", True),
        ("/api/auth/session", True),
        ("/api/users/", False),
        ("/api/users/17", False),
        ("/me/friends", False),
        ("/api/readme", False),
        ("/", False),
    ],
)
def test_a_read_asks_who_is_signed_in_by_the_end_of_its_address(path: str, asks: bool) -> None:
    """A word for oneself as the last part; whatever goes on from there may be others'."""
    assert asks_who(path) is asks


@pytest.mark.parametrize(
    ("answer", "person"),
    [
        (LOU, LOU),
        ({"users": [LOU]}, LOU),
        ({"status": "ok", "data": {"user": LOU}}, LOU),
        ([LOU], LOU),
        ({**LOU, "roles": [{"name": "Editor"}]}, {**LOU, "roles": [{"name": "Editor"}]}),
        ({"users": [LOU, {"email": "bob@b.example"}]}, None),
        ({"support": LOU}, {"support": LOU}),
        ({"invites": [LOU]}, {"invites": [LOU]}),
        ({"users": []}, None),
        ({}, None),
        ({"user": None}, None),
        (None, None),
        ("lou@a.example", None),
    ],
)
def test_the_person_is_found_in_the_wrapping(answer: Any, person: dict[str, Any] | None) -> None:
    """However deep the one object lies; of several, of somebody else's, or of an empty answer, nobody is meant."""
    assert person_in(answer) == person
