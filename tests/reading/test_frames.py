"""
The sourced sentence of an acceptance in the frames in which a company writes it, and what undoes it within the frame.

The sentence is from docs/sources.md; the frames are nobody's: any letter may have them.
"""

from __future__ import annotations

import pytest

from automation.page import Block
from automation.reading.letter import letter_in
from automation.reading.meanings import Meaning
from automation.reading.replies import read_text
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from automation.text.templates import whole
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, REFUSED, day, message, said

CORE = "we will honor your objection"
FRAMES = (
    "I'm writing to let you know that {core}.",
    "We're writing to confirm that {core}.",
    "This message is to let you know that {core}.",
    "This email confirms that {core}.",
    "We're pleased to confirm that {core}.",
    "We're happy to confirm {core}.",
    "We'd like to confirm that {core}.",
    "We can now confirm that {core}.",
    "You'll be glad to know that {core}.",
    "Please accept this as confirmation that {core}.",
    "It's our decision that {core}.",
    "We've decided that {core}.",
    "We have concluded that {core}.",
    "As you asked, {core}.",
    "For the reasons set out below, {core}.",
    "Based on the information you've provided, {core}.",
    "Our privacy team has looked at your request and {core}.",
    "With effect from today, {core}.",
)
WHOLE = (
    "We will now honor your objection.",
    "Meta Platforms Ireland will honor your objection.",
    "Your objection has now been reviewed and honored.",
    "Your objection has been reviewed and will be honored.",
    "We've reviewed your objection and it will be honored.",
    "We've looked at your objection and are honoring it.",
    "We will honor your objection request.",
    "We will honor your objection for your Facebook and Instagram accounts.",
    "We will honor your objection for all accounts in your Accounts Center.",
    "We will honor your objection, which means that we won't use your posts and comments to develop and improve AI.",
    "We will honor your objection, except where other people share information about you.",
    "We will honor your objection. Please note that it may take a few days until this takes effect.",
    "This is about your request from 24 October 2026. We will honor your objection.",
    "We will honor your objection. It can take up to two weeks for your objection to be applied across all our systems.",
)
NOT_WHOLE = (
    "We're writing to let you know that we will honor your objection if you confirm your address.",
    "We'd like to confirm that we will honor your objection once your account is verified.",
    "It's our decision that we will honor your objection only in part.",
    "We've decided that we will honor your objection to ads.",
    "We can't confirm that we will honor your objection.",
    "We have not decided that we will honor your objection.",
    "We haven't yet concluded that we will honor your objection.",
    "You told us we've decided that we will honor your objection.",
    "If we've concluded that we will honor your objection, you will hear from us.",
    "Please don't take this as confirmation that we will honor your objection.",
    "We will honor your objection for all accounts in your sister's Accounts Center.",
    "We will honor your objection, which means that we won't use your posts, but your photos will still be used for AI.",
    "We will honor your objection, which means that we may still use your posts to train AI.",
    "We will honor your objection for your Facebook and Instagram accounts except for photos.",
    "We will honour your right to object.",
    "If our decision remains the same, we will honor your objection.",
    "We can't yet tell you whether our decision stands: we will honor your objection.",
    "Should our specialists confirm our answer, we will honor your objection.",
    "We will honor your objection for your Facebook and Instagram accounts in Germany.",
    "We will honor your objection for your Facebook and Instagram accounts: photos only.",
    "We will honor your objection for every account in your Accounts Center with more than 100 posts.",
    "We will honor your objection, meaning that we won't use your posts for AI image generation.",
    "We will honor your objection, except where you share posts.",
    "We will honor your objection. It may take a few days until our decision on it.",
)


@pytest.mark.parametrize("text", [*(frame.format(core=CORE) for frame in FRAMES), *WHOLE])
def test_a_sourced_acceptance_is_read_in_any_frame(meta_labels: Labels, text: str) -> None:
    """What stands before it changes nothing, and neither does what it brings about."""
    assert said(meta_labels, message(OFFICE, day(2), text)) == {Meaning.ACCEPTED}


