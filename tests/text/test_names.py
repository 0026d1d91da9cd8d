"""Names in texts. Written from what pages do to names, before looking at what the rules make of them."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.text.names import ANYBODY, Names, calendar_words, looks_like_a_name, may_name_somebody

WORDS = {
    "we",
    "will",
    "honor",
    "your",
    "objection",
    "grace",
    "period",
    "page",
    "profile",
    "settings",
    "facebook",
    "team",
}
ORDINARY = frozenset(WORDS) | calendar_words(("en", "fr", "de"))


def some_names(*names: str, seen: str = "") -> Names:
    """Names that are known, on pages that say something."""
    found = Names(ORDINARY)
    found.add(names)
    found.written(seen)
    return found


def without(names: Names, text: str) -> str:
    """The text with `#` in place of names."""
    for start, end in reversed(names.spans(text)):
        text = text[:start] + "#" + text[end:]
    return text


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Rita Gallo", "Hi Rita, Rita Gallo; RITA GALLO", "Hi #, #; #"),
        ("Tara Quinn", "facebookTara Quinn", "facebook#"),
        ("Tara Quinn", "HomeTaraSettings and facebookTara", "Home#Settings and facebook#"),
        ("Tara Quinn", "taraquinn.atelier175, tara.quinn, tara_quinn, TaraQuinn", "#.atelier175, #, #, #"),
        ("Tara Quinn", "Quinn, Tara; Taras Konto; Tara's post; le compte d’Tara", "#; #s Konto; #'s post; le compte d’#"),
        ("Tara Quinn", "Guitara, Quinnipiac, avatara", "Guitara, Quinnipiac, avatara"),
        ("José Müller", "Jose Mueller; JOSÉ; Muller", "# #; #; #"),
        ("Jean-Luc de la Tour", "Jean-Luc, de la page, Tour", "#, de la page, #"),
        ("Анна Иванова", "Здравствуйте, Анна! АННА ИВАНОВА", "Здравствуйте, #! #"),
        ("田中 太郎", "田中さん、太郎様", "#さん、#様"),
        ("Ana Gil", "Ana Gil, Ana, analysis, Analysis, bananA", "#, #, analysis, Analysis, bananA"),
        ("Al Li", "Al enviar este formulario; general liability; in general Liability", "Al enviar este formulario; general liability; in general Liability"),
        ("Al Li", "Hi Al, Al Li", "Hi #, #"),
        ("Al Li", "facebookAl Li", "facebook#"),
        ("May Jo Park", "You wrote on 12 May 2026. May Jo Park", "You wrote on 12 May 2026. #"),
        ("May Jo Park", "Hello May,", "Hello #,"),
        ("Jan Mai", "am 3. Mai, 5 Jan 2026", "am 3. Mai, 5 Jan 2026"),
        ("Grace Thorne", "Grace period, ask Grace Thorne", "Grace period, ask #"),
        ("Grace Thorne", "Hi Grace,", "Hi #,"),
        ("We Will Honor Your Objection", "We will honor your objection.", "We will honor your objection."),
        ("We Will Honor Your Objection", "Signed in: We Will Honor Your Objection", "Signed in: #"),
        ("mara-vogel-cf04", "@mara-vogel-cf04 and @Mara-Vogel-cf04", "@# and @#"),
    ],
)  # fmt: skip
def test_a_known_name_goes_and_other_words_stay(name: str, text: str, left: str) -> None:
    """In full, in parts, glued, in capitals, in other alphabets; a short or ordinary one shreds no sentence."""
    assert without(some_names(name), text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Mark all as read, and will mark it. Dear Mark, it was Mark", "Mark all as read, and will mark it. Dear #, it was #"),
        ("Will you? They said that Will did", "Will you? They said that Will did"),
    ],
)  # fmt: skip
def test_a_name_that_the_pages_write_small_counts_only_where_it_must_be_one(text: str, left: str) -> None:
    """`Mark` begins the names of buttons; after a greeting or within a sentence it is somebody."""
    assert without(some_names("Mark Will", seen="you can mark it, and we will"), text) == left


@pytest.mark.parametrize(
    "text",
    ["Hi Zoe,", "Dear Zoe Adler:", "Bonjour Zoé !", "Hallo Zoe,", "Sehr geehrte Frau Adler,", "Continue as Zoe",
     "Estimada Zoe:", "Dear Customer Zoe,", "Hallo Frau Adler,", "Thanks.\nHi Zoe,\nWe did it."],
)  # fmt: skip
def test_whom_a_letter_greets_is_hidden_though_nobody_knows_the_name(text: str) -> None:
    """A page without data on who is signed in greets them all the same."""
    left = without(some_names(), text)
    assert not {"Zoe", "Zoé", "Adler"} & set(left.replace(":", " ").replace(",", " ").split()), left


@pytest.mark.parametrize(
    "text",
    ["Dear Customer,", "Dear Facebook User,", "Chère Cliente,", "Cher Utilisateur :", "Liebe Kundin,", "Hello Account Holder,",
     "Sehr geehrte Nutzerin,", "Estimado Usuario:", "Gentile Utente,"],
)  # fmt: skip
def test_a_letter_to_anybody_names_nobody(text: str) -> None:
    """These words stand all over the pages, and hiding them would shred what a page says."""
    names = Names(ORDINARY | ANYBODY)
    names.written(text)
    assert without(names, f"{text} {text}") == f"{text} {text}"


def test_a_title_makes_an_ordinary_word_a_name() -> None:
    """There are people who are called so."""
    assert without(Names(ORDINARY | ANYBODY), "Sehr geehrte Frau Kunde,") == "Sehr geehrte Frau #,"


def test_a_full_name_in_small_letters_does_not_make_its_parts_words() -> None:
    """A profile that writes its name small is hidden, and its owner elsewhere too."""
    names = some_names("Rita Gallo", seen="rita gallo writes of bread")
    assert without(names, "rita gallo; Rita; RITA GALLO") == "#; #; #"


def test_whom_a_page_greets_is_hidden_on_the_whole_visit() -> None:
    """Her name stands above `Continue as Carla`; the same word in small letters is none of her."""
    names = some_names(seen="Continue as Carla")
    assert without(names, "Carla") == "#"
    assert without(names, "a carla; Carlas") == "a carla; Carlas"


@pytest.mark.parametrize(
    "text", ["Hi, we reviewed it.", "Dear customer,", "Hi. We will", "Hello Facebook", "Chers amis"]
)
def test_a_greeting_of_nobody_stays(text: str) -> None:
    """What follows it is a sentence, a noun or the service itself."""
    assert without(some_names(), text) == text


def test_an_author_whom_a_sentence_names_is_hidden() -> None:
    """A service's letter names the stranger whose comment was reported; its own departments it may name."""
    names = some_names(seen="privacy operations")
    assert without(names, "You reported a comment by Rosa Blum:") == "You reported a comment by #:"
    for text in ("A message from Privacy Operations", "Reviewed by Facebook Team", "Answered from Paris"):
        assert without(names, text) == text


