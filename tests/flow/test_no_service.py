"""The engine knows no service: one that is made up is read by its files alone, and no shipped one stands in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route

import automation
from automation.authoring.audit import audit
from automation.core.observations import Observation
from automation.evidence.write.bag import DiscardingSink
from automation.flow import Flow, load_flow
from automation.flow.control_table import ObjectionTable
from automation.reports import names
from automation.text.language import language
from automation.visit.conclusion import judge
from automation.visit.objection import read
from automation.visit.reader import SignedInAccount, VisitLog
from automation.visit.reader.live import LiveReaders
from tests.flow.made_up import HANDLE, Acme, write_flow
from tests.tiers import first


@pytest.fixture
def flow(tmp_path: Path) -> Flow:
    """The made-up service's flow."""
    return load_flow(write_flow(tmp_path))


def test_its_files_are_in_order(flow: Flow) -> None:
    """What holds for the shipped flows holds for it."""
    assert audit(flow)[0] == []


def test_its_own_words_reach_the_reader(flow: Flow) -> None:
    """Pages and shapes are called what its guide calls them."""
    assert names.term("surfaces", "03-letters", language("fr"), flow.guide) == "courrier"
    assert names.term("shapes", "named", language("en"), flow.guide) == "shape with a name"


async def visit(a_browser: Browser, flow: Flow, acme: Acme) -> Observation:
    """Read the made-up service as a check does, without guard and evidence."""
    context = await a_browser.new_context(base_url="https://www.acme.example")

    async def serve(route: Route) -> None:
        status, media, body = acme.answer(route.request.url)
        await route.fulfill(status=status, content_type=media, body=body)

    await context.route("**/*", serve)
    page = await context.new_page()
    account = SignedInAccount(HANDLE)
    readers = LiveReaders(flow, account, VisitLog.of(flow, account), DiscardingSink(), 10.0)
    reader = readers.reader(page, await context.new_cdp_session(page))
    try:
        return await read(reader, flow, "")
    finally:
        await context.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("acme", "verdict"),
    first(
        (Acme(), "not_objected"),
        (Acme("Your objection"), "objected"),
        (Acme(outcome={"next": "/api/v2/letters?from=2"}), "unknown"),
        (Acme(outcome={"complete": False}), "unknown"),
        (Acme(page={"reader": {"handle": "jean.petit"}}), "unknown"),
        (Acme(query="?shelf=attic"), "unknown"),
    ),
    ids=["empty", "granted", "a further page", "not finished", "of somebody else", "a part only"],
)
async def test_a_made_up_service_is_read_to_the_end(a_browser: Browser, flow: Flow, acme: Acme, verdict: str) -> None:
    """An empty list proves something only where its answer is whole, the account's own, and of the whole list."""
    observation = await visit(a_browser, flow, acme)
    answer = judge(observation, flow.states)
    assert answer.verdict.value == verdict, sorted(observation.names())
    assert observation.form is not None
    assert (observation.form.shape, observation.form.form_id) == ("named", "no-training")


# -- no shipped service in the code --------------------------------------------------------------------------

_ENGINE = Path(automation.__file__).parent
_SOURCES = frozenset({".py", ".j2", ".js", ".css", ".po", ".toml"})
_EXCEPTIONS: Mapping[str, str] = {
    "cli": "chooses the flows, demonstrates two of them, and names one as an example in its help",
    "app/inbox.py": "an example of a flow, in the message about a missing one",
    "web/templates": "examples of two services in a help text",
    "config/problems.py": "an example of a setting's value, in the message about a wrong one",
    "config/shape.py": "an example of an account's name, as the documentation has it",
    "compliance/foreign.py": "reads what two other tools call their checks of it",
    "text/locale": "the help's examples, in translation",
    "session/vault.py": "an example of an account's name, as the documentation has it",
}
"""Where a shipped service may be named, and why."""
_ALSO_WORDS = {
    "x": "an axis", "medium": "a size", "age": "a time", "region": "a landmark and a country", "team": "people",
    "name": "anything", "actor": "who plays a part", "viewer": "one who asked", "submit": "a button",
    "/tr": "the end of a row", "mutation": "a write, in GraphQL's specification", "audience": "readers",
    "subscription": "a stream, in GraphQL's specification",
    "q": "a quotation, in HTML",
}  # fmt: skip
"""Names of the flows that are words of English or of the web, too: they tell nothing."""


def _names(flow: Flow) -> Iterator[str]:
    """What only this service calls so: itself, its hosts, cookies, requests, fields, forms and pages."""
    site, reads = flow.site, flow.site.reads
    yield from (site.id, site.name, *(host.removeprefix("*.") for host in site.hosts))
    yield from (*site.identity.cookies, *site.identity.acting_cookies, *site.sign_in.session_cookies)
    for source in (*site.identity.embedded, *site.identity.acting_embedded, *site.masking.names):
        yield from (source.near, source.field)
    yield from (*site.sign_in.code_fields, *site.masking.tokens, *(text for mark in site.loading for text in mark))
    yield from (*reads.name_headers, *reads.name_fields, *reads.prefixes, *reads.viewers)
    yield from (pattern.strip("*/") for pattern in reads.questions)
    yield from (mark.key for mark in (*reads.unfinished, *reads.more))
    guard = site.tables["guard"]
    yield from (*guard.get("telemetry", ()), *guard.get("read_paths", ()))
    operations = guard.get("operations", {})
    yield from (
        text.strip("*") for key in ("also_read", "never", "never_ids", "id_fields") for text in operations.get(key, ())
    )
    yield from {*flow.surfaces, *(step.name for step in flow.path)} - set(names.TERMS["surfaces"])
    yield from {row.name for row in flow.exposure} - set(names.TERMS["exposure"])
    if isinstance(flow.rule, ObjectionTable):
        rule = flow.rule
        yield from (*rule.form_ids, *rule.other_ids, *rule.id_fields, *rule.inbox_operations)
        yield from (shape.name for shape in rule.shapes)


def test_no_source_of_the_engine_names_a_shipped_service(flows: dict[str, Flow]) -> None:
    """What one service calls its things stands in its flow's files; nothing of it in the engine's."""
    names = {name for flow in flows.values() for name in _names(flow) if name and name.lower() not in _ALSO_WORDS}
    assert {"facebook.com", "x-fb-friendly-name", "batchexecute", "eu_2024", "is_final", "LinkedIn"} <= names
    any_of = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    told = re.compile(rf"(?<!\w)(?:{any_of})(?!\w)", re.IGNORECASE)
    excepted = set()
    found: dict[str, set[str]] = {}
    for file in sorted(path for path in _ENGINE.rglob("*") if path.suffix in _SOURCES):
        where = file.relative_to(_ENGINE).as_posix()
        hits = {hit[0] for hit in told.finditer(file.read_text(encoding="utf-8"))}
        exception = next((place for place in _EXCEPTIONS if where == place or where.startswith(f"{place}/")), None)
        if hits and exception:
            excepted.add(exception)
        elif hits:
            found[where] = hits
    assert found == {}
    assert excepted == set(_EXCEPTIONS), "an exception that nothing needs any more"