@pytest.mark.parametrize("text", NOT_WHOLE)
def test_a_frame_that_undoes_it_is_no_acceptance(meta_labels: Labels, text: str) -> None:
    """A condition, a part of it, another subject, or nobody's word."""
    assert Meaning.ACCEPTED not in said(meta_labels, message(OFFICE, day(2), text))


@pytest.mark.parametrize(
    ("first", "then", "meaning"),
    [
        (REFUSED, "Our earlier reply no longer applies. We will honor your objection.", Meaning.ACCEPTED),
        (REFUSED, "We've reopened your request and we're reviewing it again.", Meaning.PENDING),
        (REFUSED, "Your request has been reopened. We'll write to you when we've finished.", Meaning.PENDING),
        (ACCEPTED, "Our message of October 2 was sent by mistake. We're still reviewing your objection.", Meaning.PENDING),
        (REFUSED, "We've looked at your objection again. Our decision remains the same.", Meaning.REFUSED),
        (REFUSED, "We looked at it once more and our decision hasn't changed: your objection stays rejected.", Meaning.REFUSED),
        (ACCEPTED, "Our decision stands.", Meaning.ACCEPTED),
        (REFUSED, "Please tell us how this affects you so that we can review your objection.", Meaning.MORE_INFORMATION),
        (ACCEPTED, "Please send us a copy of your ID.", None),
        (REFUSED, "We're reviewing your objection.", None),
        (ACCEPTED, "We're reviewing your objection.", None),
        (ACCEPTED, "Our last message was sent by mistake.", None),
        (ACCEPTED, "We've received your objection.", Meaning.ACCEPTED),
        (REFUSED, "We've changed our decision and will now honor your objection. This replaces our message of 2 October.", Meaning.ACCEPTED),
        (REFUSED, "We've withdrawn our previous decision and are reviewing your objection afresh. You'll receive our decision here.", Meaning.PENDING),
        (ACCEPTED, "We're not able to honor your objection. Please disregard our previous message.", Meaning.REFUSED),
        (REFUSED, "We will honor your objection. Please disregard our previous message.", Meaning.ACCEPTED),
        (ACCEPTED, "Please disregard our previous message.", None),
        (ACCEPTED, "We're not able to honor your objection. Please don't ignore our previous message.", None),
        (REFUSED, "We will honor your objection. Please disregard our previous message of 2 October, but send us your ID.", None),
        (REFUSED, "We've changed our decision and will now honor your objection if you confirm your address.", None),
        (ACCEPTED, "This replaces our message of 2 October.", None),
    ],
)  # fmt: skip
def test_the_latest_word_counts(meta_labels: Labels, first: str, then: str, meaning: Meaning | None) -> None:
    """What was decided is open again only where the service says so; where it may be, nothing is said."""
    asked = message(OWN, day(3), "Please look at it again.")
    thread = [message(OFFICE, day(2), first), asked, message(OFFICE, day(9), then)]
    assert said(meta_labels, *thread) == ({meaning} if meaning else set())


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (ACCEPTED, "Our refusal stands."),
        (ACCEPTED, "We can't stand by our decision."),
        (ACCEPTED, "We've looked at it again and can't uphold our original decision."),
        (ACCEPTED, "The regulator did not uphold our decision."),
        (ACCEPTED, "We've cancelled your objection and this decision is final."),
        (ACCEPTED, "It turns out you're not eligible, and this decision is final."),
        (REFUSED, "We can't stand by our decision."),
        (REFUSED, "We have opted you out and this decision will not change."),
        (REFUSED, "We will review your objection again only if you tell us more."),
    ],
)
def test_what_only_looks_like_the_same_decision_holds_it_back(meta_labels: Labels, first: str, then: str) -> None:
    """A "not" before it, another decision in the same sentence, or the opposite one."""
    asked = message(OWN, day(3), "Please look at it again.")
    assert not said(meta_labels, message(OFFICE, day(2), first), asked, message(OFFICE, day(9), then))


