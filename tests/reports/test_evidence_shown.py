"""How the page speaks of its evidence: what the seal adds to its claims, how to verify it, and where things were read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import segno

from automation.core.records import BundleRef
from automation.core.results import Result
from automation.core.signals import Signal, SignalName
from automation.core.verdicts import Verdict
from automation.reports.as_html import pieces
from automation.reports.pictures import Source
from automation.text.catalogue import LANGUAGES
from automation.text.language import language
from tests.builders import A_DIGEST, A_MOMENT, a_document, a_result, a_signal, a_step, an_artifact
from tests.reports.pages import GUIDES, TakenApart, a_page, plain

SIGNED = BundleRef("a", A_DIGEST, "c0ffee" * 10 + "cafe", 41, A_MOMENT, (), "5e" * 32)
STAMPED = replace(SIGNED, stamped=("freetsa", "dfn"))


def claims(*bundles: BundleRef, lang: str = "en") -> tuple[str, str]:
    """What the page says that its evidence proves, and what not."""
    page = a_page(a_document(*(a_result(f"a{n}", bundle=bundle) for n, bundle in enumerate(bundles))), lang)
    (box,) = [e for e in page.all("div") if e.attributes.get("class") == "proof"]
    proved, not_proved = box.children
    return proved.words, not_proved.words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_claims_grow_with_the_seal(lang: str) -> None:
    """Unsigned, signed and stamped evidence claim no more than each can bear."""
    say = language(lang).gettext
    nobody = plain(
        say(
            "who ran Témoin and when, to someone who does not trust that person: no third party signed or time-stamped "
            "the folders;"
        )
    )
    clock = plain(
        say(
            "when Témoin ran, to someone who does not trust that person's clock: not every folder was time-stamped by "
            "a third party;"
        )
    )
    holder = plain(
        say("who holds the signing key: compare its digest with one that the signer gave you by another way;")
    )
    for bundles, said in (
        ((BundleRef("a", A_DIGEST),), nobody),
        ((SIGNED, BundleRef("b", A_DIGEST)), nobody),
        ((SIGNED, SIGNED), clock),
        ((STAMPED, SIGNED), clock),
        ((STAMPED, STAMPED), holder),
    ):
        _, not_proved = claims(*bundles, lang=lang)
        assert [claim in not_proved for claim in (nobody, clock, holder)] == [
            said is c for c in (nobody, clock, holder)
        ]


def test_signer_and_authorities_are_named_only_where_they_are() -> None:
    """The key's digest stands among what is proved once something is signed, the authorities once all is stamped."""
    assert "signed the manifests" not in claims(BundleRef("a", A_DIGEST))[0]
    assert "signed the manifests: 5e5e5e5e5e5e5e5e…;" in claims(SIGNED)[0]
    assert "stamped" not in claims(STAMPED, SIGNED)[0]
    assert "when these authorities stamped them: dfn and freetsa;" in claims(STAMPED)[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reader_is_told_how_far_the_seal_goes(lang: str) -> None:
    """Digest, key, place and moment of the seal in full, and plainly whether anybody else vouches for the time."""
    say = language(lang)
    unstamped = a_page(a_document(a_result(bundle=SIGNED)), lang).words()
    for part in (SIGNED.envelope_sha256, SIGNED.signer, plain(say.moment(A_MOMENT)), "41"):
        assert part in unstamped
    later = say.gettext("not yet: nothing but this machine's clock says when. Stamp it later: %(command)s")
    assert plain(later % {"command": "temoin evidence stamp a"}) in unstamped
    stamped = a_page(a_document(a_result(bundle=STAMPED)), lang).words()
    assert plain(say.gettext("by %(names)s") % {"names": say.listing(["freetsa", "dfn"])}) in stamped
    bare = a_page(a_document(a_result()), lang).words()
    assert plain(say.gettext("no: the folder is neither signed nor stamped")) in bare


def test_what_was_read_is_outlined_within_its_picture() -> None:
    """The part that is shown surrounds the outline and never leaves the picture, wherever in it the outline lies."""
    for outline in ((0, 0, 50, 20), (1200, 880, 80, 20), (300, 3000, 640, 900), (0, 0, 1280, 4000), (640, 10, 1, 1)):
        step = a_step(1, picture_size=(1280, 4000), outline=outline)
        page = a_page(a_document(a_result(steps=(step,))))
        (drawn,) = [e for e in page.all("svg") if "viewbox" in e.attributes and e.children[0].tag == "foreignobject"]
        left, top, width, height = map(int, drawn.attributes["viewbox"].split())
        assert (left >= 0, top >= 0, left + width <= 1280, top + height <= 4000) == (True,) * 4
        assert left <= outline[0]
        assert top <= outline[1]
        assert left + width >= outline[0] + outline[2]
        assert top + height >= outline[1] + outline[3]
        (frame,) = [e for e in page.all("rect") if e.attributes.get("class") == "outline"]
        assert tuple(int(frame.attributes[name]) for name in ("x", "y", "width", "height")) == outline
        plain_one, copy = page.all("img")
        assert plain_one.attributes["src"] == copy.attributes["src"]
        assert plain_one.parent is not None
        assert plain_one.parent.tag == "a"


@pytest.mark.parametrize(
    "changes",
    [
        {"outline": None},
        {"picture_size": None},
        {"outline": (2000, 10, 50, 50)},
        {"outline": (10, 10, 0, 50)},
        {"outline": (-90, 0, 80, 80)},
        {"picture": "pictures/not-kept.png"},
    ],
)
def test_without_a_place_nothing_is_drawn(changes: dict[str, object]) -> None:
    """No outline, one outside of the picture, or a picture that is not there: the page shows what it has."""
    step = replace(a_step(1, picture_size=(1280, 900), outline=(10, 10, 90, 90)), **changes)  # type: ignore[arg-type]
    page = a_page(a_document(a_result(steps=(step,))))
    assert not page.all("foreignobject")
    assert page.faults == []


def test_a_picture_that_is_gone_is_not_one_that_was_never_taken() -> None:
    """What is missing from the folder and what was never kept are told apart."""
    steps = (a_step(1), a_step(2, picture=None))
    document = a_document(a_result(steps=steps, evidence=(an_artifact(steps[0].picture or ""),)))
    source = Source(find=lambda _folder, _picture: None)
    page = TakenApart("".join(pieces(document, GUIDES, "en", source, other_languages={})))
    gone = [e.words for e in page.all("p") if e.attributes.get("class") == "gone"]
    assert gone == [
        "The picture of this step is missing from the evidence folder.",
        "No picture of this step was kept.",
    ]


def on_paper(*results: Result, lang: str = "en", ledger_end: str = "") -> TakenApart:
    """The page as it is made for a PDF."""
    source = Source(find=lambda folder, picture: f"file:///evidence/{folder}/{picture}", linked=False)
    document = a_document(*results, ledger_end=ledger_end)
    return TakenApart("".join(pieces(document, GUIDES, lang, source, other_languages={}, printed=True)))


def a_visit(*signals: Signal) -> Result:
    """Four steps, of which the second and the third were outlined."""
    place = {"picture_size": (1280, 900), "outline": (40, 40, 600, 300)}
    steps = (a_step(1), a_step(2, **place), a_step(3, **place), a_step(4))
    files = [*(step.picture or "" for step in steps), "pages/01-home.json.gz"]
    return a_result(steps=steps, signals=signals, evidence=tuple(an_artifact(path) for path in files))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_paper_has_one_picture_an_account_and_says_so(lang: str) -> None:
    """A PDF of many accounts stays readable: one picture each, no list of files, and a sentence that says where they are."""
    results = [replace(a_visit(a_signal(picture=a_step(2).picture)), account=f"a{n}") for n in range(3)]
    page = on_paper(*results, lang=lang)
    assert [e.attributes["src"].rpartition("/")[2] for e in page.all("img")] == [
        (a_step(2).picture or "").rpartition("/")[2]
    ] * 3
    say = language(lang).gettext
    words = page.words()
    assert plain(say("The picture that decides")) in words
    assert "(report.html)" in words
    assert "pages/01-home.json.gz" not in words
    assert A_DIGEST in words, "what all files can be checked with is there"
    assert page.faults == []
    ids = {e.attributes["id"] for e in page.elements if "id" in e.attributes}
    assert {e.attributes["href"] for e in page.all("a") if e.attributes["href"].startswith("#")} <= {
        f"#{i}" for i in ids
    }


@pytest.mark.parametrize(("read", "shown"), [((1, 2, 4), 2), ((2, 3, 4), 3), ((1, 4), 4), ((4, 1), 1), ((), 4)])
def test_the_picture_that_decides(read: tuple[int, ...], shown: int) -> None:
    """Of what was read last the one with an outline; without one what was read last; without any where it ended."""
    page = on_paper(a_visit(*(a_signal(picture=a_step(n).picture) for n in read)))
    (picture,) = page.all("img")
    assert picture.attributes["src"].endswith(a_step(shown).picture or "?")


@pytest.mark.parametrize(
    ("verdict", "decides", "beside"),
    [
        (Verdict.OBJECTED, SignalName.REPLY_ACCEPTED, SignalName.REPLY_FRAME),
        (Verdict.NOT_OBJECTED, SignalName.FORM_OPEN, SignalName.INBOX_NOTHING),
        (Verdict.REFUSED, SignalName.REPLY_REFUSED, SignalName.IDENTITY_SAME),
        (Verdict.UNKNOWN, SignalName.REPLY_UNCLEAR, SignalName.IDENTITY_SAME),
    ],
)
def test_the_box_of_the_signal_that_decided_is_drawn(verdict: Verdict, decides: SignalName, beside: SignalName) -> None:
    """Not the outline of the step, and not the place of a signal that only stands beside it."""
    box = (100, 200, 300, 40)
    signals = (
        a_signal(decides, picture=a_step(2).picture, box=box),
        a_signal(beside, picture=a_step(3).picture, box=(1, 2, 3, 4)),
    )
    page = on_paper(replace(a_visit(*signals), verdict=verdict))
    (frame,) = [e for e in page.all("rect") if e.attributes.get("class") == "outline"]
    assert tuple(int(frame.attributes[name]) for name in ("x", "y", "width", "height")) == box


def test_paper_without_any_picture() -> None:
    """Where the visit did not get to a picture, or it is gone, the page says that and has no hole."""
    page = on_paper(a_result(steps=(), signals=()))
    assert page.all("img") == []
    assert "No picture was taken" in page.words()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_made_the_run_and_where_the_ledger_ended(lang: str) -> None:
    """Operator, case and the ledger's short code stand in the page where they are known, and no empty place else."""
    known = a_page(a_document(operator="Me <Leroy>", case="2026-117", ledger_end="17-ABCDE-FGHIJ"), lang).words()
    for text in ("Me <Leroy>", "2026-117", "17-ABCDE-FGHIJ"):
        assert text in known
    bare = a_page(a_document(), lang).words()
    for label in ("Made by", "Case", "End of the ledger"):
        assert plain(language(lang).gettext(label)) in known
        assert plain(language(lang).gettext(label)) not in bare


@pytest.mark.parametrize("printed", [False, True])
def test_the_ledgers_end_can_be_scanned(printed: bool) -> None:
    """The short code stands in the page as a QR code, drawn module by module, with a name for who does not see it."""
    document = a_document(a_result(), ledger_end="17-LZQ4A-ABCDE-FGHIJ-KLMNO-PQRST")
    page = on_paper(*document.results, ledger_end=document.run.ledger_end) if printed else a_page(document)
    (code,) = [node for node in page.all("svg") if node.attributes.get("class") == "qr"]
    assert code.attributes["role"] == "img"
    assert code.attributes["aria-label"] == "End of the ledger, as a QR code"
    drawn = next(node.attributes["d"] for node in page.all("path") if node.attributes.get("stroke") == "#000")
    assert _modules(drawn) == {
        (x, y)
        for y, row in enumerate(segno.make_qr("17-LZQ4A-ABCDE-FGHIJ-KLMNO-PQRST", error="m").matrix)
        for x, dark in enumerate(row)
        if dark
    }


def _modules(drawn: str) -> set[tuple[int, int]]:
    """Column and row of each dark module of a path of horizontal strokes, four modules of white around them."""
    found: set[tuple[int, int]] = set()
    x = y = 0.0
    for kind, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: ?(-?[\d.]+))?", drawn):
        if kind == "h":
            found |= {(int(x) - 4 + step, int(y) - 4) for step in range(int(first))}
            x += float(first)
        else:
            relative = kind == "m"
            x, y = (x + float(first), y + float(second or 0)) if relative else (float(first), float(second))
    return found
