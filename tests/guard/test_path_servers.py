"""
An address for which some real server signs out stays, however it is spelt.

`oracle/paths.json` holds, for 1,152 addresses, those for which PHP's own server, nginx with FastCGI, Apache with PHP,
Puma with Rack's helpers and Tomcat ran the program that signs out; `oracle/record.py` asked them (Debian 13, 2026-12-02).
"""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import flows
from automation.guard import Allow, GuardPolicy, Phase, Refuse, Request, decide
from tests.guard.oracle import record

if TYPE_CHECKING:
    from collections.abc import Iterator

RAN: dict[str, list[str]] = json.loads((Path(record.__file__).parent / "paths.json").read_text())
HOSTS = {"facebook": "www.facebook.com", "instagram": "www.instagram.com", "linkedin": "www.linkedin.com", "x": "x.com"}


@pytest.fixture(scope="module")
def policies() -> dict[str, GuardPolicy]:
    """Of services with lists of their own, and of some that have the common one."""
    tables = {name.partition(".")[0]: flow.site.tables for name, flow in flows.load().items()}
    return {name: GuardPolicy.parse(tables[name]) for name in HOSTS}


def allowed(policies: dict[str, GuardPolicy], address: str) -> list[str]:
    """The services at which an address may be opened in a check."""
    path, _, query = address.partition("?")
    asked = {name: Request("GET", host, path, query) for name, host in HOSTS.items()}
    return [name for name, one in asked.items() if isinstance(decide(policies[name], Phase.CHECK, one), Allow)]


@pytest.mark.parametrize("server", RAN)
def test_what_a_server_signs_out_for_stays(server: str, policies: dict[str, GuardPolicy]) -> None:
    """Path info, a step up in disguise, slashes in code, parameters: at any service."""
    assert len(RAN[server]) > 50
    assert {address: found for address in RAN[server] if (found := allowed(policies, address))} == {}


@pytest.mark.parametrize("step", [s for s in record.STEPS if s not in {"%20..", "..%2e", "...", "....", ". ."}])
@pytest.mark.parametrize("behind", ["settings", "logout.php"])
def test_a_step_in_disguise_has_no_reading(behind: str, step: str, policies: dict[str, GuardPolicy]) -> None:
    """It is refused for what it is, behind a page as behind what acts, for GET as for POST."""
    for method, body in (("GET", None), ("POST", b"a=1")):
        form = {"content-type": "application/x-www-form-urlencoded"} if body else {}
        request = Request(method, "www.facebook.com", f"/{behind}/{step}", "", body, form)
        assert decide(policies["facebook"], Phase.CHECK, request) == Refuse("odd_path")


@pytest.fixture(scope="module")
def php(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of PHP's own server."""
    if shutil.which("php") is None:
        pytest.skip("PHP is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        record.php(tmp_path_factory.mktemp("php"), port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 30
        while not record.ask(port, "/") and time.monotonic() < until:
            time.sleep(0.05)
        yield port
    finally:
        server.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)


_PIECES = st.sampled_from([*record.STEPS, "logout.php", "logout.php", "x", "index.php", "a", "", ".", "x.css"])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(_PIECES, min_size=1, max_size=5), joint=st.sampled_from(["/", "/", "/", "//", "%2f", "/./"]))
def test_php_itself_signs_out_for_nothing_that_leaves(
    pieces: list[str], joint: str, php: int, policies: dict[str, GuardPolicy]
) -> None:
    """Whatever the pieces are put together to: what may be opened shows a page there, or nothing."""
    address = "/" + joint.join(pieces)
    if allowed(policies, address):
        assert "SIGNED OUT" not in record.ask(php, address)
