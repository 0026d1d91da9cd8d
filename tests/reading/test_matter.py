"""What a message is about decides whether it answers an objection: words that are quoted, and objections not there."""

from __future__ import annotations

import pytest

from automation.page import Block
from automation.reading.inbox.posts import without_posts
from automation.reading.inbox.speakers import Speaker
from automation.reading.inbox.thread import ThreadReading, read_thread
from automation.reading.inbox.turns import Turn
from automation.reading.letter import letter_in
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from automation.text.page_words import PageWords

ACCEPTANCE = "We've reviewed your request and will honor your objection."


def blocks(*texts: str) -> tuple[Block, ...]:
    """Paragraphs of one message."""
    return tuple(Block(text, quoted=False, node=number) for number, text in enumerate(texts))


def read(labels: Labels, *texts: str) -> ThreadReading:
    """What a message of the service says."""
    turn = Turn(Speaker.SERVICE, blocks(*texts), marked=True, named=True)
    return read_thread([turn], PageWords.of(labels, "en-GB"))


@pytest.mark.parametrize(
    ("locale", "lead", "told"),
    [
        ("en-GB", "You reported a comment by Ana Pop:", True),
        ("en-GB", "We looked at the post that you flagged:", True),
        ("fr-FR", "Vous avez signalé ce commentaire :", True),
        ("de-DE", "Du hast diesen Kommentar gemeldet:", True),
        ("es-ES", "Denunciaste este comentario:", True),
        ("it-IT", "Hai segnalato questo commento:", True),
        ("en-GB", "You were told this on 2 June:", False),
        ("en-GB", "Our answer to your objection:", False),
        ("en-GB", "You reported a comment by Ana Pop.", False),
    ],
)
def test_a_quoted_post_is_taken_out_and_nothing_else(locale: str, lead: str, told: bool) -> None:
    """Only in quotation marks, and only after a line that says so and ends with a colon."""
    message = blocks(lead, f"“Our reply: {ACCEPTANCE}", "Privacy Operations”", "It stays up.")
    kept = [block.text for block in without_posts(message, letter_in(locale))]
    assert (kept == [lead, "It stays up."]) is told
    assert told or kept == [block.text for block in message]


def test_an_acceptance_in_a_reported_comment_answers_nothing(meta_labels: Labels) -> None:
    """The same words without quotation marks do."""
    lead = "You reported a comment by Ana Pop:"
    quoted = read(meta_labels, lead, f'"{ACCEPTANCE}"', "The comment doesn't go against our rules.")
    assert not quoted.text.said
    assert not quoted.text.unclear
    assert not quoted.text.concerns
    assert [said.meaning for said in read(meta_labels, ACCEPTANCE).text.said] == [Meaning.ACCEPTED]


@pytest.mark.parametrize(
    "sentence",
    [
        "We have no objection from you.",
        "We haven't received an objection from this account.",
        "You have not filed an objection.",
        "No objection was submitted for this account.",
    ],
)
def test_a_service_that_has_no_objection_answers_none(meta_labels: Labels, sentence: str) -> None:
    """What it explains beside that is about the words, not about this person."""
    reading = read(meta_labels, f'You asked what "{ACCEPTANCE}" means.', sentence)
    assert not reading.text.said
    assert not reading.text.unclear
    assert not reading.text.concerns


@pytest.mark.parametrize(
    "sentence",
    ["If we have no objection from you by then, nothing changes.", "We have no objection to your request."],
)
def test_a_condition_or_a_courtesy_says_nothing_of_the_kind(meta_labels: Labels, sentence: str) -> None:
    """Then the quoted words keep an answer back as before."""
    assert read(meta_labels, f'You asked what "{ACCEPTANCE}" means.', sentence).text.unclear


def test_an_acceptance_stands_beside_a_form_that_was_not_sent(meta_labels: Labels) -> None:
    """An answer is an answer, whatever else is missing."""
    reading = read(meta_labels, ACCEPTANCE, "We have no objection from you for the other account.")
    assert reading.text.said or reading.text.unclear