@pytest.mark.parametrize(
    ("asked", "then"),
    [
        ("My ad account is blocked.", "Your case has been reopened."),
        ("Is my page restored?", "Your request is being reviewed again."),
        ("And what about my copy of data?", "Our earlier message about your data download was sent by mistake."),
    ],
)
def test_another_case_that_is_open_again_is_not_this_one(meta_labels: Labels, asked: str, then: str) -> None:
    """What the person asked for since says which one it is."""
    thread = [message(OFFICE, day(2), ACCEPTED), message(OWN, day(3), asked), message(OFFICE, day(9), then)]
    assert said(meta_labels, *thread) <= {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("The answer to your request is no later than Friday.", Meaning.REFUSED),
        ("Your objection doesn't meet the criteria for an automatic decision; a person is reviewing it.", Meaning.REFUSED),
        ("We cannot apply your objection retroactively. From now on your posts are left out.", Meaning.REFUSED),
        ("We've found that your objection was declined. That should not have happened.", Meaning.REFUSED),
        ("Closed your request as denied? Reopen it with one click.", Meaning.REFUSED),
        ("We've escalated your objection to our legal team, who turned it down.", Meaning.PENDING),
        ("We have reopened your case and found in your favor.", Meaning.PENDING),
        ("We've received your form. You are now opted out.", Meaning.PENDING),
        ("Your explanation is too general, so we decided against you.", Meaning.MORE_INFORMATION),
        ("Please let us know if you did not make this objection.", Meaning.MORE_INFORMATION),
        ("We will honor your objection. It applies to future photos only.", Meaning.ACCEPTED),
        ("We will honor your objection. It doesn't apply to your posts, which other people have shared.", Meaning.ACCEPTED),
    ],
)  # fmt: skip
def test_common_words_with_another_sense(meta_labels: Labels, text: str, never: Meaning) -> None:
    """Words of an answer that go on as something else."""
    assert never not in said(meta_labels, message(OFFICE, day(2), text))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Decision: your objection to AI training is denied.", Meaning.REFUSED),
        ("I'm afraid your request to opt out of AI training wasn't approved.", Meaning.REFUSED),
        ("It has been decided not to uphold your objection.", Meaning.REFUSED),
        ("We have closed your objection without granting it.", Meaning.REFUSED),
        ("We have received your form. We'll email you once we have reviewed it.", Meaning.PENDING),
        ("Our team needs a little more time to review your objection.", Meaning.PENDING),
        ("We've received your objection request and it's in our queue for review.", Meaning.PENDING),
        ("Thank you. Our team will now continue the review and let you know about your objection.", Meaning.PENDING),
        ("Please allow up to 30 days for us to decide on your objection.", Meaning.PENDING),
        ("Please tell us how this processing impacts you so that we can assess your objection.", Meaning.MORE_INFORMATION),
        ("We can't review your objection yet, because we don't know which product it is about.", Meaning.MORE_INFORMATION),
    ],
)  # fmt: skip
def test_other_answers_in_common_words(meta_labels: Labels, text: str, meaning: Meaning) -> None:
    """No source gives these words; none of them promises anything."""
    assert said(meta_labels, message(OFFICE, day(2), text)) == {meaning}


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "We've completed our review and have decided to honor your objection."),
        ("en", "We've completed our review of your objection and can confirm that we will honor it."),
        ("en", "The review of your case is complete, and we're honoring your objection."),
        ("en", "This is a follow-up to the request that you submitted. We will honor your objection."),
        ("en", "We will honor your objection. Your objection applies to future use only."),
        ("en", "We will honor your objection. It doesn't apply to content in which other people show or mention you."),
        (
            "en",
            (
                "We will honor your objection. AI at Meta may still process information about you that doesn't come from your "
                "account, for instance when someone mentions you."
            ),
        ),
        (
            "en",
            (
                "We will honor your objection. This doesn't delete anything from your profile, and you'll still be able to use "
                "Meta AI."
            ),
        ),
        ("es", "Te escribimos para informarte de que vamos a aceptar tu objeción."),
        (
            "it",
            (
                "Abbiamo esaminato la tua richiesta: la tua richiesta verrà applicata d'ora in avanti. Potremmo comunque "
                "trattare informazioni che ti riguardano se altre persone le condividono, ad esempio se compari in una foto."
            ),
        ),
    ],
)
def test_what_stands_around_it_in_a_letter_leaves_it_whole(meta_labels: Labels, locale: str, text: str) -> None:
    """What it does not touch, and what other people may still share, in the words of each language."""
    dates = {"en": day(2), "es": "2 de octubre de 2026 a las 9:00", "it": "2 ottobre 2026 alle ore 09:00"}
    titles = {
        "es": "Oponerme al uso de mi información para la IA en Meta",
        "it": "Opposizione all'uso per l'IA di Meta",
    }
    letter = message(OFFICE, dates[locale], text)
    assert said(meta_labels, letter, locale=locale, title=titles.get(locale, "")) == {Meaning.ACCEPTED}


