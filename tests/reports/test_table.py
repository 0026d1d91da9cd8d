"""The table: narrow enough for any terminal, and of use without colour."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations

import pytest
from rich.cells import cell_len
from rich.console import Console

from automation.core.accounts import Account, AccountKind
from automation.core.results import Result, RunDocument, Verified
from automation.core.verdicts import Reason, Verdict
from automation.reports.as_table import render_table
from automation.reports.background import Background
from automation.reports.entries import by_owner, most_urgent_first
from automation.reports.messages import REASONS, VERDICTS
from automation.reports.names import VERDICT_NAMES
from automation.text.catalogue import LANGUAGES
from automation.text.language import language
from tests.builders import a_document, a_guard_record, a_guide, a_result, an_environment
from tests.reports.pages import TakenApart, plain, render

GUIDES = {"facebook.ai_objection": a_guide(), "instagram.ai_objection": a_guide(service="Instagram")}


def printed(
    document: RunDocument, lang: str = "en", *, width: int = 80, terminal: bool = False, encoding: str = "utf-8"
) -> str:
    """What a console of that width and encoding gets."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="")
    system = "truecolor" if terminal else None
    console = Console(file=file, width=width, force_terminal=terminal, color_system=system, legacy_windows=False)
    console.print(render_table(document, GUIDES, lang, width=width))
    file.flush()
    return raw.getvalue().decode(encoding)


def every_answer() -> RunDocument:
    """All verdicts and reasons, a Page, two owners, two services."""
    answers = [a_result(f"v-{v.value}", v) for v in Verdict if v.is_answer]
    answers += [a_result(f"r-{r.value}", reason=r, owner="Boulangerie Martin & Filles") for r in Reason]
    answers.append(a_result("author", Verdict.PENDING, kind="page_admin", page="Atelier Dupont, luthier"))
    answers.append(a_result("a-long-name-that-will-not-fit-into-any-column-at-all", flow="instagram.ai_objection"))
    return a_document(*answers)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [80, 60, 120])
def test_no_line_is_wider_than_the_terminal(lang: str, width: int) -> None:
    """Whatever the accounts are called, every line fits."""
    lines = printed(every_answer(), lang, width=width).splitlines()
    assert len(lines) > len(Verdict) + len(Reason)
    assert [line for line in lines if cell_len(line) > width] == []


def test_a_wide_console_is_not_filled_beyond_the_asked_width() -> None:
    """The given width holds even where the terminal is wider."""
    file = io.StringIO()
    Console(file=file, width=200).print(render_table(every_answer(), GUIDES, "fr", width=80))
    assert max(cell_len(line) for line in file.getvalue().splitlines()) <= 80


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", [None, *Reason])
def test_at_80_columns_an_account_is_one_line(reason: Reason | None, lang: str) -> None:
    """Name, answer with its symbol, service and what to do next stand on one line, for every reason."""
    say = language(lang).gettext
    result = a_result("atelier-facebook", reason=reason) if reason else a_result("atelier-facebook")
    message = REASONS[reason] if reason else VERDICTS[result.verdict]
    (line,) = [line for line in printed(a_document(result), lang).splitlines() if "atelier-facebook" in line]
    for part in ("Facebook", say(VERDICT_NAMES[result.verdict]), say(message.in_short)):
        assert part in line
    symbol = line.split()[1]
    assert len(symbol) == 1


def test_symbols_tell_the_verdicts_apart() -> None:
    """Each verdict has a symbol of its own, in Unicode and in ASCII."""
    for encoding in ("utf-8", "ascii"):
        answers = [a_result(f"account-{i}", v) for i, v in enumerate(v for v in Verdict if v.is_answer)]
        answers += [a_result("account-8", reason=Reason.CHALLENGE), a_result("account-9", reason=Reason.TIMEOUT)]
        lines = printed(a_document(*answers), encoding=encoding).splitlines()
        symbols = {line.split()[1] for line in lines if line.strip().startswith("account-")}
        assert len(symbols) == len(Verdict)


