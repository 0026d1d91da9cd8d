"""
Every scenario of the stand-ins, from sign-in to verdict, in a real browser under the guard.

`make test` plays two, `make check` six, `make test-all` all. What each of them says is read on stored
pages as well.

The stand-ins' words come from the documented facts and not from the flows' label tables, so a reader that only
knows its own table fails here. Real: the browser, TLS, the guard, the replica's server. Not real: the services.
"""

from __future__ import annotations

import asyncio
import json

import pytest
from pydantic import SecretStr

import flows
from automation.authoring.replica import Actor, load_site
from automation.config import AccountSecrets
from automation.core.accounts import Account, AccountKind, SignInMethod
from tests.builders import some_means
from tests.flows.playing import Played, play
from tests.stored.visits import answered
from tests.tiers import chosen

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1500)]


def label(actor: Actor) -> str:
    """Name of an actor's account."""
    return f"{actor.service}-{actor.scenario.replace('_', '-')}-{actor.locale.lower()}"


_FIRST = {(actor.service, actor.scenario): actor for actor in reversed(answered()) if actor.demo}
"""Of the demo's scenarios the one in their first language."""
_QUICK = {("facebook", "accepted"), ("instagram", "open")}
"""An objection, and nothing to be found: both services, every phase of a visit."""
_THOROUGH = {("facebook", "captcha"), ("facebook", "open_page_admin"), ("instagram", "two_step_phone")}
"""What only a person can do, who acts as a Page, and a second step of the sign-in: once, at either service."""


def tier(actor: Actor) -> list[pytest.MarkDecorator]:
    """When an actor is played."""
    scenario = actor.service, actor.scenario
    if actor is not _FIRST.get(scenario):
        return [pytest.mark.rare]
    return {scenario in _QUICK: [], scenario in _THOROUGH: [pytest.mark.thorough]}.get(True, [pytest.mark.rare])


ACTORS = [pytest.param(actor, marks=tier(actor)) for actor in answered()]


def account_of(actor: Actor) -> Account:
    """The account as its owner would write it down."""
    return Account(
        name=label(actor),
        flow=actor.flow,
        owner=actor.owner,
        identity=actor.identity,
        kind=AccountKind(actor.kind),
        page=actor.page,
        sign_in=SignInMethod.PASSWORD,
    )


def secrets_of(actor: Actor) -> AccountSecrets:
    """With what the account signs in."""
    totp = SecretStr(actor.totp_secret) if actor.totp_secret else None
    return AccountSecrets(SecretStr(actor.username), SecretStr(actor.password), totp)


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The actors of the tests that were chosen to run, once."""
    folder, actors = tmp_path_factory.mktemp("suite"), chosen(request, __file__)
    sites, means = [load_site(service) for service in flows.ANSWERED], some_means(folder.with_name("data"))
    secrets = {label(actor): secrets_of(actor) for actor in actors}
    return asyncio.run(play(folder, sites, [account_of(actor) for actor in actors], means, secrets))


@pytest.mark.parametrize("actor", ACTORS, ids=label)
def test_the_verdict_is_right_or_an_honest_unknown(played: Played, actor: Actor) -> None:
    """What the stand-in shows is what is said; what it does not prove is not said."""
    result = played.results[label(actor)]
    assert actor.expected.allows(result.verdict.value, result.reason.value if result.reason else None), (
        f"{result.verdict} {result.reason}: {result.because} {[s.name for s in result.signals]}"
    )


def test_no_write_reached_the_stand_ins(played: Played) -> None:
    """The pages write by themselves on load, on a timer and on leaving; nothing of it arrives."""
    assert played.writes == ()


@pytest.mark.parametrize("actor", ACTORS, ids=label)
def test_every_result_proves_that_nothing_was_written(played: Played, actor: Actor) -> None:
    """The guard's own record counts no write, names what it refused, and the guard tested itself."""
    guard = played.results[label(actor)].guard
    assert guard.writes_let_through == 0
    assert guard.self_test.startswith("passed")
    if "check" in guard.phases:
        assert sum(rule.count for rule in guard.blocked if rule.phase == "check") > 0


