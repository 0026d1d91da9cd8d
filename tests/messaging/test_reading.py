"""What a message says: with the label tables of the real flow, whose words come from docs/sources.md."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from automation.core.errors import FlowError
from automation.core.mail import AnswerKind, MailDoubt, Match, MatchBasis, Origin, SenderTrust
from automation.messaging.inbox import Addressee, match
from automation.messaging.letters import read_letter
from automation.messaging.reading import Correspondent, Understood, names_subject, speaks_of_objecting, understand
from automation.text.labels import Labels
from tests.messaging.mail import ACCEPTED, ACCEPTED_PUBLIC, letter, multipart, service

SIGNED = "\n\nPrivacy Operations\n"


def _read(service: Correspondent, text: str, **more: str) -> Understood | None:
    return understand(read_letter(letter(text, **more)), service)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind", "assumed"),
    [
        (ACCEPTED, "accepted", False),
        (ACCEPTED_PUBLIC + SIGNED, "accepted", False),
        ("Hola,\n\nVamos a aceptar tu objeción.\n\nIA en Meta" + SIGNED, "accepted", False),
        ("Ciao,\n\nLa tua richiesta verrà applicata d'ora in avanti.\n\nIA di Meta" + SIGNED, "accepted", False),
        ("Bonjour,\n\nNous avons refusé votre opposition.\n\nIA chez Meta" + SIGNED, "refused", True),
        ("Bonjour,\n\nNous examinons actuellement votre opposition.\n\nIA chez Meta" + SIGNED, "pending", True),
        ("Hallo,\n\nwir haben deinen Widerspruch abgelehnt.\n\nKI bei Meta" + SIGNED, "refused", True),
        ("Hello,\n\nWe are still reviewing your objection.\n\nAI at Meta" + SIGNED, "pending", True),
    ],
)
def test_known_words_are_understood_in_their_language(
    facebook: Correspondent, text: str, kind: str, assumed: bool
) -> None:
    """Known words classify a message, also where it does not say its language; assumed ones are told as such."""
    subject = "La tua opposizione" if "Ciao" in text else "Your objection"
    found = _read(facebook, text, subject=subject)
    assert found is not None
    assert (found.kind.value, found.origin, found.assumed) == (kind, Origin.DIRECT, assumed)
    assert {signal.name for signal in found.signals} >= {f"reply.{kind}", "reply.about_ai", "reply.frame"}
    assert all(signal.source for signal in found.signals if signal.wording.value != "none")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Bonjour,\n\nVotre opposition est prise en compte.\n\nIA chez Meta" + SIGNED, "words_not_known"),
        ("Hei,\n\nVastalauseesi on hyväksytty. AI at Meta" + SIGNED, "words_not_known"),
        (ACCEPTED.replace("objection.", "objection if you confirm your age."), "words_not_known"),
        (ACCEPTED.replace("This means", "However, we do not consider it complete. This means"), "not_plain"),
        ("If we accept it, we will honor your objection." + SIGNED, "words_not_known"),
        (ACCEPTED + "\nIf you live outside the European Union, your objection will not be read.\n", "not_plain"),
        (ACCEPTED + "\nWe cannot honor your objection.\n", "not_plain"),
        ("We're reviewing your request.\n\nAI at Meta" + SIGNED, "not_about_objecting"),
        ("We will honor your objection." + SIGNED, "not_about_ai"),
        (ACCEPTED.replace("www.facebook.com", "www.facebook.com.evil.example"), "not_about_ai"),
        (ACCEPTED.replace("https://www.facebook.com", "http://www.facebook.com"), "not_about_ai"),
    ],
)
def test_what_is_not_plain_is_left_to_a_person(facebook: Correspondent, text: str, why: str) -> None:
    """Unknown words, conditions, contradictions, other subjects and foreign links leave a message unclassified."""
    subject = {"not_about_objecting": "Your request"}.get(why, "Your objection")
    found = _read(facebook, text, subject=subject)
    assert found is not None
    assert (found.kind, found.why.value) == (AnswerKind.UNCLASSIFIED, why)


@pytest.mark.parametrize(
    ("sender", "kind", "why"),
    [
        ("Meta <noreply@facebookmail.com>", "accepted", "known_words"),
        ("Meta <noreply@example.org>", "unclassified", "no_frame"),
    ],
)
def test_a_sender_of_the_service_is_a_frame(facebook: Correspondent, sender: str, kind: str, why: str) -> None:
    """Where neither subject nor signature says whose answer it is, the sender's domain does, which a signature proves."""
    found = _read(facebook, "We will honor your objection. AI at Meta", subject="Hello", sender=sender)
    assert found is not None
    assert (found.kind.value, found.why.value) == (kind, why)


