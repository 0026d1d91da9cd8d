"""The page: what it says first, that nothing foreign becomes markup, and that everybody can read it."""

from __future__ import annotations

import base64
import dataclasses
import enum
import hashlib
import itertools
import re
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.errors import ConfigurationError
from automation.evidence import BundleRef
from automation.observations import Signal, SignalKind, Wording
from automation.reports.as_html import FULL_UP_TO, render
from automation.reports.language import LANGUAGES, language
from automation.reports.messages import OUTCOME_NAMES, REASONS, VERDICT_NAMES
from automation.results import Outcome, Verified
from automation.verdicts import Reason, Verdict
from tests.builders import (
    A_DIGEST,
    FORM_A,
    FORM_B,
    a_document,
    a_form,
    a_guard_record,
    a_guide,
    a_result,
    a_signal,
    a_step,
    an_artifact,
    an_environment,
)
from tests.reports.pages import TakenApart, plain

if TYPE_CHECKING:
    from automation.results import Result, RunDocument

GUIDES = {"facebook.ai_objection": a_guide()}
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;{{ 7*7 }}\u202e</bdi></td>\x00\ud800"


def a_page(document: RunDocument | None = None, lang: str = "en", **changes: Any) -> TakenApart:
    """The page of a run, taken apart."""
    options = {"evidence_root": "run", "other_languages": {"fr": "report.fr.html"}, **changes}
    return TakenApart(render(document or a_document(), options.pop("guides", GUIDES), lang, **options))


def every_answer() -> RunDocument:
    """Every verdict and every reason, Pages among them, and all that an account can show."""
    answers = [a_result(f"v-{v.value}", v) for v in Verdict if v.is_answer]
    answers += [a_result(f"r-{r.value}", reason=r, owner="Boulangerie Martin") for r in Reason]
    answers.append(a_result("author-1", Verdict.OBJECTED, kind="page_admin", page="Atelier, luthier"))
    answers.append(a_result("author-2", Verdict.PENDING, kind="page_admin", page="Atelier, luthier"))
    answers.append(
        a_result(
            "odd",
            flow="linkedin.ai_training",
            flow_verified=Verified("stale", "2025-01-02", 90),
            assumed_words=True,
            missing=("nl:form.title",),
            failed_step="form_a",
            steps=(a_step(1, picture=None), a_step(2, "form_b", picture="pictures/lost.png", note="form")),
            guard=a_guard_record(sign_in_requests=3, truncated=True),
        )
    )
    return a_document(*answers)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("document", [every_answer(), a_document(results=())], ids=["every answer", "no result"])
def test_the_page_is_sound(document: RunDocument, lang: str) -> None:
    """Tags close in order, ids are unique, and every reference inside the page leads somewhere."""
    page = a_page(document, lang)
    assert page.faults == []
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert set(element.attributes.get(name, "").split()) <= set(ids)
        href = element.attributes.get("href", "")
        assert not href.startswith("#") or href[1:] in ids, href


