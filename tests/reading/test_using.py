"""What a service says that it uses all the same, beside an acceptance."""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.reading.using import still_uses
from automation.text.labels import Labels
from tests.reading.test_fooled import OFFICE, day, message, said

USED = [
    "we will use only your private messages", "we use nothing but your messages", "we'll use just your chats",
    "only your private messages will be used", "we will use your messages instead", "we'll be using only your older posts",
    "we train on your private messages only", "our AI learns from your captions", "we will rely on your private messages",
    "we'll limit our use to your private messages", "our use is limited to your name", "you agree to our use of your messages",
    "we will use your messages instead of your posts", "we use your posts to help develop AI", "your chats may still be used",
    "what you wrote in private will be used", "we use your answers to train our models", "we use your photos to provide our AI", "we use your settings to train our models", "we will use your settings and your posts",
    "there are many ways we use your private messages", "tu información se usará para la IA",
]  # fmt: skip
NOT_USED = [
    "We will not use your private messages.", "We will no longer use your posts.", "Your chats are not used.",
    "Learn more about how Meta uses your information.", "To learn how we use your information, visit the Privacy Center.",
    "You can change how we use your information in Settings.", "We only use your email address to reply to you.",
    "We use your feedback to make our support better.", "We process your request under Article 21 GDPR.",
    "We process your personal data in line with our Privacy Policy.", "We use cookies on your device.",
    "Meta may use your information for other purposes, such as showing ads.", "If you use your account elsewhere, it applies, too.",
    "We may still use information that others share about you.", "We will train our models without your posts.",
    "To remove a post, use your settings.", "We know that the way your posts are used matters to you.",
    "A partir de hoy, tu información no se usará.", "Le tue informazioni non verranno più usate.",
    "We take your privacy seriously.", "Instead of using your posts, we license content.",
]  # fmt: skip


@pytest.mark.parametrize(
    "frame", ["{core}, which means that {}.", "{core}. This means that {}.", "{core} and {}.", "{core}. {}."]
)
@pytest.mark.parametrize("use", USED)
def test_a_use_that_goes_on_takes_an_acceptance_back(meta_labels: Labels, use: str, frame: str) -> None:
    """Whether it stands in the same sentence or in the next one; "only" makes it no better."""
    assert still_uses(use)
    core = "We will honor your objection"
    assert said(meta_labels, message(OFFICE, day(2), f"{core}.")) == {Meaning.ACCEPTED}
    assert Meaning.ACCEPTED not in said(meta_labels, message(OFFICE, day(2), frame.format(use, core=core)))


@pytest.mark.parametrize("sentence", NOT_USED)
def test_a_sentence_about_using_is_not_always_a_use(sentence: str) -> None:
    """It says "not", where to read of it, or what a service needs to answer at all."""
    assert not still_uses(sentence)


@pytest.mark.parametrize(
    ("sentence", "uses"),
    [
        ("Usaremos solo tus mensajes privados", True),
        ("No usaremos tus mensajes privados", False),
        ("Tus mensajes se seguirán usando", True),
        ("Dejaremos de usar tus publicaciones", False),
        ("Useremo soltanto i tuoi messaggi privati", True),
        ("Non useremo i tuoi messaggi privati", False),
        ("I tuoi messaggi verranno ancora utilizzati", True),
        ("Utilizziamo il tuo indirizzo per rispondere", False),
    ],
)
def test_the_languages_of_sourced_acceptances_say_it_too(sentence: str, uses: bool) -> None:
    """Spanish and Italian have sourced words of acceptance."""
    assert still_uses(sentence) is uses