@pytest.mark.parametrize(
    ("message", "names_ai"),
    [
        ("I exercise my right to object. I don't want my posts to train your AI.", True),
        ("I exercise my right to object. I don't want to see ads.", False),
        ("I object to ads. Your AI is of no interest to me.", False),
        ("Does your AI speak Welsh? I'd like to know.", False),
    ],
)
def test_what_the_person_asked_for_is_read_over_their_whole_message(
    meta_labels: Labels, message: str, names_ai: bool
) -> None:
    """It says what an answer is about, and never how it was decided."""
    person = Turn(Speaker.PERSON, blocks(message), marked=True, named=True)
    service = Turn(
        Speaker.SERVICE, blocks("We've received your request and we are reviewing it."), marked=True, named=True
    )
    reading = read_thread([person, service], PageWords.of(meta_labels, "en-GB"))
    assert (reading.request is not None) is names_ai


def test_the_frame_of_a_letter_and_what_is_said_of_any_objection_refer_to_none_here(meta_labels: Labels) -> None:
    """What an inbox cannot do is about the inbox; what people get after an objection was granted, about people."""
    reported = (
        "You reported a comment by Rosa Blum:",
        f"“Our reply: {ACCEPTANCE} Privacy Operations”",
        "The comment doesn't go against our Community Standards.",
        "This inbox cannot accept incoming messages",
    )
    asked = (
        f'You asked what the sentence "{ACCEPTANCE}" means. People get it after an objection was granted.',
        "We have no objection from you. To object, use the form in the Privacy Center.",
    )
    for texts in (reported, asked):
        assert not read(meta_labels, *texts).text.concerns
    answered = (*asked, "Your objection was granted on 3 June.")
    assert read(meta_labels, *answered).text.concerns


@pytest.mark.parametrize(
    ("title", "asked", "answered", "concerns"),
    [
        (
            "How do I remove the AI icon?",
            "There is a blue circle in my search bar.",
            "Meta AI can't be turned off.",
            False,
        ),
        ("Name change", "I married in August.", "We've received your request and the document.", False),
        ("Your request", "I married in August.", "We've received your request and the document.", True),
        ("Name change", "", "We've received your request and the document.", True),
        ("Meta AI", "I don't want it to have my photos.", "Meta AI can't be turned off.", True),
        ("Name change", "I also object.", "We've received your request and the document.", True),
        ("GDPR request", "Article 21, please.", "We've received your request.", True),
        ("AI question", "How can I say no to this?", "We are working on it. AI takes time.", True),
        ("AI at Meta", "I'd rather stay outside.", "AI is one of our features. We'll be back.", True),
    ],
)
def test_both_sides_of_a_thread_say_that_it_is_about_something_else(
    title: str, asked: str, answered: str, concerns: bool, meta_labels: Labels
) -> None:
    """Not a title that fits any request, nor one side alone, nor words about what AI could be given."""
    turns = [
        Turn(Speaker.PERSON, blocks(asked), title=title, marked=True, named=True) if asked else None,
        Turn(Speaker.SERVICE, blocks(answered), title=title, marked=True, named=True),
    ]
    thread = read_thread([turn for turn in turns if turn is not None], PageWords.of(meta_labels, "en-GB"))
    assert thread.text.concerns is concerns


@pytest.mark.parametrize(
    ("title", "sentence", "concerns"),
    [
        ("Verified badge", "We've turned down your request for a verified badge.", False),
        ("Date of birth missing", "Please tell us your date of birth.", False),
        ("Your request", "We've turned down your request.", True),
        ("Help Centre", "We've turned down your request. The Help Centre says more.", True),
        ("Llama", "We've turned down your request about Llama.", True),
        ("Legitimate interest", "We've turned down your request about legitimate interest.", True),
        ("Verified badge", "We've turned down your request.", True),
        ("Decision", "Our decision: we've turned down your request.", True),
        ("Confirm your identity", "Please confirm your identity. We need more information.", True),
        ("Your badge", "We've turned down your objection to AI at Meta. You keep your badge.", True),
    ],
)
def test_a_message_that_says_what_its_title_says_is_about_that(
    title: str, sentence: str, concerns: bool, meta_labels: Labels
) -> None:
    """A refusal under a title of its own is none of an objection; under a vague one it may be."""
    turn = Turn(Speaker.SERVICE, blocks(sentence), marked=True, named=True, title=title)
    found = read_thread([turn], PageWords.of(meta_labels, "en-GB")).text
    assert (found.concerns or bool(found.said)) is concerns