def test_its_title_over_a_message_says_nothing_of_it(meta_labels: Labels) -> None:
    """A mail repeats its subject above its text."""
    title = "Tu solicitud de objeción: IA en Meta"
    text = "Hemos revisado tu solicitud y vamos a aceptar tu objeción."
    letter = message(OFFICE, "2 de octubre de 2026 a las 9:00", title, text)
    assert said(meta_labels, letter, locale="es", title=title) == {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    ("title", "own", "meanings"),
    [
        ("Your objection request", "I do not consent to Meta using my photos for artificial intelligence.", {Meaning.REFUSED}),
        ("Your request", "Your artificial intelligence has deleted my comment.", set()),
    ],
)  # fmt: skip
def test_the_title_says_that_the_person_objects(
    meta_labels: Labels, title: str, own: str, meanings: set[Meaning]
) -> None:
    """To what, the person's own words say; neither says how it was decided."""
    refused = "We've reviewed your request and we're not able to honor your objection."
    assert said(meta_labels, message(OWN, day(1), own), message(OFFICE, day(2), refused), title=title) == meanings


def test_alternatives_may_stand_within_one_another() -> None:
    """Of several that fit the longest counts: what is left over would narrow the answer."""
    pattern = whole(["we (will (not |never |)|may )(honor|honor it)"])
    assert [bool(pattern.fullmatch(text)) for text in ("we will never honor it", "we may honor", "we not honor")] == [
        True, True, False
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "We will honor your objection, but only for Facebook.",
        "We will honor your objection, except for your comments.",
        "We will honor your objection, in part.",
        "We will honor your objection, to the extent that the law requires.",
        "We will honor your objection. Please note that it doesn't apply to your Instagram account.",
        "We will honor your objection. Please note that we will continue to use your public posts.",
        "We will honor your objection. It doesn't apply to posts which you share with others.",
        "We will honor your objection. It doesn't apply to photos that you share with friends.",
        "We will honor your objection. It applies only to future posts.",
        "We will honor your objection, except posts others can share.",
        "We will honor your objection, except where others share posts. Your photos stay in.",
        "This is about your request regarding your photos. We will honor your objection.",
        "This relates to your objection to your photos being used. We will honor your objection.",
        "This is about the request of Ana Pop. We will honor your objection.",
        "This concerns your objection, which covers photos and captions. We will honor your objection.",
        "This is about your request to be left out of face recognition. We will honor your objection.",
        "We will honor your objection. Only future comments are covered.",
        "We will honor your objection. Your objection covers only information about you that does not come from your account.",
    ],
)
def test_an_acceptance_that_is_narrowed_is_none(meta_labels: Labels, text: str) -> None:
    """In its own sentence, or in one that begins as an explanation."""
    assert not said(meta_labels, message(OFFICE, day(2), text))


