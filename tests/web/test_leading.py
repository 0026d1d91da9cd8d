"""Pages that lead somewhere: to a window that opens, a schedule that is installed, a parcel; and in plain words."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from automation.cli.get_browser import Ended
from automation.core.observations import ProbeOutcome
from automation.core.verdicts import Reason
from automation.reports.as_json import to_json
from automation.text.language import language
from automation.web.desk import DeskSurroundings
from automation.web.jobs import Job, JobState
from tests.browser.test_finder import FULL, SHELL, FakeMachine
from tests.builders import a_document, a_probe, a_result, a_step, an_artifact
from tests.turns import HANGING_S
from tests.web.seeded import seed
from tests.web.serving import Served, at_a_desk, serving
from tests.web.test_pages import wait_until

CARD = "accounts/atelier-not-objected"


class Computer(FakeMachine):
    """A made-up one that has these programs, and notes what of its schedulers is run."""

    def __init__(self, *programs: str, system: str = "linux") -> None:
        super().__init__(system=system)
        self.ran: list[str] = []
        for program in programs:
            self.has(f"/usr/bin/{program}")

    def run(self, words: Sequence[str], text: str = "") -> tuple[int, str]:
        """Nothing is in any table yet."""
        self.ran.append(" ".join(words) + text)
        return (1, "") if words[-1] in {"-l", "/query"} else (0, "")


class Elsewhere(DeskSurroundings):
    """A desk on a made-up machine, where a whole browser is there once Playwright was asked for one."""

    def __init__(self, computer: Computer) -> None:
        self.machine, self.commands = computer, list[str]()

    def computer(self) -> Any:
        """The made-up one."""
        return self.machine

    def starts(self, *_: Any, **__: Any) -> object:
        """As if it had been started."""
        return None

    def runs(self, command: Sequence[str], _words: Any) -> Ended:
        """Note it, and have what it would bring."""
        self.commands.append(" ".join(command))
        self.machine.has(FULL)
        return Ended(0, "")


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Accounts with every verdict and their past, at a desk."""
    from pyrage import x25519

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TEMOIN_VAULT_KEY", str(x25519.Identity.generate()))
    at_a_desk(monkeypatch)
    with serving(seed(tmp_path, tmp_path / "data")) as page:
        yield page


def _at(served: Served, *programs: str, screen: bool = True, system: str = "linux") -> Elsewhere:
    computer = Computer(*programs, system=system)
    computer.variables |= {"DISPLAY": ":0"} if screen else {}
    served.desk.around = elsewhere = Elsewhere(computer)
    return elsewhere


def _job(served: Served, answer: httpx.Response) -> Job:
    job = served.jobs.get(answer.headers["location"].rpartition("/")[2])
    assert job is not None
    return job


@pytest.mark.parametrize("programs", [[SHELL], []])
def test_a_window_is_to_be_had_from_the_window(served: Served, programs: list[Path]) -> None:
    """Where no browser shows one, signing in leads to its offer; nothing is run before the yes, and then it goes on."""
    here = _at(served)
    for program in programs:
        here.machine.has(program)
    failed = _job(served, served.post("add/instagram.ai_objection", owner="Studio", kind="profile"))
    wait_until(lambda: failed.state is JobState.FAILED)
    page = served.get(f"jobs/{failed.id}").text
    assert "Install a browser that shows windows" in page
    assert "--only-shell" not in page
    assert "Install a browser that shows windows" in served.post(f"{CARD}/object").text
    job = _job(served, served.post("browser", back="add/instagram.ai_objection"))
    wait_until(lambda: job.about.question is not None)
    assert "280 MB" in served.get(f"jobs/{job.id}").text.replace("\N{NO-BREAK SPACE}", " ")
    assert here.commands == []
    served.post(f"jobs/{job.id}/pressed")
    wait_until(lambda: job.state is JobState.DONE)
    assert len(here.commands) == 1
    assert here.commands[0].endswith("playwright install chromium")
    assert 'add/instagram.ai_objection">Go on' in served.get(f"jobs/{job.id}").text