@pytest.mark.parametrize(
    ("title", "sentence", "concerns"),
    [
        (
            "We're updating our terms",
            "Our terms for AI features change on 15 December. They say what you may make.",
            False,
        ),
        ("We're updating our terms", "Our terms for AI change. Your posts are no part of it any more.", True),
        ("Update", "AI training is switched off here.", True),
        ("About AI at Meta", "Our terms for AI features change on 15 December.", True),
    ],
)
def test_news_about_ai_concern_no_objection(title: str, sentence: str, concerns: bool, meta_labels: Labels) -> None:
    """News name neither an objection, nor training, nor anything of the person's."""
    turn = Turn(Speaker.SERVICE, blocks(sentence), marked=True, named=True, title=title)
    assert read_thread([turn], PageWords.of(meta_labels, "en-GB")).text.concerns is concerns


@pytest.mark.parametrize("state", ["Approved", "Declined"])
def test_a_decision_in_a_word_is_never_passed_over(meta_labels: Labels, state: str) -> None:
    """It may be the answer to an objection by another name: nothing then says that nobody has objected."""
    turn = Turn(Speaker.SERVICE, blocks(state), marked=True, named=True, title="Meta Verified: identity document")
    found = read_thread([turn], PageWords.of(meta_labels, "en-GB")).text
    assert found.concerns or not found.said


@pytest.mark.parametrize(
    ("before", "sentence", "accepted"),
    [
        ("Thank you for your objection to AI at Meta.", "We've reviewed it and we'll honour it.", True),
        ("Thank you for your report.", "We've reviewed it and we'll honour it.", False),
        ("Thank you for your objection and your report.", "We've reviewed it and we'll honour it.", False),
        ("Thanks for your objection to AI at Meta and your wish for a copy.", "We'll honour it.", False),
        ("You want your objection to AI at Meta honoured.", "We've reviewed it and we'll honour it.", False),
        ("Your account was found, and we've registered your objection.", "It will be honoured.", True),
        ("I've fixed that and looked at your objection right away.", "We will honour it.", True),
        ("We couldn't find your objection.", "We will honour it.", False),
        ("We have your objection and your form for deletion.", "It will be honoured.", False),
        ("Thank you for your objection to AI at Meta.", "If we can, we'll honour it.", False),
        ("Thank you for your objection to AI at Meta.", "We won't honour it.", False),
        ("Thank you for your objection to AI at Meta.", "Our team has reviewed it, and it'll be honoured.", True),
        ("Thank you for your objection to AI at Meta.", "Your report is separate, and it'll be honoured.", False),
        ("You asked for a copy of your data.", "We've reviewed your request and will honour it.", False),
    ],
)
def test_what_is_honoured_is_what_the_sentence_before_names(
    before: str, sentence: str, accepted: bool, meta_labels: Labels
) -> None:
    """Where that is the objection alone."""
    found = read(meta_labels, f"{before} {sentence}").text
    assert any(said.meaning is Meaning.ACCEPTED for said in found.said) is accepted


def case(labels: Labels, title: str, asked: str, said: str) -> ThreadReading:
    """A case with its title, what the person wrote, and what the service answered."""
    sides = ((Speaker.PERSON, asked), (Speaker.SERVICE, said))
    turns = [Turn(side, blocks(text), marked=True, named=True, title=title) for side, text in sides]
    return read_thread(turns, PageWords.of(labels, "en-GB"))


@pytest.mark.parametrize(
    ("title", "concerns"),
    [
        ("Get back into a hacked account", False),
        ("Your request", True),
        ("Your objection after your account was hacked", True),
    ],
)
def test_a_review_under_the_title_of_another_matter_is_of_that(meta_labels: Labels, title: str, concerns: bool) -> None:
    """What is being reviewed may be anything; under a title that says nothing of its own it may be this."""
    told = "We've received your request and we're reviewing it."
    assert case(meta_labels, title, "Please hurry.", told).text.concerns is concerns