def test_nothing_runs_and_nothing_is_fetched_from_elsewhere() -> None:
    """No script, no handler, no inline style, no outside resource; and a policy that would forbid them all."""
    page = a_page(every_answer())
    assert not page.all("script", "iframe", "object", "embed", "link", "form", "base", "audio", "video")
    for element in page.elements:
        assert not [name for name in element.attributes if name.startswith("on") or name in {"style", "srcset"}]
        assert "://" not in element.attributes.get("src", "")
    (policy,) = [e for e in page.all("meta") if e.attributes.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(part.strip().split(" ", 1) for part in policy.attributes["content"].split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "'self' file:"
    (style,) = page.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert rules["style-src"] == f"'sha256-{digest}'", "else no browser would apply the style"
    assert "url(" not in style.text
    assert "@import" not in style.text


def _poisoned(value: Any, poison: str, name: str = "") -> Any:
    """The same with every free text replaced; closed sets and digests of our own stay."""
    if isinstance(value, enum.Enum | datetime | bool | int | float) or value is None:
        return value
    if isinstance(value, str):
        return value if name == "schema" else poison
    if isinstance(value, tuple):
        return tuple(_poisoned(item, poison) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return type(value)(**{name: _poisoned(inner, poison, name) for name, inner in pairs})
    raise AssertionError(f"what is {value!r}?")


def _tags(page: TakenApart) -> Counter[str]:
    return Counter(element.tag for element in page.elements)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_a_result_becomes_markup(lang: str) -> None:
    """With markup in every single text of the run, the page has the very elements that it has with a plain word."""
    guides = {HOSTILE: a_guide(id=HOSTILE), "x": a_guide(id="x")}
    documents = [_poisoned(every_answer(), poison) for poison in ("x", HOSTILE)]
    plain, hostile = (a_page(document, lang, guides=guides, evidence_root=document.run.id) for document in documents)
    assert hostile.faults == []
    assert _tags(hostile) == _tags(plain)
    assert "<script>alert(1)</script>" in hostile.words(), "it is shown, as text"
    assert "{{ 7*7 }}" in hostile.words()
    for element in hostile.elements:
        assert set(element.attributes) & {"onerror", "onload"} == set()
        assert not element.attributes.get("href", "").lower().startswith(("javascript", "data", "//"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_a_guide_becomes_markup(lang: str) -> None:
    """A flow of a user's own cannot put markup into the report either."""

    def poisoned(poison: str) -> Any:
        both = {"en": poison, "fr": poison}
        return a_guide(
            title=both,
            service=poison,
            form_urls=(f"https://{poison}/",),
            states={"form_open_nothing_filed": both},
            remedies={"not_objected": {"en": (poison,), "fr": (poison,)}},
            reason_text=both,
            not_covered={"en": (poison,), "fr": (poison,)},
            words={"a": both},
        )

    document = a_document(a_result(probes=()))
    plain, hostile = (a_page(document, lang, guides={"facebook.ai_objection": poisoned(p)}) for p in ("x", HOSTILE))
    assert hostile.faults == []
    assert _tags(hostile) == _tags(plain)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_name_is_shown_and_stays_inside(name: str) -> None:
    """Whatever an owner is called, in any script and direction, the page is sound UTF-8 and holds the name apart."""
    text = render(a_document(a_result(owner=name)), GUIDES, "en", evidence_root="", other_languages={})
    page = TakenApart(text.encode().decode())
    assert page.faults == []
    visible = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "\ufffd", name)
    assert visible in [element.text for element in page.all("bdi")]


def test_right_to_left_names_stand_apart() -> None:
    """A name that turns the direction is wrapped so that nothing beside it turns too."""
    name = "\u202eמשרד עורכי דין"
    page = a_page(a_document(a_result(owner=name, account="one", page=name)))
    shown = [e for e in page.elements if name in e.text and not any(name in child.text for child in e.children)]
    assert shown
    assert {element.tag for element in shown} == {"bdi"}


@pytest.mark.parametrize("document", [every_answer(), a_document(results=())], ids=["every answer", "no result"])
def test_headings_are_in_order(document: RunDocument) -> None:
    """One first heading, and no level is skipped on the way down."""
    levels = [int(element.tag[1]) for element in a_page(document).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(lower - upper <= 1 for upper, lower in itertools.pairwise(levels))


def test_every_picture_says_what_it_shows() -> None:
    """Each picture has its own alternative text with step, page, address and moment, loads late and has its size."""
    result = a_result(steps=(a_step(1), a_step(2, "form_a", picture_alt="An empty form."), a_step(3, "support_inbox")))
    page = a_page(a_document(result))
    pictures = page.all("img")
    assert len(pictures) == 3
    assert len({picture.attributes["alt"] for picture in pictures}) == 3
    alt = pictures[1].attributes["alt"]
    assert "Step 2, objection form, first address" in alt
    assert "https://www.facebook.com/form_a" in alt
    assert "25 November 2026 at 07:30:18 UTC" in alt
    assert "An empty form." in alt
    for picture in pictures:
        assert picture.attributes["loading"] == "lazy"
        assert (picture.attributes["width"], picture.attributes["height"]) == ("1280", "900")
        assert picture.parent is not None
        assert picture.parent.attributes["href"] == picture.attributes["src"], "opens in full"


def test_pictures_lie_in_the_evidence_folder() -> None:
    """Addresses of pictures are relative and quoted, whatever folders are called; an absolute folder stays so."""
    step = a_step(1, picture="pictures/01-é #?.png")
    result = a_result(
        steps=(step,), evidence=(an_artifact(step.picture or ""),), bundle=BundleRef("atelier 100%", "0" * 64)
    )
    quoted = "atelier%20100%25/pictures/01-%C3%A9%20%23%3F.png"
    for root, wanted in (("", quoted), ("..", f"../{quoted}"), ("a b/", f"a%20b/{quoted}")):
        (picture,) = a_page(a_document(result), evidence_root=root).all("img")
        assert picture.attributes["src"] == wanted
    absolute = replace(result, bundle=BundleRef("/srv/proof", "0" * 64))
    (picture,) = a_page(a_document(absolute), evidence_root="..").all("img")
    assert picture.attributes["src"].startswith("/srv/proof/pictures/")


@pytest.mark.parametrize(
    "result",
    [
        a_result(steps=(a_step(1, picture=None),)),
        a_result(steps=(a_step(1, picture="pictures/not-listed.png"),)),
        a_result(bundle=None, evidence=()),
    ],
    ids=["not taken", "not in the evidence", "no evidence folder"],
)
def test_a_missing_picture_is_said(result: Result) -> None:
    """A step without a kept picture says so and shows no broken one; signals do not point to it."""
    page = a_page(a_document(replace(result, signals=(a_signal(picture=result.steps[0].picture),))))
    assert page.faults == []
    assert not page.all("img")
    assert page.words().count("No picture of this step was kept.") == len(result.steps)
    assert "picture 1" not in page.words()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_stand_in_is_said_first_and_everywhere(lang: str) -> None:
    """A rehearsal is announced before anything else, and in each account's own section."""
    say = language(lang).gettext
    warning = plain(say("The pages were a local stand-in: this says nothing about a real account."))
    title = plain(say("This was a rehearsal, not a real account"))
    real = a_page(a_document(a_result()), lang).words()
    assert title not in real
    assert warning not in real
    by_run = a_document(a_result("a"), a_result("b"), stand_in=True)
    by_visit = a_document(a_result("a", environment=an_environment(stand_in=True)))
    for document, accounts in ((by_run, 2), (by_visit, 1)):
        words = a_page(document, lang).words()
        assert words.index(title) < words.index(say("It proves"))
        assert words.count(warning) == accounts


def test_a_flow_never_verified_is_said_first() -> None:
    """The reader learns before the answers which flows nobody has compared with the live site, or too long ago."""
    never = a_result("a", flow_verified=Verified("never", None, 90))
    stale = a_result("b", flow="linkedin.ai_training", flow_verified=Verified("stale", "2025-01-02", 90))
    words = a_page(a_document(never, stale)).words()
    head = words[: words.index("It proves")]
    assert "No person has compared these flows with the live site: “Facebook: objection to AI training”." in head
    assert "Have these flows compared again: “linkedin.ai_training”." in head
    assert "never on the live site" in words
    assert "on 2 January 2025, too long ago" in words
    current = a_page(a_document(a_result())).words()
    assert "live site" not in current[: current.index("It proves")]
    assert "on 2 November 2026" in current


def test_a_write_let_through_changes_what_the_report_claims() -> None:
    """With a breach the page does not claim that nothing was written; it warns at the top and at the account."""
    claim = "that the guard let no write through while the accounts were read."
    assert claim in a_page().words()
    words = a_page(a_document(a_result(guard=a_guard_record(writes_let_through=2)))).words()
    assert claim not in words
    assert words.index("A write may have left the browser") < words.index("It proves")
    assert "Do not rely on this answer." in words
    assert "2 requests other than reads left the browser" in words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_claims_come_before_the_answers(lang: str) -> None:
    """What the evidence proves and what not stands before the counts, and they before the accounts."""
    words, page = language(lang), a_page(every_answer(), lang)
    order = ["What this report proves, and what it does not", "At a glance", "The accounts", "Account by account"]
    assert [h.text for h in page.all("h2")][:4] == [words.gettext(title) for title in order]
    text = page.words()
    for claim in ("what a bailiff's record would: no court officer was there.",):
        assert plain(words.gettext(claim)) in text


def test_counts_are_right() -> None:
    """Each verdict is counted, and so is how many stand as wanted."""
    answers = [a_result(f"a{i}", Verdict.OBJECTED) for i in range(3)]
    answers += [a_result("b", Verdict.REFUSED), a_result("c", reason=Reason.TIMEOUT)]
    page = a_page(a_document(*answers))
    (counts,) = [e for e in page.all("ul") if e.attributes.get("class") == "counts"]
    got = {item.children[1].text: int(item.children[0].text) for item in counts.children}
    assert got == {VERDICT_NAMES[v]: 0 for v in Verdict} | {"Objected": 3, "Refused": 1, "Unknown": 1}
    assert "3 accounts as wanted 1 not as wanted 1 still open" in page.words()
    rects = [(float(r.attributes["x"]), float(r.attributes["width"])) for r in page.all("rect")]
    assert rects == [(0, 60), (60, 20), (80, 20)]


def test_an_answer_is_never_told_by_colour_alone() -> None:
    """Every badge carries its symbol, hidden from those who hear the page, and its word."""
    page = a_page(every_answer())
    badges = [e for e in page.all("span") if e.attributes.get("class", "").startswith("badge")]
    assert len(badges) > len(Verdict)
    for badge in badges:
        verdict = Verdict(badge.attributes["class"].removeprefix("badge v-"))
        assert badge.text == VERDICT_NAMES[verdict]
        (icon,) = badge.children
        assert icon.attributes["aria-hidden"] == "true"
        assert icon.children[0].attributes["href"] == f"#i-{verdict.value}"


def test_tables_name_their_rows_and_columns() -> None:
    """Every heading cell says what it heads, and every table has a caption."""
    page = a_page(every_answer())
    tables = page.all("table")
    assert len(tables) > 10
    assert all(table.children[0].tag == "caption" and table.children[0].text.strip() for table in tables)
    assert {th.attributes.get("scope") for th in page.all("th")} == {"col", "row", "rowgroup"}


def test_a_page_is_as_good_as_its_weakest_author() -> None:
    """The line of a Page shows the weakest answer among its authors, and whose it is."""
    page = a_page(
        a_document(
            a_result("strong", Verdict.OBJECTED, page="Luthier"), a_result("weak", Verdict.NOT_OBJECTED, page="Luthier")
        )
    )
    (line,) = [e for e in page.all("tr") if e.attributes.get("class") == "page"]
    assert line.words == "Page Luthier no better off than its weakest author: Not objected weak"


def test_the_reader_is_told_what_to_do() -> None:
    """Numbered steps, who acts, the address that answered, the service's words and a reason to copy, all together."""
    page = a_page(a_document(a_result(locale="fr-FR")))
    (section,) = [e for e in page.all("div") if e.attributes.get("class") == "next"]
    (steps,) = [e for e in section.children if e.tag == "ol"]
    assert [step.text for step in steps.children] == [
        "Sign in with this account and open the form at the address below.",
        "Send the form yourself, and keep the confirmation.",
    ]
    text = section.words
    assert "The person whose account it is" in text
    assert "Paramètres et confidentialité→, Centre de confidentialité→, (words not known)" in text
    links = [e for e in page.all("a") if e.attributes["href"].startswith("https://")]
    assert {e.attributes["href"] for e in links if e.inside("article")} == {FORM_A}
    assert all(e.attributes["rel"] == "noreferrer noopener" for e in links)
    assert FORM_B not in text
    (reason,) = [e for e in page.all("blockquote") if e.attributes.get("class") == "copy"]
    assert reason.text == a_guide().reason_text["fr"]
    assert reason.attributes["lang"] == "fr"


def test_the_reader_is_told_why() -> None:
    """Each signal says what it means, quotes what was seen in its language, where, how, and in which picture."""
    signal = Signal(
        "reply.accepted",
        SignalKind.TEXT,
        "support_inbox",
        "sentence of the reply",
        "Vamos a aceptar tu objeción",
        Wording.ASSUMED,
        "es",
        "pictures/03-support_inbox.png",
    )
    page = a_page(a_document(a_result(signals=(signal,))), "fr")
    (said,) = [e for e in page.all("ul") if e.attributes.get("class") == "signals"]
    text = said.words
    for part in (
        "Réponse du service : opposition honorée",
        "Vamos a aceptar tu objeción",
        "espace d’assistance · phrase de la réponse · mots supposés",
        "image 3",
        "reply.accepted",
    ):
        assert part in text
    (quote,) = [e for e in page.all("blockquote") if "aceptar" in e.text]
    assert quote.attributes["lang"] == "es"
    (link,) = [e for e in page.all("a") if "image" in e.text]
    assert page.by_id(link.attributes["href"][1:]).tag == "li"


def test_the_form_is_shown_without_its_contents() -> None:
    """Fields with kind, required and filled, three-valued; the submit control; the whole fingerprint."""
    form = a_form(
        fields=(
            *a_form().fields,
            replace(a_form().fields[0], label="Country", kind="select", required=None, filled=None, chosen="France"),
        ),
        submit_enabled=False,
    )
    page = a_page(a_document(a_result(form=form)))
    words = page.words()
    rows = [[cell.text for cell in row.children] for row in page.all("tr")]
    assert ["E-mail", "e-mail address", "yes", "yes"] in rows
    assert ["How this impacts you", "longer text", "no", "no"] in rows
    assert ["Country", "list (France)", "not said", "not said"] in rows
    assert "Submit (not active yet)" in words
    assert form.fingerprint in words


def test_the_reader_can_verify() -> None:
    """Every file with its SHA-256, the manifest's own digest, and commands that can be pasted, folder quoted."""
    result = a_result(bundle=BundleRef("it's here", A_DIGEST))
    page = a_page(a_document(result))
    (commands,) = page.all("pre")
    assert commands.text.splitlines() == [
        """cd 'it'"'"'s here'""",
        "sha256sum manifest-sha256.txt",
        "sha256sum -c manifest-sha256.txt",
    ]
    text = page.words()
    for artifact in result.evidence:
        assert artifact.path in text
        assert artifact.sha256 in text
    assert text.count(A_DIGEST) >= len(result.evidence) + 1


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_is_explained(reason: Reason, lang: str) -> None:
    """What a reason means stands in the account's section, together with the reason's own name."""
    words = a_page(a_document(a_result(reason=reason)), lang).words()
    assert plain(language(lang).gettext(REASONS[reason].meaning)) in words
    assert f"{reason.verdict.value}: {reason.value}" in words


def test_the_french_page_is_french() -> None:
    """No sentence of the English catalogue is left on the French page."""
    from babel.messages.pofile import read_po

    from automation.reports.language import _CATALOGUES

    with (_CATALOGUES / "fr" / "LC_MESSAGES" / "temoin.po").open("rb") as file:
        sentences = [m.id for m in read_po(file, locale="fr") if isinstance(m.id, str) and m.id != m.string]
    page = a_page(every_answer(), "fr")
    text = "\n".join(e.text for e in page.all("body")) + "\n".join(i.attributes["alt"] for i in page.all("img"))
    left = [s for s in sentences if len(s) > 12 and "%(" not in s and language("en").typeset(s) in text]
    assert left == []
    assert page.all("html")[0].attributes["lang"] == "fr"


def test_foreign_words_say_their_language() -> None:
    """What cannot be translated is marked as English, so that it is read out as English."""
    signals = (a_signal(how="by hand, twice"),)
    unknown = a_result(because_key="new", because="The lever stands upright.", signals=signals)
    page = a_page(a_document(unknown), "fr")
    for text in ("The lever stands upright.", "by hand, twice"):
        assert any(e.attributes.get("lang") == "en" for e in page.elements if e.text == text), text


def test_the_page_leads_to_its_other_language() -> None:
    """The link names the other language in that language, and cannot become a script."""
    page = a_page(other_languages={"fr": "report.fr.html", "en": "javascript:alert(1)"})
    links = {e.text: e.attributes for e in page.all("a") if "hreflang" in e.attributes}
    assert links["Français"] == {"href": "report.fr.html", "hreflang": "fr", "lang": "fr"}
    assert links["English"]["href"] == "javascript%3Aalert%281%29"
    assert not a_page(other_languages={}).all("nav")


def test_an_unknown_language_is_refused() -> None:
    """A language without a report is one clear error."""
    with pytest.raises(ConfigurationError, match="no report in the language 'de'"):
        a_page(lang="de")


def test_names_that_make_no_id_and_names_twice() -> None:
    """Accounts whose names cannot stand in an id, or that come twice, still have sections of their own."""
    document = a_document(a_result("a"), a_result("a"), a_result("Ünïcode name"), a_result(""))
    page = a_page(document)
    ids = [e.attributes["id"] for e in page.all("article")]
    assert ids[0] == "account-a"
    assert len(set(ids)) == 4


def test_a_run_of_thousands_stays_readable() -> None:
    """2,000 accounts make a page within seconds, small enough to open, with all answers and every next step."""
    answers = [a_result(f"account-{i}", list(Verdict)[i % 5], owner=f"Owner {i // 10}") for i in range(2000)]
    began = time.monotonic()
    text = render(a_document(*answers), GUIDES, "fr", evidence_root="run", other_languages={})
    assert time.monotonic() - began < 10
    assert len(text) < 10_000_000
    assert text.count("<article ") == text.count("</article>") == 2000
    assert "<img" not in text
    assert "preuves de chaque compte" in text


def test_up_to_hundreds_everything_is_shown() -> None:
    """Up to the limit nothing is left out; one account more, and the page says what it leaves out."""
    answers = [a_result(f"account-{i}") for i in range(FULL_UP_TO + 1)]
    full, kept = (
        render(a_document(*some), GUIDES, "en", evidence_root="", other_languages={})
        for some in (answers[:-1], answers)
    )
    assert full.count("<img ") == 3 * FULL_UP_TO
    assert "With this many accounts" not in full
    assert "With this many accounts" in kept
    assert all(f'id="account-account-{i}"' in kept for i in range(FULL_UP_TO + 1))


def test_no_wish_is_not_called_as_wished() -> None:
    """An account without an expectation says that none was given; a missed one says what was wanted."""
    words = a_page(a_document(a_result("a", Verdict.REFUSED, expect=None))).words()
    assert f"{OUTCOME_NAMES[Outcome.OK]}no wish was given" in words
    assert "wanted: Objected" in a_page(a_document(a_result("a", Verdict.REFUSED))).words()