def test_nobody_signs_in_twice(played: Played) -> None:
    """One try for each account, whatever the service answers."""
    assert played.tries
    assert max(played.tries.values()) == 1


@pytest.mark.parametrize("actor", ACTORS, ids=label)
def test_the_evidence_is_complete(played: Played, actor: Actor) -> None:
    """Every file of a bundle is in its manifest with its digest, and every picture that a step names is there."""
    import hashlib

    result = played.results[label(actor)]
    assert result.bundle is not None
    folder = played.folder / result.bundle.path
    lines = [
        line
        for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt")
        for line in (folder / name).read_text().splitlines()
    ]
    listed = dict(reversed(line.split("  ", 1)) for line in lines)
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert set(listed) == {path for path in there - {"tagmanifest-sha256.txt"} if not path.startswith("seal/")}
    for path, digest in listed.items():
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest
    assert result.steps
    assert all(step.picture in there for step in result.steps if step.picture)
    assert any(step.picture for step in result.steps)


@pytest.mark.parametrize("actor", ACTORS, ids=label)
def test_what_was_read_is_pictured(played: Played, actor: Actor) -> None:
    """All that was read on a form or in the inbox names the picture that shows it; an answer's words are outlined there."""
    result = played.results[label(actor)]
    steps = {step.picture: step for step in result.steps}
    for signal in result.signals:
        if (
            signal.name.startswith(("form.", "inbox.", "reply.", "page."))
            and signal.how != "it changed between two readings"
            and signal.name != "page.restless"  # what did not come to rest in time: nothing to show
        ):
            assert signal.picture in steps, signal.name
        if signal.name in {"reply.accepted", "reply.refused", "reply.pending"}:
            step = steps[signal.picture]
            assert step.outline is not None, (step.name, signal.quote)


def test_where_no_answer_was_found_the_inbox_had_stood_open_for_long(played: Played) -> None:
    """It was read again when it had shown the same, scrolled to its end, for five seconds; the journal tells."""
    silent = [result for result in played.results.values() if result.verdict.value == "not_objected"]
    assert silent
    for result in silent:
        assert result.bundle is not None
        lines = (played.folder / result.bundle.path / "data" / "journal.jsonl").read_text().splitlines()
        deeds = [deed for deed in map(json.loads, lines) if deed["what"] == "support_inbox"]
        actions = [deed["action"] for deed in deeds]
        back = actions.index("come_back")
        assert actions.count("picture") == 2, actions
        stood = [deed for deed in deeds[back + 1 :] if deed["action"] == "scroll"]  # it had changed: scrolled anew
        if not stood:
            scrolled, last = deeds[actions.index("scroll")], deeds[back]
            ended = last["monotonic_ns"] + last["took_ns"]
            assert ended - scrolled["monotonic_ns"] - scrolled["took_ns"] >= 4_990_000_000
        else:
            assert stood[-1]["took_ns"] >= 5_000_000_000


@pytest.mark.parametrize("actor", ACTORS, ids=label)
def test_evidence_names_nobody(played: Played, actor: Actor) -> None:
    """No file of a bundle holds the person's name, own words, the account's id, its e-mail address, or a secret of it."""
    import gzip

    folder = played.folder / (played.results[label(actor)].bundle or pytest.fail("no bundle")).path
    canaries = [actor.name, actor.password, actor.identity, actor.username, actor.email]
    canaries += [actor.totp_secret] if actor.totp_secret else []
    written = load_site(actor.service).words.text("sent_objection", actor.locale)
    canaries += [written.rstrip("."), json.dumps(written.rstrip("."))[1:-1]]
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            data = gzip.decompress(data) if path.suffix == ".gz" else data
            for canary in canaries:
                assert canary.encode() not in data, f"{path.name} holds a secret"
