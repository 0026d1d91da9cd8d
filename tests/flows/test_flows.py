"""The shipped flows' files are in order, and a faulty one is refused with its place."""

from __future__ import annotations

import datetime as dt
import shutil
from itertools import combinations
from pathlib import Path

import pytest

import flows as shipped
from automation.authoring.audit import audit
from automation.core.errors import FlowError
from automation.core.signals import FlowKind, SignalName, vocabulary
from automation.core.verdicts import Verdict
from automation.flow import Flow, load_flow
from automation.flow.control_table import ObjectionTable
from automation.guard import GuardPolicy
from tests.edits import edit

HOME = Path(shipped.__file__).parent


def test_every_shipped_flow_is_in_order(flows: dict[str, Flow]) -> None:
    """No signal that nobody gives, no word under two opposed keys, guides in both languages for every state."""
    for flow_id, flow in flows.items():
        problems, notes = audit(flow)
        assert problems == [], flow_id
        assert "never compared with the live site" in notes, flow_id


@pytest.fixture(scope="session")
def answered(flows: dict[str, Flow]) -> dict[str, Flow]:
    """The flows of Facebook and Instagram: a form and an inbox."""
    return {name: flow for name, flow in flows.items() if flow.site.id in shipped.ANSWERED}


def test_every_verdict_of_a_page_can_be_given(answered: dict[str, Flow]) -> None:
    """The states of both flows cover every answer that a page can give."""
    for flow in answered.values():
        assert {s.verdict for s in flow.states} == {v for v in Verdict if v.is_answer}


_ANSWERS = {
    Verdict.OBJECTED: {SignalName.REPLY_ACCEPTED, SignalName.PAGE_ACCEPTED},
    Verdict.REFUSED: {SignalName.REPLY_REFUSED, SignalName.PAGE_REFUSED},
    Verdict.PENDING: {SignalName.REPLY_PENDING, SignalName.REPLY_MORE_INFORMATION, SignalName.PAGE_PENDING},
}
"""What says each verdict in words."""


def test_no_state_stands_beside_an_answer_of_another_verdict(answered: dict[str, Flow]) -> None:
    """Every state that needs the person's own account forbids whatever says another verdict, on a page or in a reply."""
    for flow in answered.values():
        for state in flow.states:
            if SignalName.IDENTITY_SAME in state.needs:
                others = {name for verdict, names in _ANSWERS.items() if verdict is not state.verdict for name in names}
                assert others <= set(state.forbids), (flow.id, state.because)


def test_no_state_stands_beside_a_doubt(answered: dict[str, Flow]) -> None:
    """An answer that is not understood, or a login that acts as a Page, forbids all that is said of the person."""
    doubts = {SignalName.REPLY_UNCLEAR, SignalName.REPLY_UNCLASSIFIED, SignalName.IDENTITY_ACTING_AS_PAGE}
    for flow in answered.values():
        for state in flow.states:
            assert doubts <= set(state.forbids), (flow.id, state.because)
            if any(name.startswith("page.") for name in state.needs):
                assert {SignalName.FORM_OPEN, SignalName.PAGE_UNCLEAR} <= set(state.forbids), (flow.id, state.because)


def test_two_verdicts_never_hold_at_once(answered: dict[str, Flow]) -> None:
    """Of two states with different verdicts, one forbids something that the other one needs and that tells them apart."""
    for flow in answered.values():
        for one, other in combinations(flow.states, 2):
            if one.verdict is not other.verdict:
                told = set(one.needs) ^ set(other.needs)
                assert told & (set(one.needs) & set(other.forbids) | set(other.needs) & set(one.forbids))


def test_what_promises_most_allows_nothing_else(flows: dict[str, Flow]) -> None:
    """That no objection exists, or that a control protects, holds beside no other signal that its flow can read."""
    for flow in flows.values():
        kind = FlowKind.OBJECTION if isinstance(flow.rule, ObjectionTable) else FlowKind.CONTROL
        strictest = Verdict.NOT_OBJECTED if kind is FlowKind.OBJECTION else Verdict.OBJECTED
        states = [state for state in flow.states if state.verdict is strictest]
        assert states, flow.id
        for state in states:
            assert {*state.needs, *state.forbids} == {*vocabulary(kind)}, flow.id