def test_colour_only_for_a_terminal() -> None:
    """A file or a pipe gets plain text; a terminal gets colour."""
    assert "\x1b" not in printed(every_answer())
    assert "\x1b[" in printed(every_answer(), terminal=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_ascii_terminal_gets_ascii(lang: str) -> None:
    """Where nothing but ASCII can be written the table is still readable and raises nothing."""
    document = a_document(a_result(owner="Éléonore שלום"), a_result("b", owner="x", reason=Reason.TIMEOUT))
    text = printed(document, lang, encoding="ascii")
    assert text.isascii()
    assert "Eleonore ????" in text


@pytest.mark.parametrize("terminal", [True, False])
def test_a_name_cannot_steer_the_terminal(terminal: bool) -> None:
    """Escape sequences, carriage returns and overrides in names arrive as replacement characters, markup as text."""
    name = "\x1b[2J\x1b]8;;http://x\x07a\rb\u202ec[red]d[/]"
    document = a_document(a_result(account=name, owner=name, page=name), a_result("b", owner="other"), output=name)
    text = printed(document, terminal=terminal)
    for character in ("\x1b[2J", "\x1b]8", "\x07", "\r", "\u202e"):
        assert character not in text
    assert "[red]" in text
    assert "\ufffd" in text


def test_owners_and_pages_head_their_accounts() -> None:
    """An owner heads her accounts when there are several, and a Page says how its weakest author stands."""
    text = printed(
        a_document(
            a_result("strong", Verdict.OBJECTED, page="Luthier"),
            a_result("weak", Verdict.NOT_OBJECTED, page="Luthier"),
            a_result("other", Verdict.OBJECTED, owner="Boulangerie Martin"),
        )
    )
    lines = [line.strip() for line in text.splitlines()]
    assert "Page Luthier, by its least protected author: ✗ Not objected" in lines
    assert lines.index("Atelier Dupont") < lines.index("Boulangerie Martin")
    assert "Atelier Dupont" not in printed(a_document(a_result()))


def test_the_summary_counts() -> None:
    """Below the table stand how many are as wanted, how many writes got through and where the evidence lies."""
    answers = (a_result("a", Verdict.OBJECTED), a_result("b", Verdict.REFUSED), a_result("c", reason=Reason.TIMEOUT))
    text = printed(a_document(*answers, output="proof/run-1"))
    assert "1 as wanted · 1 not as wanted · 1 still open" in text
    assert "0 writes let through" in text
    assert "Evidence: proof/run-1" in text
    breach = printed(a_document(a_result(guard=a_guard_record(writes_let_through=1))))
    assert "1 write let through" in breach


def test_what_nothing_was_expected_of_is_counted_apart() -> None:
    """An answer of an account without an expectation is neither as wanted nor otherwise, in both languages."""
    read = a_result("a", Verdict.NOT_OBJECTED, expect=None)
    text = printed(a_document(read, a_result("b", Verdict.OBJECTED)))
    assert "1 as wanted · 0 not as wanted · 0 still open · 1 read, nothing expected" in text
    assert "2 read, nothing expected" in printed(a_document(read, replace(read, account="c")))
    assert "1 lu, rien d’attendu" in printed(a_document(read), "fr")
    unknown = a_result("a", reason=Reason.TIMEOUT, expect=None)
    assert "nothing expected" not in printed(a_document(unknown)), "it is still open"


def test_why_an_answer_is_unknown_is_said() -> None:
    """Where the engine names a request, a word or a page, that stands below the table, of the first few accounts."""
    cause = "the guard refused what the page asked for: GET blog.example/ajax.php"
    blocked = [a_result(f"a-{number}", reason=Reason.GUARD_BLOCKED, because=cause) for number in range(6)]
    text = printed(a_document(*blocked, a_result("b", reason=Reason.TIMEOUT)), width=120)
    assert [line.strip() for line in text.splitlines() if cause in line] == [f"a-{n}: {cause}" for n in range(4)]
    assert text.count("b: ") == 0


def test_what_must_be_known_stands_below() -> None:
    """A stand-in and a flow that nobody verified, or too long ago, are said; otherwise nothing is."""
    rehearsal = printed(a_document(a_result(environment=an_environment(stand_in=True))))
    assert "says nothing about a real account" in rehearsal
    assert "says nothing about a real account" in printed(a_document(a_result(), stand_in=True))
    never = printed(a_document(a_result(flow_verified=Verified("never", None, 90))))
    assert "Flow never verified on the live site: “Facebook: objection to AI training”" in never
    stale = printed(a_document(a_result(flow_verified=Verified("stale", "2025-01-01", 90))))
    assert "Flow verified too long ago" in stale
    plain = printed(a_document(a_result()))
    assert "live site" not in plain
    assert "real account" not in plain


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_run_without_accounts_says_so(lang: str) -> None:
    """No result is one sentence, not an empty table."""
    text = printed(a_document(results=()), lang)
    assert text.split() == language(lang).gettext("No account was checked in this run.").split()


PAGE = {"kind": "page_admin", "page": "Atelier Dupont, luthier"}


def test_owners_stay_in_order_and_pages_come_first() -> None:
    """Owners appear as first met; in each, its Pages stand before its other accounts."""
    results = [
        a_result("b-1", owner="B"),
        a_result("a-1", owner="A"),
        a_result("b-2", owner="B", **PAGE),
        a_result("b-3", owner="B", **PAGE),
    ]
    households = by_owner(results)
    assert [household.owner for household in households] == ["B", "A"]
    pages = [(group.page, [r.account for r in group.members]) for group in households[0].groups]
    assert pages == [(PAGE["page"], ["b-2", "b-3"]), (None, ["b-1"])]


def test_a_page_of_the_same_name_elsewhere_is_another_page() -> None:
    """Authors on two services do not answer for each other, nor do those of two owners."""
    results = [
        a_result("one", **PAGE),
        a_result("two", flow="instagram.ai_objection", **PAGE),
        a_result("three", owner="Another", **PAGE),
    ]
    assert [[len(group.members) for group in household.groups] for household in by_owner(results)] == [[1, 1], [1]]


STRENGTH = [
    a_result("a", Verdict.NOT_OBJECTED),
    a_result("b", Verdict.REFUSED),
    a_result("c", Verdict.NOT_OFFERED),
    a_result("d", reason=Reason.TIMEOUT),
    a_result("e", reason=Reason.CHALLENGE),
    a_result("f", Verdict.PENDING),
    a_result("g", Verdict.OBJECTED),
]


@pytest.mark.parametrize(("weaker", "stronger"), list(combinations(STRENGTH, 2)))
def test_a_page_is_only_as_good_as_its_weakest_author(weaker: Result, stronger: Result) -> None:
    """Proven use outweighs doubt, doubt outweighs waiting, waiting outweighs an objection, in either order."""
    for pair in ([weaker, stronger], [stronger, weaker]):
        (household,) = by_owner([replace(result, **PAGE) for result in pair])
        assert household.groups[0].weakest.verdict is weaker.verdict


AUTHORS = [
    Account(name, "facebook.ai_objection", "Atelier Dupont", "1", AccountKind.PAGE_ADMIN, page)
    for name, page in (("one", PAGE["page"]), ("two", PAGE["page"]), ("three", "Another Page"))
]


@pytest.mark.parametrize(
    ("read", "of_the_page"),
    [
        (a_result("one", Verdict.OBJECTED), Verdict.UNKNOWN),
        (a_result("one", Verdict.PENDING), Verdict.UNKNOWN),
        (a_result("one", reason=Reason.TIMEOUT), Verdict.UNKNOWN),
        (a_result("one", Verdict.REFUSED), Verdict.REFUSED),
        (a_result("one", Verdict.NOT_OBJECTED), Verdict.NOT_OBJECTED),
    ],
)
def test_an_author_who_was_not_read_is_no_better_than_unknown(read: Result, of_the_page: Verdict) -> None:
    """A run over some of a Page's authors says nothing good of the Page, and names who is missing; nowhere else."""
    read = replace(read, owner="Atelier Dupont", **PAGE)
    (household,) = by_owner([read, a_result("own", Verdict.OBJECTED, owner="Atelier Dupont")], AUTHORS)
    page, own = household.groups
    assert (page.verdict, page.unread) == (of_the_page, ("two",))
    assert (own.verdict, own.unread) == (Verdict.OBJECTED, ())
    (whole,) = by_owner([read, replace(read, account="two")], AUTHORS)
    assert (whole.groups[0].verdict, whole.groups[0].unread) == (read.verdict, ())


@pytest.mark.parametrize(("lang", "says"), [("en", "not read here: two"), ("fr", "pas lu ici : two")])
def test_page_and_table_name_who_was_not_read(lang: str, says: str) -> None:
    """The line of a Page shows unknown instead of the one good answer, in the page and in the terminal."""
    document = a_document(replace(a_result("one", Verdict.OBJECTED), owner="Atelier Dupont", **PAGE))
    background = Background(authors=tuple(AUTHORS))
    words = language(lang).gettext
    page = TakenApart(render(document, {}, lang, background=background))
    (line,) = [e.words for e in page.all("span") if "weakest" in e.attributes.get("class", "")]
    assert words("Unknown") in line
    assert plain(says) in line
    assert words("Objected") not in line
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(render_table(document, {}, lang, width=80, background=background))
    text = plain(console.export_text())
    assert f"? {words('Unknown')} ({plain(says)})" in text


def test_what_needs_action_comes_first() -> None:
    """Findings, then open ones, then those as wanted; within each in the order given."""
    names = [
        r.account
        for r in most_urgent_first(
            [
                a_result("ok-1", Verdict.OBJECTED),
                a_result("open", Verdict.PENDING),
                a_result("bad-1", Verdict.REFUSED),
                a_result("ok-2", Verdict.OBJECTED),
                a_result("bad-2", Verdict.NOT_OBJECTED),
            ]
        )
    ]
    assert names == ["bad-1", "bad-2", "open", "ok-1", "ok-2"]
