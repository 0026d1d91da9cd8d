"""What could be taken for evidence by its name or its words, and what an honest person keeps beside it."""

from __future__ import annotations

import pytest

from automation.evidence.formats.lookalikes import passes_by_content, passes_by_name, passes_for_a_run

PASSES = [
    "report.html",
    "report.en.html",
    "Report.EN.html",
    "REPORT.htm",
    "report(1).html",
    "report-en.html",
    "report..en.html",
    ".report.en.html",
    "#report.en.html#",
    "1-report.en.html",
    "report2.en.html",
    "report.en.html~",
    "rep0rt.en.html",
    "report-again.fr.html",
    "rapport.fr.html",
    "Rapport.pdf",
    "results.json",
    "Results.JSON",
    "results.csv",
    "result.json",
    "results_final.xlsx",
    "run.json",
    "run.dsse.json.bak",
    "run.head-third.tsr",
    "run-third.tsq",
    "ledger.jsonl",
    "ledger.json",
    "ledger.jsonl.bak",
    "Iedger.jsonl",
    "1edger.jsonl",
    "ledger.head.json",
    "ledger.lock.txt",
]
SPELT = (
    "report (1).html", "Copy of report.en.html", "report.en - Copie.html", "final report.html", "ledger (1).jsonl",
    "r\u0435port.en.html", "\uff52eport.en.html", "re\u200bport.en.html", "\ufeffreport.en.html", "report\u2024en\u2024html",
    "re\u0301port.en.html", "re\u00adport.en.html", "\U0001d42beport.en.html", "rap\u0440ort.fr.html", "re\u017fults.json",
    "r\u00e9sultats.json", "l\u0435dger.jsonl", "results.json ", "report.en.\u202elmth",
)  # fmt: skip
HONEST = (
    "notes.txt", "minutes.txt", "answer.pdf", "trust.json", "kept.txt", "history.sqlite3", ".DS_Store", "Thumbs.db",
    "desktop.ini", "visit.wacz", "accounts.csv", "complaint-atelier-cnil.pdf", "Réponse de Meta.eml", "Vollmacht.pdf",
    "Ответ службы поддержки.html", "委任状と契約書の写し.pdf", "الرد على الاعتراض.pdf", "mandat-2026.pdf", "transport.pdf",
    "evidence.tar.age", "out.json", "signer.pem",
)  # fmt: skip


@pytest.mark.parametrize("name", [*PASSES, *SPELT], ids=ascii)
def test_a_name_that_passes_for_a_sealed_one(name: str) -> None:
    """Copies, numbers, capitals, other scripts, unseen letters and other endings change nothing of what is read."""
    assert passes_by_name(name)


@pytest.mark.parametrize("name", HONEST, ids=ascii)
def test_a_name_that_passes_for_nothing(name: str) -> None:
    """What people keep beside evidence is called otherwise, in any script."""
    assert not passes_by_name(name)


@pytest.mark.parametrize(
    ("head", "passes"),
    [
        (b"<!doctype html><title>Objected - T\xc3\xa9moin</title>", True),
        ("<html><p>Témoin".encode("utf-16"), True),
        (b"<HTML><p>T&eacute;moin", True),
        (b"<html><p>T&#233;m&#x6f;in", True),
        ("<html>Te\u0301moin".encode(), True),
        (b"<html><p>TEMOIN", True),
        (b'{"at":"x","prev_sha256":null}', True),
        (b'\xef\xbb\xbf{"payloadType":"application/vnd.in-toto+json"}', True),
        (b"<html><p>Dear customer, we have received your objection.", False),
        (b"The ledger of T\xc3\xa9moin was handed over on Monday.", False),
        (b'the word "prev_sha256": stands in the manual', False),
        (b"", False),
    ],
)
def test_what_stands_in_a_file_counts(head: bytes, passes: bool) -> None:
    """A page that speaks as Témoin, a ledger or a signed document is known under any name, in any spelling."""
    assert passes_by_content(head) is passes


@pytest.mark.parametrize(
    ("name", "passes"),
    [
        ("20261130T093244Z-eb684b", True),
        ("20261130T093244Z-EB684B (1)", True),
        (".20261130T093244Z-eb684b", True),
        ("20261130T093244Z_eb684b.old", True),
        ("2026-11-30", False),
        ("letters", False),
    ],
)
def test_a_folder_that_passes_for_a_run(name: str, passes: bool) -> None:
    """A folder of a run's name is one to whoever looks at it."""
    assert passes_for_a_run(name) is passes