@pytest.mark.parametrize(
    ("text", "subject"), [("You have 3 new friends.", "News from Facebook"), ("Your code is 123456.", "Facebook code")]
)
def test_other_mail_is_no_answer(facebook: Correspondent, text: str, subject: str) -> None:
    """What does not speak of objecting is not an answer at all, whoever sent it."""
    assert _read(facebook, text, subject=subject) is None


@pytest.mark.parametrize(
    ("text", "subject", "origin"),
    [
        (f"FYI\n\n---- Forwarded message ----\nFrom: Meta\n\n{ACCEPTED}", "Your objection", "forwarded"),
        (ACCEPTED, "Fwd: Your objection", "forwarded"),
        ("Is this true?\n\n> We will honor your objection.\n> Privacy Operations\n", "Re: hello", "quoted"),
        (f"Is this true?\n\nOn Wed, 18 Nov 2026, Meta wrote:\n\n{ACCEPTED}", "Re: Your objection", "quoted"),
    ],
)
def test_what_is_passed_on_is_never_the_answer(facebook: Correspondent, text: str, subject: str, origin: str) -> None:
    """A forwarded message and a quotation are told as such, and never classified, whatever words they carry."""
    found = _read(facebook, text, subject=subject)
    assert found is not None
    assert (found.kind, found.origin.value) == (AnswerKind.UNCLASSIFIED, origin)
    assert any(signal.name == "reply.accepted" for signal in found.signals), "what it carries is shown"


@pytest.mark.parametrize("line", ["", "If you send us a reply, it won't be received.\n"])
def test_an_answer_may_name_its_page_without_a_scheme_and_say_that_nobody_reads_replies(
    facebook: Correspondent, line: str
) -> None:
    """Letters often write an address as people do; what becomes of a reply says nothing about the decision."""
    assert "https://" in ACCEPTED
    found = _read(facebook, f"{ACCEPTED.replace('https://', '')}\n\n{line}")
    assert found is not None
    assert found.kind is AnswerKind.ACCEPTED


def test_an_answer_may_quote_the_request_below(facebook: Correspondent) -> None:
    """The person's own words below the service's answer do not get in its way."""
    found = _read(facebook, f"{ACCEPTED}\nOn Tue, 17 Nov 2026, Lou wrote:\n> I object. I do not agree to AI.\n")
    assert found is not None
    assert found.kind is AnswerKind.ACCEPTED


def test_both_texts_must_say_the_same(facebook: Correspondent) -> None:
    """A message whose formatted text says yes and whose plain text says something else is believed in neither."""
    lines = (*ACCEPTED.strip().split("\n\n"), "AI at Meta")
    html = "".join(f"<p>{line}</p>" for line in lines).replace("\n", "<br>")
    same = understand(read_letter(multipart(ACCEPTED, html)), facebook)
    assert same is not None
    assert same.kind is AnswerKind.ACCEPTED
    for other in ("Your friends miss you.", "We have refused your objection. AI at Meta" + SIGNED):
        found = understand(read_letter(multipart(other, html)), facebook)
        assert found is not None
        assert (found.kind, found.why) == (AnswerKind.UNCLASSIFIED, MailDoubt.VERSIONS_DIFFER)


def test_hidden_words_do_not_count(facebook: Correspondent) -> None:
    """Words that a person does not see make no answer."""
    html = f'<p>We speak of your objection. AI at Meta</p><div style="display:none">{ACCEPTED}</div>'
    found = _read(facebook, html, content_type="text/html; charset=utf-8")
    assert found is not None
    assert found.kind is AnswerKind.UNCLASSIFIED


def test_a_message_without_text_is_told_by_its_subject(facebook: Correspondent) -> None:
    """A message of pictures only is no reason to say that there was no answer."""
    found = _read(facebook, "", content_type="image/png")
    assert found is not None
    assert (found.kind, found.why) == (AnswerKind.UNCLASSIFIED, MailDoubt.UNREADABLE)
    assert _read(facebook, "", content_type="image/png", subject="Happy birthday") is None


def test_a_subject_tells_what_may_be_about_it(facebook: Correspondent) -> None:
    """Subjects in the languages of the sources are noticed; everyday ones are not."""
    for subject in ("Your objection", "Votre opposition", "Dein Widerspruch", "Tu objeción", "La tua opposizione"):
        assert speaks_of_objecting(subject, facebook.words()), subject
    for subject in ("Invoice 4711", "Réunion de mardi", "Contest of the week", "New friends"):
        assert not speaks_of_objecting(subject, facebook.words()), subject
    assert names_subject(read_letter(letter("Facebook", sender="x@y.example")), facebook)
    assert not names_subject(read_letter(letter("I object to the invoice.", sender="x@y.example")), facebook)


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
