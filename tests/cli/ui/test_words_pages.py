"""
Saying what a service's answer means, in the window: shown with its picture, refused where it must be, lifted after.

Real: sealed evidence, the flows, the file of words, `temoin rejudge`'s judging, the server. Not real: the letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from automation.flow import Flow
from automation.flow.confirmed import read_confirmed
from automation.reading.inbox.confirming import Refusal
from tests.cli.ui.confirmable import HEDGED, strangers
from tests.cli.ui.serving import Served, serving
from tests.reading.test_confirmed_words import DECISIVE, POLISH

Serve = Callable[..., AbstractContextManager[Served]]


@pytest.fixture
def serve(tmp_path: Path, flows: dict[str, Flow], monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Serves the pages over three accounts whose letter nobody understands."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for variable in ("TEMOIN_SECRETS__{}__USERNAME", "TEMOIN_SECRETS__{}__PASSWORD"):
        for name in ("ANNA_FACEBOOK", "PIOTR_FACEBOOK", "EWA_FACEBOOK"):
            monkeypatch.setenv(variable.format(name), "nobody")
    return lambda letter=POLISH, lang="en": serving(strangers(tmp_path, flows, letter), lang)


@pytest.fixture
def served(serve: Serve) -> Iterator[Served]:
    """The pages over the plain letter."""
    with serve() as page:
        yield page


def number_of(text: str, sentence: str) -> str:
    """The value of the choice beside which a sentence stands."""
    found = re.search(rf'name="sentence" value="(\d+)"[^>]*><span><span[^>]*>{re.escape(sentence[:30])}', text)
    assert found, sentence
    return found[1]


def confirm(served: Served, sentence: str = DECISIVE, means: str = "accepted", who: str = "Claire M.") -> object:
    """Fill in the form as a person would."""
    page = served.get("accounts/anna-facebook/words").text
    return served.post("accounts/anna-facebook/words", sentence=number_of(page, sentence), means=means, who=who)


def test_the_card_offers_it_and_the_page_shows_the_answer(served: Served) -> None:
    """The button of the card leads there; each sentence stands there without names, with the picture of the page."""
    assert served.get().text.count('/words">Say what the answer means') == 3
    text = served.get("accounts/anna-facebook/words").text
    assert DECISIVE in text
    assert "Anna" not in text
    assert "Kowalska" not in text
    picture = re.search(r'<img class="latest" src="[^"]*/(evidence/[^"]+)"', text)
    assert picture
    assert served.get(picture[1]).headers["content-type"] == "image/png"


def test_the_pictures_are_called_in_the_language_of_the_page(serve: Serve) -> None:
    """Below each picture of the last visit stands what the flow calls that page, in French on a French page."""
    with serve(lang="fr") as page:
        text = page.get("accounts/anna-facebook").text
    captions = re.findall(r'<p class="small soft">\d+ · ([^<]+)</p>', text)
    assert captions
    assert not [caption for caption in captions if re.search(r"form [ab]|inbox|centre$|topic", caption)], captions


def test_confirmed_once_it_lifts_every_answer(served: Served) -> None:
    """A folder is made and named in temoin.toml, comments kept; all three answers are lifted, and can be checked."""
    assert confirm(served).headers["location"].endswith("/words?said=confirmed")  # type: ignore[attr-defined]
    written = served.desk.config.read_text()
    assert "# on the large disk" in written
    assert served.desk.settings().flow_paths == (served.desk.config.parent / "flows-of-ours",)
    [sentence] = read_confirmed(served.desk.config.parent / "flows-of-ours" / "words.toml")
    assert (sentence.who, sentence.means, sentence.locale) == ("Claire M.", "accepted", "pl")
    page = served.get("words").text
    assert "3 answers are understood now" in page
    assert page.count("v-objected") == 3
    assert page.count('type="hidden" name="account"') == 3
    home = served.get().text
    assert "Say what the answer means" not in home
    assert home.count("Check the account now") == 3


@pytest.mark.thorough
def test_a_meaning_is_taken_back(served: Served) -> None:
    """Revoked, nothing is lifted any more, and the card asks again; what is not there cannot be revoked."""
    confirm(served)
    [sentence] = read_confirmed(served.desk.config.parent / "flows-of-ours" / "words.toml")
    assert served.post("words/revoke", sentence=sentence.id).status_code == 303
    assert "No sentence is confirmed." in served.get("words").text
    assert "Say what the answer means" in served.get().text
    assert served.post("words/revoke", sentence=sentence.id).status_code == 400


def test_what_may_not_be_confirmed_is_said_beforehand_and_refused(serve: Serve) -> None:
    """A hedged sentence cannot be chosen, and says why; posted nevertheless it is refused, and nothing is written."""
    with serve((*POLISH[:2], HEDGED, *POLISH[3:])) as served:
        page = served.get("accounts/anna-facebook/words").text
        number = number_of(page, HEDGED)
        assert re.search(rf'value="{number}" required disabled', page)
        assert Refusal.HEDGES.value in page
        before = served.desk.config.read_text()
        answer = served.post("accounts/anna-facebook/words", sentence=number, means="accepted", who="Claire M.")
        assert answer.status_code == 400
        assert f"this sentence cannot be confirmed: {Refusal.HEDGES.value}" in answer.text
        assert 'value="Claire M."' in answer.text
        assert served.desk.config.read_text() == before
        assert not (served.desk.config.parent / "flows-of-ours").exists()


def test_the_opposite_of_what_was_confirmed_is_refused(served: Served) -> None:
    """A sentence has one meaning: said again with another, it is refused until the first is taken back."""
    confirm(served)
    answer = confirm(served, means="refused")
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert len(read_confirmed(served.desk.config.parent / "flows-of-ours" / "words.toml")) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("left_out", ["sentence", "means", "who"])
def test_nothing_is_confirmed_by_half(served: Served, left_out: str) -> None:
    """Which sentence, what it means and who says so: without one of them nothing is written."""
    number = number_of(served.get("accounts/anna-facebook/words").text, DECISIVE)
    fields = {"sentence": number, "means": "accepted", "who": "Claire M."} | {left_out: ""}
    answer = served.post("accounts/anna-facebook/words", **fields)
    assert answer.status_code == 400
    assert not (served.desk.config.parent / "flows-of-ours").exists()


def test_evidence_that_was_changed_is_not_shown(served: Served) -> None:
    """What somebody confirms was sealed: with one letter of it changed there is a message instead."""
    [file] = (served.desk.config.parent / "evidence").glob("*/*anna*/data/observation.json")
    file.chmod(0o600)
    file.write_bytes(file.read_bytes().replace("Uwzględnimy".encode(), b"Odrzucamy"))
    answer = served.get("accounts/anna-facebook/words")
    assert answer.status_code == 400
    assert "not as it was sealed" in answer.text
    assert "Odrzucamy" not in answer.text


@pytest.mark.thorough
def test_in_french_it_is_french(serve: Serve) -> None:
    """Question, meanings and refusals alike."""
    with serve((*POLISH[:2], HEDGED, *POLISH[3:]), "fr") as served:
        page = served.get("accounts/anna-facebook/words").text
        assert "Que dit la réponse" in page
        number = number_of(page, HEDGED)
        answer = served.post("accounts/anna-facebook/words", sentence=number, means="accepted", who="C").text
        assert "cette phrase ne peut pas être confirmée" in answer
        assert Refusal.HEDGES.value not in answer