@pytest.mark.parametrize(
    ("title", "asked", "concerns"),
    [
        ("Your appeal: comment removed", "I object to this decision. It was irony.", False),
        ("Your request", "I object to this decision. It was irony.", True),
        ("Your appeal: comment removed", "I object to this decision, and to AI.", True),
        ("Your AI objection", "I object to this decision.", True),
    ],
)
def test_an_objection_to_a_removal_is_another_matter(
    meta_labels: Labels, title: str, asked: str, concerns: bool
) -> None:
    """Where the title names what was removed, and nobody speaks of AI."""
    told = "We've reviewed your objection and agree that your comment follows our rules. It's visible again."
    assert case(meta_labels, title, asked, told).text.concerns is concerns


@pytest.mark.parametrize(
    ("title", "text", "concerns"),
    [
        ("Meta Verified: identity document", "Please take a new photo and upload it again.", False),
        ("Your request", "Please take a new photo and upload it again.", True),
        ("Meta Verified: identity document", "We need it to decide on your objection.", True),
        ("AI at Meta: identity document", "Please take a new photo and upload it again.", True),
        ("Privacy rights request", "Please take a new photo and upload it again.", True),
        ("Use of my photos", "Please take a new photo and upload it again.", True),
        ("Leave my art out", "Please take a new photo and upload it again.", True),
    ],
)
def test_a_state_alone_is_that_of_its_own_matter(meta_labels: Labels, title: str, text: str, concerns: bool) -> None:
    """Beside a title of its own it asks nothing for an objection; beside one that says nothing it may."""
    turn = Turn(Speaker.SERVICE, blocks("Action needed", text), marked=True, named=True, title=title)
    assert read_thread([turn], PageWords.of(meta_labels, "en-GB")).text.concerns is concerns


@pytest.mark.parametrize(
    ("title", "asked", "answer", "concerns"),
    [
        ("New login from Linux", "", "Someone logged in to your account. If this was you, there is nothing to do.", False),
        ("Your reel was muted", "", "The song in your reel isn't licensed. People can watch it without sound.", False),
        ("Your name change", "Please correct my last name.", "Your name is now spelled the way you asked.", False),
        ("We removed a comment", "", "A comment looked like spam, so we took it down.", False),
        ("A note for you", "", "We've gone with your wish.", True),
        ("Good news", "", "Done. Everything stays with you from here on.", True),
        ("From our team", "", "We will leave you out.", True),
        ("Hello Nora", "Take me off.", "We took you off the list.", True),
        ("Thanks for reaching out", "", "Your preference has been saved.", True),
        ("Your privacy", "", "Your privacy is as you wanted.", True),
        ("New login from Linux", "Leave my photos out of it.", "Someone logged in to your account.", True),
        ("Your reel was muted", "", "Your reel is no longer used.", True),
    ],
)  # fmt: skip
def test_the_name_of_a_department_alone_ties_nothing_to_an_objection(
    meta_labels: Labels, title: str, asked: str, answer: str, *, concerns: bool
) -> None:
    """What is said takes up the title's own words, and speaks of no use and no decision."""
    office = blocks("Meta Privacy Operations", answer, "This inbox cannot accept incoming messages")
    turns = [Turn(Speaker.SERVICE, office, marked=True, named=True, title=title)]
    if asked:
        turns.insert(0, Turn(Speaker.PERSON, blocks(asked), marked=True, named=True, title=title))
    assert read_thread(turns, PageWords.of(meta_labels, "en-GB"), listed_as=title).text.concerns is concerns


@pytest.mark.parametrize(
    ("locale", "asked", "concerns"),
    [
        ("en-GB", "Kindly stop feeding what I post to your learning machines.", True),
        ("en-GB", "I don't agree to my watercolours being swallowed by your generator.", True),
        ("es-ES", "No quiero que entrenéis vuestros modelos con lo que publico.", True),
        ("de-DE", "Was ich poste, soll eure Modelle nichts angehen.", True),
        ("en-GB", "Someone uses my name.", False),
        ("en-GB", "Your washing machine on Marketplace was broken.", False),
    ],
)
def test_an_objection_in_other_words_is_not_passed_over(
    meta_labels: Labels, locale: str, asked: str, *, concerns: bool
) -> None:
    """What learns, and what the person shares, in one sentence; the answer to it may say nothing of either."""
    turns = [
        Turn(Speaker.PERSON, blocks(asked), marked=True, named=True),
        Turn(Speaker.SERVICE, blocks("We did what you wished."), marked=True, named=True),
    ]
    assert read_thread(turns, PageWords.of(meta_labels, locale)).text.concerns is concerns