def test_of_others_only_the_full_name_is_looked_for() -> None:
    """The parts of everybody's name are too many words."""
    names = Names(ORDINARY)
    names.add(["Rosa Blum"], whole=True)
    assert without(names, "Rosa Blum, the rosa setting, Rosa") == "#, the rosa setting, Rosa"


@settings(deadline=None)
@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=30),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=30),
)
def test_a_full_name_is_found_in_any_text(before: str, after: str) -> None:
    """Whatever it is glued to, composed or decomposed."""
    names = some_names("Zoé Lindqvist")
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "Zoé Lindqvist")
        assert name not in without(names, before + name + after)


@pytest.mark.parametrize(
    ("text", "may"),
    [("Rosa Blum", True), ("rosa.blum", True), ("Public profile", False), ("Settings", False), ("SSH and GPG keys", False),
     ("Atelier", True), ("", False)],
)  # fmt: skip
def test_entries_of_menus(text: str, may: bool) -> None:
    """A phrase or a known word is an entry; what could be somebody is not shown."""
    assert may_name_somebody(text, some_names()) is may


def test_what_looks_like_a_name() -> None:
    """Two to five capitalised words, particles aside."""
    assert all(map(looks_like_a_name, ["Rosa Blum", "Ana de la Cruz", "Иван Петров"]))
    assert not any(map(looks_like_a_name, ["Rosa", "See all posts", "Rosa Blum 3", "Hello There!", ""]))


