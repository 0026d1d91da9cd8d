"""What stands in front of a setting is told by what it is, in the words that such pages share; a setting is no wall."""

from __future__ import annotations

import pytest

from automation.core.verdicts import ChallengeKind
from automation.page import PageView
from automation.reading.walls import signed_out, wall_of
from tests.reading.outline import Part, el, page

MAIL = el("input", role="textbox", name="Email", type="email")
PASSWORD = el("input", role="textbox", name="Password", type="password")
CODE = el("input", role="textbox", name="Code", autocomplete="one-time-code")
SEARCH = el("input", role="textbox", name="Search", id="q")
SETTING = el("button", "", role="switch", name="Learn from my notes", aria_checked="false")


ASKED = el("p", "We and others use cookies. Choose which.")
ACCEPT, REJECT = el("button", "Accept"), el("button", "Reject")
NOTICE = el("div", el("h2", "We respect your privacy"), ASKED, ACCEPT, REJECT, role="dialog", name="Cookies")
TOP = el("header", el("a", "Home", href="/"), role="banner")
SKELETON = el("main", Part("h1", ("Data privacy",)), el("p", role=""))


@pytest.mark.parametrize(
    "inside",
    [
        (NOTICE, TOP, SKELETON),
        (TOP, el("main"), NOTICE),
        (el("div", ASKED, el("div", el("button", "Accept all cookies"), el("button", "Manage options"))), TOP, el("main")),
        (TOP, el("main", el("section", el("p", "Wir verwenden Cookies."), el("button", "Alle akzeptieren"), el("button", "Nur notwendige Cookies")))),
        (el("div", el("p", "Nous utilisons des cookies."), el("button", "Tout accepter"), el("a", "Continuer sans accepter", href="#")),),
        (el("div", el("p", "Usamos cookies."), el("button", "Aceptar todas"), el("button", "Rechazar todas"), role="dialog"), TOP),
    ],
)  # fmt: skip
def test_a_notice_of_cookies_is_a_wall_where_the_page_shows_nothing_else(inside: tuple[Part, ...]) -> None:
    """Whatever it is made of: only a person can answer it, and what stands behind it is not told."""
    wall = wall_of(page(*inside))
    assert wall is not None
    assert wall.kind is ChallengeKind.CONSENT


@pytest.mark.parametrize(
    "inside",
    [
        (NOTICE, TOP, el("main", el("h1", "Data privacy"))),
        (NOTICE, TOP, el("main", el("p", "Nothing to set here."))),
        (NOTICE, el("main", SETTING)),
        (TOP, el("main", el("p", "Anna invites you to her team."), ACCEPT, el("button", "Decline")), el("footer", el("a", "Cookies", href="/c"), role="contentinfo")),
        (el("main", ASKED, el("button", "OK")),),
        (el("div", ASKED, ACCEPT), el("main")),
        (ASKED, ACCEPT, REJECT),
    ],
)  # fmt: skip
def test_a_notice_of_cookies_beside_anything_else_is_no_wall(inside: tuple[Part, ...]) -> None:
    """The page behind it is told; an invitation, or a notice that asks nothing, is none."""
    assert wall_of(page(*inside)) is None


@pytest.mark.parametrize(
    ("inside", "title", "kind"),
    [
        ((el("h1", "Sign in"), MAIL, el("button", "Next")), "Accounts", None),
        ((el("h1", "Welcome"), MAIL, el("button", "Continue")), "Log in to see more", None),
        ((el("h1", "Your ideas"), el("button", "Log in")), "Chat", None),
        ((el("h1", "Se connecter"), MAIL), "Compte", None),
        ((el("h1", "Einloggen"), el("button", "Einloggen")), "Konto", None),
        ((el("p", "Verify you are human by completing the action below."),), "Just a moment...", ChallengeKind.CAPTCHA),
        ((el("p", "Vérifiez que vous êtes humain"),), "Un instant", ChallengeKind.CAPTCHA),
        ((el("h1", "Confirm access"), PASSWORD), "Confirm access", ChallengeKind.REENTER_PASSWORD),
        ((el("h2", "Verification"), el("p", "To see this, verify it’s you."), el("button", "Verify")), "", ChallengeKind.CHECKPOINT),
        ((el("h1", "Enter your code"), CODE), "", ChallengeKind.TWO_STEP),
        ((el("h1", "Before you continue to Search"), el("button", "Accept all"), el("button", "Reject all")), "", ChallengeKind.CONSENT),
        ((el("h1", "Avant de continuer"), el("button", "Tout accepter")), "", ChallengeKind.CONSENT),
    ],
)  # fmt: skip
def test_a_wall_is_told_by_what_it_asks_for(inside: tuple[Part, ...], title: str, kind: ChallengeKind | None) -> None:
    """Signing in, a CAPTCHA, the password once more, a code, proof of who one is, consent: each by its kind."""
    wall = wall_of(page(el("main", *inside), title=title))
    assert wall is not None
    assert wall.kind is kind


@pytest.mark.parametrize(
    "view",
    [
        page(el("nav", el("a", "Sign in & security", href="/s")), el("main", el("h1", "Data privacy"))),
        page(el("main", el("h1", "Settings"), SEARCH, el("button", "Get started"))),
        page(el("main", el("h1", "Sign-in activity"), el("p", "Nothing yet."))),
        page(
            el(
                "main",
                el("h1", "Account"),
                el("p", "We're verifying that you are human. This can take up to 48 hours."),
            )
        ),
        page(el("main", el("h1", "Help"), el("p", "Why we verify you are human. " + "More about that. " * 120))),
        page(el("main", el("h1", "Something went wrong"), el("button", "Try again"))),
        page(el("main", el("h1", "Account"), el("button", "Continue"))),
    ],
)
def test_a_page_that_asks_for_nothing_is_no_wall(view: PageView) -> None:
    """Pages that speak of signing in, or of proving oneself, and ask for neither."""
    assert wall_of(view) is None


def test_the_setting_of_a_visitor_is_nobodys() -> None:
    """A chat for everybody shows the same switch; it offers to sign in and to sign up, which an account's page does not."""
    sign_in, sign_up = el("button", "Log in"), el("button", "Sign up for free")
    assert signed_out(page(sign_in, sign_up, el("main", SETTING))) is not None
    assert signed_out(page(sign_in, el("main", SETTING))) is None
    assert signed_out(page(sign_up, el("main", SETTING))) is None
    assert signed_out(page(el("main", SETTING))) is None