def test_both_ids_of_both_products_are_probed(flows: dict[str, Flow]) -> None:
    """The four known addresses of the form and the place it may have moved to are all opened."""
    for flow, ids in (
        ("facebook.ai_objection", {"6359191084165019", "712876720715583"}),
        ("instagram.ai_objection", {"233964459562201", "767264225370182"}),
    ):
        objection = flows[flow].rule
        assert isinstance(objection, ObjectionTable)
        urls = [url for name in objection.forms for url in flows[flow].surfaces[name].urls]
        assert set(objection.form_ids) == ids
        assert all(any(url.endswith(i) for url in urls) for i in ids)
        assert "https://help.meta.com/support/privacy/" in urls


def test_acceptance_is_known_only_where_a_source_gives_it(answered: dict[str, Flow]) -> None:
    """English, Spanish and Italian have sourced words of acceptance; no other language may gain one unnoticed."""
    for flow in answered.values():
        assert flow.labels.languages("reply.accepted") == ("en", "es", "it")


def test_the_cookie_dialog_is_known_in_nineteen_languages(answered: dict[str, Flow]) -> None:
    """Every language for which a source gives the words of the cookie dialog has them."""
    for flow in answered.values():
        assert len(flow.labels.languages("cookies.decline")) == 19


def test_the_guards_part_of_a_site_is_read(flows: dict[str, Flow]) -> None:
    """The same file gives the guard its policy."""
    for flow in flows.values():
        assert GuardPolicy.parse(flow.site.tables)


def test_verification_ages(flows: dict[str, Flow]) -> None:
    """Never verified says so; an old entry is stale, a new one current, one for another kind does not count."""
    from dataclasses import replace

    from automation.flow.manifest import VerifiedEntry

    flow, today = flows["facebook.ai_objection"], dt.date(2026, 11, 25)
    assert flow.verification(today).state == "never"
    entry = VerifiedEntry(locale="fr-FR", kind="profile", date=dt.date(2026, 10, 1), evidence="sha256:0")
    flow = replace(flow, verified=(entry,))
    assert flow.verification(today).state == "current"
    assert flow.verification(dt.date(2027, 3, 1)).state == "stale"
    assert flow.verification(today, kind="page_admin").state == "never"
    assert flow.verification(today, locale="de-DE").state == "never"


@pytest.fixture
def a_copy(tmp_path: Path) -> Path:
    """A user's own folder with a copy of a flow."""
    for name in ("meta", "facebook"):
        shutil.copytree(HOME / name, tmp_path / name)
    return tmp_path / "facebook" / "ai_objection"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("flow.toml", 'revision = "2026-11-25"', "revision = 5", "revision"),
        ("flow.toml", 'revision = "2026-11-25"', 'colour = "red"', "colour"),
        ("flow.toml", "[surfaces.home]", "[surfaces.house]", "home"),
        ("flow.toml", "https://www.facebook.com/support/", "https://evil.example/support/", "evil.example"),
        ("flow.toml", 'id = "facebook.ai_objection"', 'id = "facebook.other"', "facebook.other"),
        ("flow.toml", "[guide]", "[guide", "TOML"),
        ("../../meta/labels.toml", 'source = "facts 2.1"', "sauce = 1", "source"),
        ("../site.toml", 'name = "Facebook"', "", "name"),
    ],
)
def test_a_faulty_flow_is_refused_with_its_place(a_copy: Path, file: str, old: str, new: str, says: str) -> None:
    """A mistake in a flow's files is one message that names the file and the key."""
    path = a_copy / file
    edit(path, old, new)
    with pytest.raises(FlowError) as caught:
        load_flow(a_copy)
    assert path.name in caught.value.message
    assert says in caught.value.message


def test_two_flows_of_one_name_are_refused(a_copy: Path) -> None:
    """A user's flow cannot take the name of a shipped one."""
    with pytest.raises(FlowError, match="exists already"):
        shipped.load([a_copy.parent.parent])
