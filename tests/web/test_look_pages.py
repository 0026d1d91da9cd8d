"""
Saying what a picture shows, in the window: with the lines as they were read, what it changes, and taking it back.

Real: sealed evidence, the flows, the file of looks, judging again, the server. Not real: the letter.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

import flows as shipped
from automation.app.check import Engine
from automation.app.demo import parts_of, window_file
from automation.app.live_looks import seen_live
from automation.authoring.replica import load_site
from automation.config import Settings, load
from automation.core.errors import ConfigurationError
from automation.flow import Flow
from automation.flow.looks import KeptLook, read_looks
from automation.text.language import language
from automation.visit.live_look import Viewer
from automation.web import look_pages, work
from tests.turns import HANGING_S
from tests.web.serving import Served, serving
from tests.web.waiting import DECISIVE, LETTER, OPPOSITE, strangers

Serve = Callable[..., AbstractContextManager[Served]]
PAGE = "accounts/anna-facebook/look"


@pytest.fixture
def serve(tmp_path: Path, flows: dict[str, Flow], monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Serves the pages over three accounts whose letter nobody knows."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for variable in ("TEMOIN_SECRETS__{}__USERNAME", "TEMOIN_SECRETS__{}__PASSWORD"):
        for name in ("ANNA_FACEBOOK", "PIOTR_FACEBOOK", "EWA_FACEBOOK"):
            monkeypatch.setenv(variable.format(name), "nobody")
    return lambda letter=LETTER, lang="en": serving(strangers(tmp_path, flows, letter), lang)


@pytest.fixture
def served(serve: Serve) -> Iterator[Served]:
    """The pages over the plain letter."""
    with serve() as page:
        yield page


def say(
    served: Served, says: str = "accepted", who: str = "Claire M.", sure: str = "", page: str = PAGE
) -> httpx.Response:
    """Press an answer, or with `sure` the button that takes it."""
    key = re.search(r'name="question" value="(\w+)"', served.get(page).text)
    return served.post(page, question=key[1] if key else "", says=says, who=who, sure=sure)


def looks(served: Served) -> tuple[KeptLook, ...]:
    """What is kept beside the configuration."""
    return read_looks(served.desk.config.parent / "looks.toml")


def test_the_card_offers_it_and_the_page_shows_the_letter(served: Served) -> None:
    """The button of the card leads there; each line stands there without names, with the picture of the page."""
    assert served.get().text.count('/look">Say what the picture shows') == 3
    text = served.get(PAGE).text
    assert DECISIVE in text
    assert "Anna" not in text
    picture = re.search(r'<img class="latest" src="[^"]*/(evidence/[^"]+)"', text)
    assert picture
    assert served.get(picture[1]).headers["content-type"] == "image/png"


def test_three_presses_answer_every_account_with_the_letter(served: Served) -> None:
    """First page, answer, yes: one question for one letter; nothing is kept before the yes, and all cards change."""
    assert '/look">1 answer to look at</a>' in served.get().text
    assert "2 other accounts are shown the same." in served.get("look").text
    asked = say(served, page="look").text
    assert [name for name in ("anna", "piotr", "ewa") if f"{name}-facebook" in asked] == ["anna", "piotr", "ewa"]
    assert looks(served) == ()
    taken = say(served, page="look", sure="accepted")
    assert re.search(r"/\?said=looked#card-\w+-facebook$", taken.headers["location"])
    [kept] = looks(served)
    assert (kept.look.by, kept.look.says) == ("Claire M.", "accepted")
    home = served.get().text
    assert "to look at" not in home
    assert "Say what the picture shows" not in home
    assert home.count("v-objected") == home.count("seen by Claire M. on") == 3
    assert served.get("accounts/piotr-facebook").text.count("v-objected")
    served.post("looks/revoke", look=kept.look.id, who="Paul")
    assert 'value="Claire M."' in served.get("look").text


def test_a_file_is_sealed_with_the_yes(served: Served) -> None:
    """The page that asks for the yes takes it, and says whose names in it are; what is none of the three is refused."""
    asked = say(served).text
    assert 'type="file"' in asked
    assert "names other people" in asked
    key = re.search(r'name="question" value="(\w+)"', asked)
    fields = {"token": served.door.form, "question": key[1] if key else "", "says": "accepted", "who": "Claire M."}

    def send(name: str, data: bytes) -> httpx.Response:
        headers = {"Origin": f"http://{served.door.host}"}
        with served.client() as client:
            return client.post(PAGE, data={**fields, "sure": "accepted"}, files={"file": (name, data)}, headers=headers)

    assert "no photograph" in send("page.html", b"<html>").text
    assert looks(served) == ()
    assert send("letter.pdf", b"%PDF-1.7\r\n\n\r%%EOF").status_code == 303
    [kept] = looks(served)
    [copy] = served.desk.settings().output.glob("*/seen-*")
    assert kept.look.files == (copy.name,)
    assert copy.read_bytes() == b"%PDF-1.7\r\n\n\r%%EOF"


def test_where_nothing_waits_its_page_says_so(served: Served) -> None:
    """The address of a question that was answered meanwhile, as in another window, leads to a message."""
    say(served, sure="accepted")
    answer = served.get("look")
    assert answer.status_code == 400
    assert "nothing waits for a look" in answer.text


def test_a_look_is_taken_back(served: Served) -> None:
    """The list has it; taken back, the cards ask again, and it stays in the list with who took it back."""
    say(served, sure="accepted")
    [kept] = looks(served)
    assert kept.look.id in served.get("looks").text
    assert served.post("looks/revoke", look=kept.look.id, who="Paul").status_code == 303
    assert "revoked by Paul" in served.get("looks").text
    assert served.get().text.count("Say what the picture shows") == 3
    assert served.post("looks/revoke", look=kept.look.id, who="Paul").status_code == 400


def test_what_may_not_be_said_is_told_and_not_kept(serve: Serve) -> None:
    """Against known words of the same letter; without a name; for another question than the one on the page."""
    with serve(f"{LETTER} {OPPOSITE}") as served:
        told = say(served, sure="accepted")
        assert told.status_code == 400
        assert "Not taken:" in told.text
        assert say(served, who=" ", sure="refused").status_code == 400
        served.post(PAGE, question="another", says="refused", who="Claire", sure="refused")
        assert looks(served) == ()


def test_evidence_that_was_changed_is_not_shown(served: Served) -> None:
    """What somebody looks at was sealed: with one word of it changed there is a message instead."""
    [file] = served.desk.settings().output.glob("*/*anna*/data/observation.json")
    file.chmod(0o600)
    file.write_bytes(file.read_bytes().replace(b"granted", b"refused"))
    answer = served.get(PAGE)
    assert answer.status_code == 400
    assert "not as it was sealed" in answer.text
    assert "wish is refused" not in answer.text


def test_who_looks_for_themselves_says_when_they_see_it(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account's pages are shown until the press, which a second one does not repeat; then the question is asked."""
    evidence = next(served.desk.settings().output.glob("*/*anna*"))

    def seen_live(settings: Settings, viewer: Viewer, _tell: object, _words: object, run: Engine) -> Path:
        assert [account.name for account in settings.accounts] == ["anna-facebook"]
        run(lambda _stop: viewer.sees())  # type: ignore[arg-type, return-value]
        return evidence

    monkeypatch.setattr(work, "seen_live", seen_live)
    monkeypatch.setattr(look_pages, "asked_for_key", lambda *_: None)
    assert "Look for yourself" in served.get("accounts/anna-facebook").text
    job = served.post("accounts/anna-facebook/live").headers["location"].partition("jobs/")[2]
    wait_for(lambda: "This is what I see" in served.get(f"jobs/{job}").text)
    for _ in range(2):
        assert served.post(f"jobs/{job}/pressed").status_code == 303
    wait_for(lambda: "accounts/anna-facebook/look" in served.get(f"jobs/{job}").text)


