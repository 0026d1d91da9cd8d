"""How far a page shows that signing in has come, and what it asks for: from its address, words and data alone."""

from __future__ import annotations

import json

import pytest

from automation.core.verdicts import ChallengeKind, Reason
from automation.flow import Flow
from automation.page import Node, PageView
from automation.reading.walls import challenge_of
from automation.session.attended import Seen, Stage, stage_of
from automation.text.page_words import PageWords

ME, OTHER = "100080000000001", "100080000000002"
SESSION = {"c_user": ME, "xs": "token"}


def a_view(path: str, text: str = "", named: str | None = None, *, password: bool = False) -> PageView:
    """A page of Facebook with some text, and an id in its embedded data."""
    nodes = [Node(0, -1, 0, "HTML", 1, {"lang": "en"}, shown=True)]
    if text:
        nodes.append(Node(1, 0, 0, "P", 2, shown=True, block=True))
        nodes.append(Node(2, 1, 0, "#text", 3, text=text, shown=True))
    if password:
        nodes.append(Node(len(nodes), 0, 0, "INPUT", 9, {"type": "password"}, role="textbox", shown=True))
    scripts = (json.dumps(["CurrentUserInitialData", [], {"ACCOUNT_ID": named}, 270]),) if named else ()
    return PageView(f"https://www.facebook.com{path}", "", tuple(nodes), scripts)


@pytest.mark.parametrize(
    ("view", "cookies", "seen"),
    [
        (a_view("/login/", password=True), {}, Seen(Stage.LOGIN)),
        (a_view("/", named="0"), {}, Seen(Stage.LOGIN)),
        (a_view("/two_step_verification/two_factor/"), {}, Seen(Stage.CHALLENGE, ChallengeKind.TWO_STEP)),
        (a_view("/checkpoint/1/", named=ME), SESSION, Seen(Stage.CHALLENGE, ChallengeKind.CHECKPOINT)),
        (a_view("/help/contact/1/", named=ME, password=True), SESSION,
         Seen(Stage.CHALLENGE, ChallengeKind.REENTER_PASSWORD)),
        (a_view("/x/"), SESSION, Seen(Stage.NAMELESS)),
        (a_view("/", named=OTHER), {"c_user": OTHER, "xs": "token"}, Seen(Stage.SOMEBODY_ELSE)),
        (a_view("/", named=OTHER), SESSION, Seen(Stage.SOMEBODY_ELSE)),
        (a_view("/", named=ME), {"c_user": OTHER, "xs": "token"}, Seen(Stage.SOMEBODY_ELSE)),
        (a_view("/two_factor/remember_browser/", named=ME), SESSION, Seen(Stage.DONE)),
        (a_view("/", named=ME), {**SESSION, "i_user": "6157"}, Seen(Stage.DONE)),
        (a_view("/", named=ME), SESSION, Seen(Stage.DONE)),
    ],
)  # fmt: skip
def test_it_ends_only_where_all_that_names_somebody_names_the_account(
    view: PageView, cookies: dict[str, str], seen: Seen, flows: dict[str, Flow]
) -> None:
    """A session alone is not enough, nor is a name on the page; one other name anywhere is somebody else."""
    flow = flows["facebook.ai_objection"]
    assert stage_of(view, 200, cookies, flow.site, flow.labels, ME) == seen


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("/two_step_verification/two_factor/", "", "two_step"),
        ("/two_step_verification/authentication/", "", "captcha"),
        ("/accounts/login/two_factor", "", "two_step"),
        ("/auth_platform/afad/", "", "approve"),
        ("/auth_platform/codesubmit/", "", "mail_code"),
        ("/auth_platform/codeentry/", "Enter the code from your app", "two_step"),
        ("/auth_platform/codeentry/", "Enter the code we sent to your email address", "mail_code"),
        ("/auth_platform/recaptcha/", "", "captcha"),
        ("/auth_platform/challengepicker/", "", "choice"),
        ("/recover/code/", "", "mail_code"),
        ("/recover/initiate/", "", "recovery"),
        ("/checkpoint/disabled", "", "suspended"),
        ("/account_disabled/", "", "suspended"),
        ("/accounts/suspended/", "", "suspended"),
        ("/checkpoint/1501092823525282/", "", "checkpoint"),
        ("/checkpoint/601051028565049/", "", "automated"),
        ("/checkpoint/1501092823525282/", "We suspect automated behaviour on your account", "automated"),
        ("/challenge/action/AbCd/", "", "checkpoint"),
        ("/challenge/action/AbCd/", "We suspect automated behavior on your account", "automated"),
        ("/x/checkpoint/", "", "checkpoint"),
        ("/nt/screen/", "", "checkpoint"),
        ("/privacy/consent/user_cookie_choice/", "", "consent"),
        ("/help/contact/1/", "Please wait a few minutes before you try again.", "rate_limit"),
        ("/help/contact/1/", "We suspended your account", "suspended"),
        ("/help/contact/1/", "We suspect automated behaviour on your account", None),
        ("/", "Check your email", None),
    ],
)
def test_what_a_page_asks_for(path: str, text: str, kind: str | None, flows: dict[str, Flow]) -> None:
    """Address and words tell the kind; words that are only assumed count nowhere but on a page that asks anyway."""
    flow = flows["facebook.ai_objection"]
    found = challenge_of(a_view(path, text), 200, flow.site, PageWords.of(flow.labels, "en"))
    assert (found.value if found else None) == kind


@pytest.mark.parametrize("status", [429, 999])
def test_too_many_requests_need_no_words(flows: dict[str, Flow], status: int) -> None:
    """The status alone says that a pause is wanted."""
    flow = flows["facebook.ai_objection"]
    assert challenge_of(a_view("/"), status, flow.site, PageWords.of(flow.labels, "en")) is ChallengeKind.RATE_LIMIT


def test_every_kind_belongs_to_a_reason_that_a_person_owns() -> None:
    """Whatever is asked for, it is `needs_human`; all such reasons but those about who is signed in have a kind."""
    assert all(kind.reason.verdict.value == "needs_human" for kind in ChallengeKind)
    about_whom = {
        Reason.LOGIN_REQUIRED, Reason.WRONG_ACCOUNT, Reason.ACTING_AS_PAGE, Reason.IDENTITY_UNCONFIRMED,
    }  # fmt: skip
    needing = {reason for reason in Reason if reason.verdict.value == "needs_human"}
    assert {kind.reason for kind in ChallengeKind} == needing - about_whom