@pytest.mark.parametrize(
    "text",
    [
        "It doesn't cover your public posts.",
        "We may still use your photos for AI.",
        "This message is a correction: your comments aren't covered.",
        "This is a quick follow-up to tell you that we couldn't carry out your objection.",
        "Your request was closed because we couldn't verify you.",
    ],
)
def test_a_later_message_may_narrow_it(meta_labels: Labels, text: str) -> None:
    """What the service writes after its acceptance is read as closely as what stands beside it."""
    assert not said(meta_labels, message(OFFICE, day(2), ACCEPTED), message(OFFICE, day(9), text))


@pytest.mark.parametrize(
    "text",
    [
        "You already objected. This objection was declined because it's a duplicate of your first one.",
        "You also objected for your son. We cannot accept this objection.",
    ],
)
def test_this_objection_may_be_another_one(meta_labels: Labels, text: str) -> None:
    """Nobody knows which it is."""
    assert Meaning.REFUSED not in said(meta_labels, message(OFFICE, day(2), ACCEPTED), message(OFFICE, day(9), text))


def test_what_stands_beneath_a_marked_list_is_none_of_its_items(meta_labels: Labels) -> None:
    """A list with marks ends where they end."""
    text = "It covers:\n* your posts\n* your interactions with AI at Meta\nIt doesn't cover content about you that other people share."
    block = Block(f"{CORE.capitalize()}.\n{text}", quoted=False, node=-1)
    reading = read_text([block], PageWords.of(meta_labels, "en"), letter=letter_in("en"))
    assert {each.meaning for each in reading.said} == {Meaning.ACCEPTED}
    assert reading.unclear == ()


