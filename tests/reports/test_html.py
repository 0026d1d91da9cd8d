"""What the page says: what it proves first, then who stands where, what to do, and why."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from automation.core.cases import OVERDUE, Case, CaseEvent, CaseSource, CaseState
from automation.core.records import BundleRef
from automation.core.results import Filing, Outcome, Verified
from automation.core.signals import SignalName, Wording
from automation.core.verdicts import Reason, Verdict
from automation.reports.background import FULL_UP_TO, Background
from automation.reports.messages import REASONS
from automation.reports.names import NOTHING_EXPECTED, OUTCOME_NAMES, VERDICT_NAMES
from automation.text.catalogue import LANGUAGES
from automation.text.language import language
from tests.builders import (
    A_DIGEST,
    A_MOMENT,
    FORM_A,
    FORM_B,
    a_document,
    a_form,
    a_guard_record,
    a_guide,
    a_result,
    a_signal,
    an_environment,
)
from tests.reports.pages import GUIDES, TakenApart, a_page, every_answer, plain, render


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
def test_the_answer_comes_first(lang: str) -> None:
    """Counts and what to do come before the accounts; what is proved after them, with a link from the head."""
    words, page = language(lang), a_page(every_answer(), lang)
    proof = "What this report proves, and what it does not"
    order = ["At a glance", "What to do now", "The accounts", "Account by account", proof]
    assert [h.text for h in page.all("h2")][:5] == [words.gettext(title) for title in order]
    (link,) = [e for e in page.all("a") if e.attributes.get("href") == "#proof"]
    assert link.inside("header")
    text = page.words()
    for claim in (
        "what the service's own database holds, or what the service does with the content;",
        (
            "who ran Témoin and when, to someone who does not trust that person: no third party signed or time-stamped "
            "the folders;"
        ),
        "what a bailiff's record would: no court officer was there.",
    ):
        assert plain(words.gettext(claim)) in text


def test_counts_are_right() -> None:
    """Each verdict is counted, and so is how many stand as wanted."""
    answers = [a_result(f"a{i}", Verdict.OBJECTED) for i in range(3)]
    answers += [a_result("b", Verdict.REFUSED), a_result("c", reason=Reason.TIMEOUT)]
    page = a_page(a_document(*answers))
    (counts,) = [e for e in page.all("ul") if e.attributes.get("class") == "counts"]
    got = {item.children[1].text: int(item.children[0].text) for item in counts.children}
    assert got == {VERDICT_NAMES[v]: 0 for v in Verdict} | {"Objected": 3, "Refused": 1, "Unknown": 1}
    assert page.all("h1")[0].words == "5 accounts: 3 in order, 1 to act on, 1 to clear up"


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
    assert line.words == "Page Luthier protected only if all its authors object; the least protected: Not objected weak"


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
    (reason,) = [e for e in page.all("blockquote") if e.attributes.get("class") == "copy" and e.inside("article")]
    assert reason.text == a_guide().reason_text["fr"]
    assert reason.attributes["lang"] == "fr"


def test_the_reader_is_told_why() -> None:
    """Each signal says what it means, quotes what was seen in its language, where, how, and in which picture."""
    signal = a_signal(
        SignalName.REPLY_ACCEPTED,
        surface="support_inbox",
        quote="Vamos a aceptar tu objeción",
        wording=Wording.ASSUMED,
        locale="es",
        picture="pictures/03-support_inbox.png",
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


def test_the_guard_record_is_shown_by_rule() -> None:
    """Each rule with what it is about, its name, while what was done, and how many requests."""
    page = a_page(a_document(a_result(guard=a_guard_record(sign_in_requests=3))), "fr")
    rows = [[plain(cell.text) for cell in row.children] for row in page.all("tr")]
    assert ["pages, images et données consultées get", "lecture", "212"] in rows
    assert ["statistiques d’usage telemetry", "lecture", "41"] in rows
    assert "0 requête autre que de lecture a quitté le navigateur" in page.words()
    assert "la connexion a demandé 3 requêtes." in page.words()
    assert "Test du garde-fou avant la visite : réussi" in page.words()


def test_the_reader_can_verify() -> None:
    """Every file with its SHA-256, the manifest's own digest, and commands that can be pasted, folder quoted."""
    result = a_result(bundle=BundleRef("it's here", A_DIGEST))
    page = a_page(a_document(result))
    ours, plain_tools = page.all("pre")
    assert ours.text == """temoin verify 'it'"'"'s here'"""
    assert plain_tools.text.splitlines() == [
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

    from automation.text.catalogue import FOLDER

    with (FOLDER / "fr" / "LC_MESSAGES" / "temoin.po").open("rb") as file:
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


def test_names_that_make_no_id_and_names_twice() -> None:
    """Accounts whose names cannot stand in an id, or that come twice, still have sections of their own."""
    document = a_document(a_result("a"), a_result("a"), a_result("Ünïcode name"), a_result(""))
    page = a_page(document)
    ids = [e.attributes["id"] for e in page.all("article")]
    assert ids[0] == "account-a"
    assert len(set(ids)) == 4


def test_a_run_of_thousands_stays_readable() -> None:
    """2,000 accounts make a page within seconds, small enough to open: each in the table, each led to its next step."""
    answers = [a_result(f"account-{i}", list(Verdict)[i % 5], owner=f"Owner {i // 10}") for i in range(2000)]
    began = time.process_time()
    text = render(a_document(*answers), GUIDES, "fr", evidence_root="run", other_languages={})
    assert time.process_time() - began < 10
    assert len(text) < 3_000_000
    page = TakenApart(text)
    rows = [e for e in page.all("tr") if "row" in e.attributes.get("class", "").split()]
    assert len(rows) == 2000
    sections = {e.attributes["id"]: e for e in page.all("article")}
    assert len(sections) == 5, "one for each answer"
    leads = [
        e.attributes["href"][1:]
        for e in page.all("a")
        if e.parent and "next-short" in e.parent.attributes.get("class", "")
    ]
    assert len(leads) == 2000
    assert set(leads) == set(sections)
    (refused,) = [e for e in sections.values() if e.words.startswith("Refusée")]
    assert "400 comptes" in refused.words
    assert "<img" not in text
    assert "preuves de chaque compte" in text


def test_up_to_hundreds_everything_is_shown() -> None:
    """Up to the limit nothing is left out; one account more, and the page says what it leaves out and where it is."""
    answers = [a_result(f"account-{i}") for i in range(FULL_UP_TO + 1)]
    full, kept = (render(a_document(*some), GUIDES, "en") for some in (answers[:-1], answers))
    assert full.count("<img ") == 3 * FULL_UP_TO
    assert "With this many accounts" not in full
    assert "With this many accounts" in kept
    for i in range(FULL_UP_TO + 1):
        assert f'id="account-account-{i}"' in kept
        assert f'href="account-{i}/"' in kept, "the name leads to the evidence"


def test_no_wish_is_not_called_as_wished() -> None:
    """An account without an expectation says so instead of "as wanted", and the title counts it apart; a missed one says what was wanted."""
    words = a_page(a_document(a_result("a", Verdict.REFUSED, expect=None))).words()
    assert NOTHING_EXPECTED in words
    assert f"{OUTCOME_NAMES[Outcome.OK]}no answer" not in words
    assert "wanted: Objected" in a_page(a_document(a_result("a", Verdict.REFUSED))).words()


def test_a_case_is_shown_with_its_moments_and_who_filed_it() -> None:
    """The account's page names who filed it, how far it has come, and in both languages what an overdue case needs."""
    filed = A_MOMENT - timedelta(days=40)
    events = (
        CaseEvent(CaseState.RELEASED, filed, CaseSource.FILING, "Anne <b>"),
        CaseEvent(CaseState.FILED, filed, CaseSource.FILING),
        CaseEvent(CaseState.ACKNOWLEDGED, filed + timedelta(days=2), CaseSource.CHECK),
    )
    case = Case("0011aabb", "atelier-facebook", "facebook.ai_objection", "1", events, reference="AB-1")
    filing = Filing("Anne <b>", filed, filed, "www.facebook.com", "1", ("Email address",))
    document = a_document(a_result(filing=filing))
    background = Background(cases={"atelier-facebook": (case,)})
    english = a_page(document, "en", background=background).words()
    french = a_page(document, "fr", background=background).words()
    for words in (
        "Filed by a person, attended",
        "Anne <b>",
        "Acknowledged, not decided yet",
        "AB-1",
        "No decision within 30",
    ):
        assert words in english
    assert "Pas de décision en 30 jours" in french


def test_an_overdue_objection_is_one_thing_to_do() -> None:
    """It stands first; the answer that was waited for is no second thing, but a sign-in that is missing is."""
    late = {"next_step": OVERDUE, "outcome": Outcome.FINDING}
    pending = a_document(a_result("late", Verdict.PENDING, **late), a_result("open"))
    words = a_page(pending).words()
    assert words.index("No decision on the objection within 30 days") < words.index("file the objection")
    assert words.count("wait for the answer") == 0
    unread = a_document(a_result("late", reason=Reason.LOGIN_REQUIRED, **late))
    assert "renew the sign-in" in a_page(unread).words()