def test_without_a_screen_the_first_page_says_so(served: Served) -> None:
    """Before anything is filled in, with the way to bring a session; with a screen there is no such word."""
    for screen in (False, True):
        _at(served, screen=screen)
        for path in ("", "add", "add/facebook.ai_objection"):
            assert ("temoin account import" in served.get(path).text) == (not screen)


@pytest.mark.parametrize(
    ("programs", "system", "ran"),
    [
        (["crontab"], "linux", "crontab -# temoin"),
        (["systemctl", "crontab"], "linux", "systemctl --user enable --now temoin.timer"),
        (["schtasks"], "win32", "schtasks /create"),
    ],
)
def test_one_button_installs_a_schedule(
    served: Served, tmp_path: Path, programs: list[str], system: str, ran: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the best scheduler of the machine, and no other is offered."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    here = _at(served, *programs, system=system)
    page = served.get("schedule").text
    assert page.count("Install the schedule") == 1
    way = re.findall(r'name="way" value="([\w-]+)"', page)
    assert served.post("schedule/install", way=way[0], every="week").status_code == 303
    assert any(line.startswith(ran) for line in here.machine.ran), here.machine.ran


def test_a_machine_without_a_scheduler_says_so(served: Served) -> None:
    """There is no button that could not work."""
    _at(served)
    page = served.get("schedule").text
    assert "none of the schedulers" in page
    assert "Install the schedule" not in page


def test_the_address_used_twice_gives_the_window(served: Served) -> None:
    """The browser that was let in comes back to its page; another one is told what to do, on a page."""
    invitation = served.door.invitation()
    with httpx.Client(timeout=HANGING_S) as browser:
        for _ in range(2):
            found = re.search(r"url=([^\"]+)", browser.get(invitation).text)
            assert found
            assert browser.get(f"http://{served.door.host}{found[1]}").status_code == 200
    with httpx.Client(timeout=HANGING_S) as other:
        assert "set-cookie" not in other.get(invitation).headers
        told = other.get(served.url)
        assert (told.status_code, told.headers["content-type"].partition(";")[0]) == (403, "text/html")
        assert "start it again" in told.text


def test_what_has_nothing_to_read_is_answered(served: Served) -> None:
    """WhatsApp, Messenger and Threads get what is known of them; a setting that proves nothing is not offered."""
    for sought, words in (
        ("whatsapp", "No training switch"),
        ("messenger", "objection form"),
        ("threads", "Meta’s objection form"),
    ):
        page = html.unescape(served.get(f"add?sought={sought}").text)
        assert words in page
        assert ".ai_objection." not in page
    every = html.unescape(served.get("add").text)
    assert "add/canva.ai_training" not in every
    assert "Read on pages in: German, English, Spanish, French, Italian and Portuguese" in every


WORDS = re.compile(
    r"not_objected|\.env\b|identity\.key|flow.s maintainer|mainteneur|TEMOIN_|\w+\.ai_(objection|training)\b"
)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_word_of_the_workshop_stands_on_a_page(served: Served, lang: str) -> None:
    """Every page that a link or a form leads to, and each account's own, is in words for people."""
    seen, waiting = set[str](), ["", "add/facebook.ai_objection", "add/linkedin.ai_training"]
    with served.client() as client:
        client.cookies.set("temoin-lang", lang)
        while waiting:
            path = waiting.pop().partition("#")[0]
            if path in seen or path.startswith(("static", "evidence", "report")):
                continue
            seen.add(path)
            page = client.get(path).text
            waiting += re.findall(rf'href="{served.door.root}([^"]*)"', page)
            said = html.unescape(
                re.sub(r"<script.*?</script>|<pre.*?</pre>|<code.*?</code>|<[^>]*>", " ", page, flags=re.DOTALL)
            )
            assert WORDS.findall(said) == [], (path, WORDS.search(said))
    assert {f"{CARD}", f"{CARD}/object", "schedule", "mailbox", "settings", "add"} <= seen


NODES = [
    {"i": 0, "p": -1, "t": "", "role": "RootWebArea", "name": "Claire Dupont", "shown": True},
    {"i": 1, "p": 0, "t": "H1", "role": "heading", "name": "Object to the use of your data", "shown": True},
    {"i": 2, "p": 0, "t": "P", "role": "paragraph", "name": "Born on 3 May in Lyon", "shown": True},
    {"i": 3, "p": 0, "t": "INPUT", "role": "checkbox", "name": "Tell Claire", "a": {"type": "checkbox"}, "shown": True},
]


@pytest.fixture
def changed(served: Served) -> Served:
    """An account whose form's page has another title than any source gives."""
    run = served.desk.settings().output / "run-9"
    bundle = run / "atelier-unknown"
    for folder in ("pages", "pictures"):
        (bundle / "data" / folder).mkdir(parents=True)
    page = {"schema": "temoin.page/1", "url": "x", "title": "Claire Dupont", "locale": "en", "nodes": NODES}
    (bundle / "data" / "pages" / "02-form_a.json.gz").write_bytes(gzip.compress(json.dumps(page).encode()))
    (bundle / "data" / "pictures" / "02-form_a.png").write_bytes(b"\x89PNG a picture")
    config = served.desk.config
    config.write_text(
        config.read_text()
        + '[[accounts]]\nname = "atelier-unknown"\nflow = "facebook.ai_objection"\nowner = "Claire Dupont"\n'
        + 'identity = "100083456710099"\n'
    )
    step = a_step(2, "form_a", picture="data/pictures/02-form_a.png")
    result = a_result(
        "atelier-unknown",
        reason=Reason.NOT_RECOGNISED,
        steps=(step,),
        signals=(),
        evidence=(an_artifact("data/pictures/02-form_a.png"),),
        probes=(a_probe(outcome=ProbeOutcome.UNRECOGNISED),),
    )
    document = a_document(replace(result, bundle=replace(result.bundle, path="atelier-unknown")), id="run-9")
    (run / "results.json").write_text(to_json(document))
    return served


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_an_unknown_shows_what_was_looked_for_beside_what_stood_there(changed: Served, lang: str) -> None:
    """On the account's page: the page, the title that is known, the one that stood there with its difference marked."""
    with changed.client() as client:
        client.cookies.set("temoin-lang", lang)
        page = html.unescape(client.get("accounts/atelier-unknown").text)
    for sentence in ("the title of the form", "Looked for", "There stood"):
        assert language(lang).gettext(sentence) in page
    assert "<mark>" in page
    assert "Object to the use of your data" in re.sub(r"</?mark>|\s+", " ", page).replace("  ", " ")
    assert "accounts/atelier-unknown/parcel" in page
    assert re.search(r'class="beside"><a class="zoom" href="[^"]*02-form_a.png"', page)


def test_a_parcel_is_shown_whole_and_holds_nobody(changed: Served) -> None:
    """What is shown is what the file holds, byte for byte; no picture unless chosen, and neither owner nor other text."""
    shown = html.unescape(
        re.findall(r"<pre[^>]*>(.*?)</pre>", changed.get("accounts/atelier-unknown/parcel").text, re.DOTALL)[0]
    )
    saved = changed.post("accounts/atelier-unknown/parcel").content
    assert saved == shown.encode()
    assert "Object to the use of your data" in shown
    for own in ("Claire", "Lyon", "Born", "100083456710099", "atelier-unknown"):
        assert own not in shown
    with_pictures = changed.post("accounts/atelier-unknown/parcel", pictures="yes")
    assert with_pictures.content[:2] == b"PK"
    assert b"\x89PNG a picture" in with_pictures.content