@pytest.mark.parametrize(
    ("heading", "items", "whole"),
    [
        ("It covers:", ("posts and photos that are public on your account", "your interactions with AI at Meta"), True),
        ("It doesn't cover:", ("content about you that other people share",), True),
        ("What this means:", ("We won't use your public posts to develop and improve AI.", "Others may still post about you."), True),
        ("It doesn't cover:", ("content about you that other people share", "your photos"), False),
        ("It doesn't cover:", ("Your photos.", "Your comments."), False),
        ("It covers:", ("your posts, except photos",), False),
        ("It covers:", ("your posts and comments only",), False),
        ("It covers:", ("your comments, but not your photos",), False),
        ("It covers:", ("your posts and comments, until 31 December",), False),
        ("Our decision covers:", ("your photos (comments are not covered)",), False),
        ("We won't use:", ("your posts", "your photos"), True),
        ("We'll keep using:", ("your public posts",), False),
        ("Not included:", ("your comments", "your photos"), False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("written", ["*", "1.", "paragraphs"])
def test_a_list_completes_the_line_above_it(
    meta_labels: Labels, heading: str, items: tuple[str, ...], written: str, *, whole: bool
) -> None:
    """Each item is read together with what it completes; beneath a mere title each is a sentence of its own."""
    texts = (f"{CORE.capitalize()}.", heading)
    if written != "paragraphs":
        text = "\n".join((" ".join(texts), *(f"{written} {item}" for item in items)))
        reading = read_text(
            [Block(text, quoted=False, node=-1)], PageWords.of(meta_labels, "en"), letter=letter_in("en")
        )
        assert {each.meaning for each in reading.said} == {Meaning.ACCEPTED}
        assert bool(reading.unclear) is not whole
    else:
        assert said(meta_labels, message(OFFICE, day(2), *texts, *items)) == ({Meaning.ACCEPTED} if whole else set())


@pytest.mark.parametrize(
    "text",
    [
        "As you asked, we've taken your account out of the data that AI at Meta learns from. This takes effect today.",
        "This takes effect today.",
        "It may take a few days until this takes effect.",
        "It can take up to two weeks for your objection to be applied across all our systems.",
        "Your posts are no longer used for AI.",
    ],
)
def test_an_acknowledgement_does_not_outlive_a_decision_in_unknown_words(meta_labels: Labels, text: str) -> None:
    """What a later letter brings about, or says of AI in words that are no known part of a letter, may decide."""
    receipt = "We've received your objection and we're reviewing your request."
    assert not said(meta_labels, message(OFFICE, day(2), receipt), message(OFFICE, day(9), text))


@pytest.mark.parametrize("text", ["We're still working through requests like yours.", "Thanks for your patience."])
def test_an_acknowledgement_outlives_what_decides_nothing(meta_labels: Labels, text: str) -> None:
    """A word that it takes longer changes nothing."""
    receipt = "We've received your objection and we're reviewing your request."
    assert said(meta_labels, message(OFFICE, day(2), receipt), message(OFFICE, day(9), text)) == {Meaning.PENDING}


@pytest.mark.parametrize(
    ("texts", "meanings"),
    [
        (("We received your objection on July 22, 2026, reviewed it, and will honor your objection.",), {Meaning.ACCEPTED}),
        (("We received your objection and will honor your objection.",), {Meaning.ACCEPTED}),
        (("We received your objection, and will decide whether we honor your objection.",), {Meaning.PENDING}),
        (("We received your objection and will honor your objection if you confirm it.",), set()),
        (("We received your objection, we are still examining it, and will honor your objection.",), set()),
        (("We received your objection, as far as photos go, and will honor your objection.",), set()),
        (("We will, as you asked, honor your objection.",), {Meaning.ACCEPTED}),
        (("We will, in principle, honor your objection.",), set()),
        (("We will, where we can, honor your objection.",), set()),
        (("We will honor your objection for your public information, minus reels, photos and comments.",), set()),
        ((ACCEPTED, "Your posts on Sundays won't be used either."), set()),
        ((ACCEPTED, "From today on, we will not use your posts for AI outside Meta."), set()),
        ((ACCEPTED, "We may still process information about you in photos that you or others share, even though we honor your objection."), set()),
        ((ACCEPTED, "Information from third parties is not excluded from this decision, it is all that it covers."), set()),
        (("We will honor your objection for your public information, including reels, photos and comments.",), {Meaning.ACCEPTED}),
        (("We will honor your objection for your public information, excluding reels, photos and comments.",), set()),
        ((ACCEPTED, "What you share publicly in future will not be used either."), {Meaning.ACCEPTED}),
        ((ACCEPTED, "Either your posts or your photos will not be used."), set()),
        ((ACCEPTED, "You can use these features or leave them; your objection stands either way."), {Meaning.ACCEPTED}),
        ((ACCEPTED, "From today on, your public posts won't be used to develop and improve AI at Meta."), {Meaning.ACCEPTED}),
        ((ACCEPTED, "For today, your public posts won't be used to develop and improve AI at Meta."), set()),
        (
            (ACCEPTED, "We may still process information about you in what others share, even though we honor your objection."),
            {Meaning.ACCEPTED},
        ),
        ((ACCEPTED, "We may still use your posts, even though we honor your objection."), set()),
        ((ACCEPTED, "This letter explains what we decided, what the decision covers and what may still happen."), {Meaning.ACCEPTED}),
        ((ACCEPTED, "This letter explains what we decided, and that your photos are left out of it."), set()),
        ((ACCEPTED, "Information from third parties is not part of this decision."), {Meaning.ACCEPTED}),
        ((ACCEPTED, "Does it cover my photos?", "Yes, it covers all that you share publicly."), {Meaning.ACCEPTED}),
        ((ACCEPTED, "Does it cover my photos?", "Yes, but not those of 2020."), set()),
        ((ACCEPTED, "Are my photos included?", "No."), set()),
        ((ACCEPTED, "Will my posts be used?", "Yes."), set()),
        ((ACCEPTED, "Will my posts be used?", "No."), {Meaning.ACCEPTED}),
        ((ACCEPTED, "Is anything excluded?", "Yes, photos."), set()),
        ((ACCEPTED, "Are comments covered?", "Sadly, they stay in."), set()),
        ((ACCEPTED, "Will it last?", "For a year."), set()),
        ((ACCEPTED, "Your objection request has been accepted."), {Meaning.ACCEPTED}),
        ((ACCEPTED, "Your objection request has been accepted in part."), set()),
        ((ACCEPTED, "Your objection to the use of your information for AI at Meta"), {Meaning.ACCEPTED}),
        (("We've assessed your request and will be honouring your objection in full.",), {Meaning.ACCEPTED}),
        (("Your objection was honoured by mistake.",), set()),
        (("Thank you for your objection to the use of your information for direct marketing.", ACCEPTED), set()),
        ((ACCEPTED, "This decision is not about you, but about information from third parties."), set()),
    ],
)  # fmt: skip
def test_what_a_letter_says_beside_its_decision(
    meta_labels: Labels, texts: tuple[str, ...], meanings: set[Meaning]
) -> None:
    """How it was decided, what it brings about, what it says once more: each beside what takes some of it back."""
    assert said(meta_labels, message(OFFICE, day(2), *texts)) == meanings


@pytest.mark.parametrize(
    ("answer", "whole"),
    [
        ("Our privacy policy isn't available in Irish at the moment.", True),
        ("You can read the privacy policy in English at facebook.com/privacy/policy.", True),
        ("You can read in the privacy policy which photos we go on using.", False),
        ("Your photos aren't included in it.", False),
        ("The privacy policy doesn't cover photos.", False),
    ],
)
def test_an_answer_to_another_question_may_say_not(meta_labels: Labels, answer: str, *, whole: bool) -> None:
    """After an acceptance, where it names nothing that people share."""
    thread = (
        message(OFFICE, day(2), ACCEPTED),
        message(OWN, day(3), "Thanks. Where do I find the privacy policy in Irish?"),
        message(OFFICE, day(4), answer),
    )
    assert said(meta_labels, *thread) == ({Meaning.ACCEPTED} if whole else set())


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("es", "Hemos recibido tu oposición y respetaremos tu oposición."),
        ("es", "Hemos recibido tu objeción y la tendremos en cuenta."),
        ("it", "Abbiamo ricevuto la tua opposizione e rispetteremo la tua opposizione."),
        ("it", "Abbiamo ricevuto la tua obiezione e ne terremo conto."),
        ("de", "Wir haben deinen Widerspruch erhalten und werden ihn berücksichtigen."),
        ("fr", "Nous avons bien reçu votre opposition et nous la respecterons."),
    ],
)
def test_a_receipt_that_goes_on_with_a_decision_is_not_pending(meta_labels: Labels, locale: str, text: str) -> None:
    """In words of no source it is nothing."""
    reading = read_text(
        [Block(text, quoted=False, node=-1)], PageWords.of(meta_labels, locale), letter=letter_in(locale)
    )
    assert not reading.said


def test_what_becomes_of_an_objection_that_nobody_made_is_no_answer(meta_labels: Labels) -> None:
    """News may say how objecting works; "if you object again" may follow a refusal."""
    words, letter = PageWords.of(meta_labels, "en"), letter_in("en")
    news = "You have the right to object. If you object and we honor your objection, it will be applied going forward."
    again = "If you object again and we honor your objection, it will be applied going forward."
    assert read_text([Block(news, quoted=False, node=-1)], words, letter=letter).unclear == ()
    assert read_text([Block(again, quoted=False, node=-1)], words, letter=letter).unclear