def test_an_account_with_an_answer_keeps_it(served: Served) -> None:
    """What waits for an answer would take its place: a look of one's own is neither offered nor begun."""
    say(served)
    say(served, sure="accepted")
    assert "Look for yourself" not in served.get("accounts/anna-facebook").text
    settings = load(served.desk.config)
    settings = replace(settings, accounts=tuple(one for one in settings.accounts if one.name == "anna-facebook"))
    with pytest.raises(ConfigurationError, match="has an answer"):
        seen_live(settings, Unasked(), lambda *_: None, language("en"), lambda _work: pytest.fail("began"))


class Unasked:
    """Nobody."""

    async def sees(self) -> None:
        """Not waited for."""
        pytest.fail("somebody was waited for")


def wait_for(so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + HANGING_S
    while not so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_from_the_demos_window_nothing_reaches_a_service(served: Served, tmp_path: Path) -> None:
    """Its accounts are read by the file that the demo writes; whatever would open a browser is refused."""
    root = served.desk.settings().output
    keys = root.with_name(f"{root.name}-keys")
    keys.mkdir()
    (keys / "trust.json").write_text("{}")
    for address in ("check", "accounts/anna-facebook/sign-in", "accounts/anna-facebook/object"):
        refused = served.post(address)
        assert refused.status_code == 400
        assert "These accounts are made up" in refused.text
    sites = {service: load_site(service) for service in shipped.ANSWERED}
    parts = list(parts_of(sites, everybody=False))
    settings = load(window_file(parts, tmp_path), for_signing_in=False)
    assert [account.name for account in settings.accounts] == [part.account.name for part in parts]
    assert settings.browser.replica_map == {"*": "127.0.0.1:9"}


@pytest.mark.thorough
def test_in_french_it_is_french(serve: Serve) -> None:
    """Question, answers and refusals alike."""
    with serve(lang="fr") as served:
        assert "Que dit cette réponse du service" in served.get(PAGE).text
        assert "Oui, c'est ce que je vois" in say(served).text.replace("’", "'")