OF_SERVICES = frozenset(
    [
        "this",
        "reply",
        "is",
        "about",
        "the",
        "facebook",
        "instagram",
        "account",
        "accounts",
        "centre",
        "privacy",
        "center",
        "page",
        "pages",
        "help",
        "settings",
        "we",
        "will",
        "your",
        "objection",
        "meta",
        "business",
        "profile",
        "support",
        "team",
        "ad",
        "preferences",
        "not",
        "compte",
        "konto",
        "cuenta",
    ]
) | calendar_words(("en", "fr", "de"))


def left_of(*texts: str) -> list[str]:
    """Texts of one visit with `#` in place of names, after all were read."""
    names = Names(OF_SERVICES)
    for text in texts:
        names.written(text)
    for text in texts:
        names.told(text)
    left = []
    for text in texts:
        shown = text
        for start, end in reversed(names.spans(text)):
            shown = shown[:start] + "#" + shown[end:]
        left.append(shown)
    return left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('This reply is about the Facebook account "Kleinod Werkstatt" and not yours.', 'This reply is about the Facebook account "#" and not yours.'),
        ("It is about the account “Bruno Keller”.", "It is about the account “#”."),
        ("the account named Bruno is another one", "the account named # is another one"),
        ("the account of Bruno Keller is another one", "the account of # is another one"),
        ("the Page Kleinod Werkstatt is another one", "the Page # is another one"),
        ('the account "Anna\'s Atelier"; the account \'Bruno Keller\'', 'the account "#"; the account \'#\''),
        ("the account of Sinead O'Brien", "the account of #"),
        ("Bruno Keller's account is another one", "#'s account is another one"),
        ("recorded for @kleinod.werkstatt only", "recorded for @# only"),
        ("Cette réponse concerne le compte « Atelier Kleinod » et non le vôtre.", "Cette réponse concerne le compte « # » et non le vôtre."),
        ("le compte de Bruno Keller est un autre", "le compte de # est un autre"),
        ("Es geht um das Konto „Kleinod Werkstatt“.", "Es geht um das Konto „#“."),
        ("das Konto von Bruno Keller", "das Konto von #"),
        ("la cuenta «Taller Kleinod» es otra", "la cuenta «#» es otra"),
        ("l'account \"Bottega Kleinod\" è un altro", "l'account \"#\" è un altro"),
        ("het account van Bruno de Keller is een ander", "het account van # is een ander"),
        ("アカウント @kleinod_kobo について", "アカウント @# について"),
    ],
)  # fmt: skip
def test_the_account_that_a_reply_names_is_hidden(text: str, left: str) -> None:
    """Quoted, bare, owned or by its handle, in the languages in which services write."""
    assert left_of(text) == [left]


@pytest.mark.parametrize(
    "text",
    [
        "We will honor your objection for your account.",
        'See the page "Privacy Center" or the account "settings".',
        "Open your account in the Accounts Centre. Page Help. Account Settings",
        "Your account for Instagram; the page of Facebook",
        'Your answer to "will you honor my objection" is in your account.',
        "Write to the office @ 5 pm; a@b.example is not a handle",
        "Reply of 12 May 2026 for your account",
    ],
)
def test_what_names_no_account_stays(text: str) -> None:
    """The service's own words, dates and plain sentences are evidence."""
    assert left_of(text) == [text]


def test_who_was_named_once_is_hidden_everywhere() -> None:
    """The next sentence needs no word for an account, and a title or quote elsewhere neither."""
    first = 'This reply is about the account "Kleinod Werkstatt".'
    other = "We will honour your objection for the public information of Kleinod Werkstatt. KLEINOD WERKSTATT"
    assert left_of(first, other)[1] == "We will honour your objection for the public information of #. #"


@pytest.mark.parametrize(
    "piece",
    ["profile ", "Aa ", "a", "A", "A.-", "account of ", 'account "', "@a", "Aa de ", "A A A A A A's ", " ", "A'"],
)
def test_a_long_text_takes_no_long_time(piece: str) -> None:
    """A page can hold any text; each letter is looked at a few times, and not once for each other letter."""
    began = time.process_time()
    left_of("account" + piece * (60_000 // len(piece)))
    assert time.process_time() - began < 5
