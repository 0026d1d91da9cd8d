"""Which account a message can concern, and what is known of its sender's domain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from automation.core.errors import FlowError
from automation.core.mail import Match, MatchBasis, SenderTrust
from automation.messaging.inbox import Addressee, match
from automation.messaging.letters import read_letter
from automation.messaging.reading import Correspondent
from tests.messaging.mailbox.letters import letter, service

if TYPE_CHECKING:
    from automation.text.labels import Labels

SENT = datetime(2026, 11, 18, 10, tzinfo=UTC)
LOU = Addressee("lou", "facebook.ai_objection", "facebook", ("Lou@atelier.example",), ("Atelier Dupont",))
ANA = Addressee("ana", "facebook.ai_objection", "facebook", ("ana@atelier.example",), ("Mairie de Brou",))


def _match(*addressees: Addressee, text: str = "Hi,", to: str = "x@y.example", named: bool = False) -> Match:
    return match(read_letter(letter(text, to=to)), addressees, product_named=named)


def test_the_address_decides() -> None:
    """A message to the address that was given for an account concerns that account, whoever is named in it."""
    found = _match(LOU, ANA, to="Lou <lou@ATELIER.example>", text="Mairie de Brou")
    assert (found.account, found.by) == ("lou", (MatchBasis.ADDRESS,))


def test_a_name_decides_where_no_address_does() -> None:
    """The owner's or Page's name, as words of its own, tells two accounts apart."""
    assert _match(LOU, ANA, text="Hello Atelier  Dupont!").account == "lou"
    assert _match(LOU, ANA, text="Hello Atelier Duponts!").accounts == ("lou", "ana")


def test_two_accounts_of_one_address_cannot_be_told_apart() -> None:
    """Where one address was given for two accounts, both are named and neither is chosen."""
    twin = Addressee("twin", "instagram.ai_objection", "instagram", LOU.addresses)
    found = _match(LOU, twin, ANA, to="lou@atelier.example")
    assert (found.account, found.accounts) == (None, ("lou", "twin"))


def test_the_only_account_is_said_to_be_the_only_one() -> None:
    """A single account is a guess with its reason, not a match by address."""
    assert _match(LOU, named=True) == Match(("lou",), (MatchBasis.PRODUCT, MatchBasis.ONLY_ACCOUNT))


def test_an_answer_is_not_older_than_its_objection() -> None:
    """A message older than the last check without objection answers none; an hour of the clocks is forgiven."""
    late, early = (
        Addressee("lou", "f.a", "f", ("lou@atelier.example",), (), SENT + timedelta(hours=hours)) for hours in (2, 0.5)
    )
    assert _match(late, to="lou@atelier.example").accounts == ()
    found = _match(early, to="lou@atelier.example")
    assert (found.account, found.objection_after) == ("lou", early.objection_after)
    assert MatchBasis.TIME in found.by


@pytest.mark.parametrize(
    ("domain", "standing"),
    [
        ("mail.example.org", SenderTrust.DECLARED),
        ("eu.mail.example.org", SenderTrust.DECLARED),
        ("notmail.example.org", SenderTrust.UNKNOWN),
        ("facebook.com", SenderTrust.OWN_HOST),
        ("support.facebook.com", SenderTrust.OWN_HOST),
        ("facebook.com.evil.example", SenderTrust.RESEMBLING),
        ("facebookmail.com", SenderTrust.RESEMBLING),
        ("faceb00k.com", SenderTrust.RESEMBLING),
        ("face-book.com", SenderTrust.RESEMBLING),
        ("fаcebook.com", SenderTrust.RESEMBLING),
        ("xn--fcebook-2fg.com", SenderTrust.RESEMBLING),
        ("evil.example", SenderTrust.UNKNOWN),
        ("", SenderTrust.UNKNOWN),
    ],
)  # fmt: skip
def test_a_domain_is_known_only_where_somebody_said_so(labels: Labels, domain: str, standing: SenderTrust) -> None:
    """Declared domains and the service's own hosts are known; what only looks like them is told as such."""
    assert service(labels, senders=("mail.example.org",)).standing(domain) is standing


def test_a_short_name_is_not_seen_everywhere(labels: Labels) -> None:
    """A service called x is not resembled by every domain with an x in it."""
    short = service(labels, id="x", name="X", hosts=("x.com",))
    assert short.standing("example.org") is SenderTrust.UNKNOWN
    assert short.standing("x.evil.example") is SenderTrust.RESEMBLING


def test_a_service_says_its_senders_in_its_own_file(labels: Labels) -> None:
    """`[mail]` of site.toml and the user's configuration add up; a wrong key is named."""
    import flows

    site = flows.load()["facebook.ai_objection"].site
    assert Correspondent.of(site, labels, ["Mail.example.org"]).standing("mail.example.org") is SenderTrust.DECLARED
    assert Correspondent.of(site, labels).senders == (), "no source knows from where Meta writes"
    from dataclasses import replace

    with pytest.raises(FlowError, match=r"site\.toml of facebook: mail\.sender"):
        Correspondent.of(replace(site, tables={"mail": {"sender": []}}), labels)


def test_tags_and_deliveries_lead_to_the_account() -> None:
    """Mail to a tagged address is the plain one's, unless that very address was given; without any, delivery tells."""
    tagged = Addressee("tag", "facebook.ai_objection", "facebook", ("lou+meta@atelier.example",))
    assert _match(LOU, ANA, to="lou+news@atelier.example").account == "lou"
    assert _match(LOU, tagged, to="lou+meta@atelier.example").account == "tag"
    message = read_letter(letter("Hi,", to="undisclosed-recipients:;"))
    found = match(message, (LOU, ANA), product_named=False, delivered=("ana@atelier.example",))
    assert (found.account, found.by) == ("ana", (MatchBasis.DELIVERY,))
    elsewhere = match(read_letter(letter(to="x@y.example")), (LOU, ANA), product_named=False, delivered=LOU.addresses)
    assert elsewhere.account is None, "an address that it names outweighs where it ended"
