"""On what a visit is made. Real: a time server and a web server on loopback, files, this machine."""

from __future__ import annotations

import asyncio
import hashlib
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from automation.browser.environment import record as prov
from automation.browser.environment.record import ci_of, executable_digest, provenance, surroundings
from automation.browser.environment.time_server import ask_time
from automation.core.records import BrowserFacts, ClockReading, EvidenceSettings


class TimeServer(asyncio.DatagramProtocol):
    """Answers as RFC 4330 says, with a clock that is off, or with what a test wants."""

    def __init__(self, off_s: float, change: Callable[[bytes], bytes] = lambda answer: answer) -> None:
        self._off_s, self._change = off_s, change

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """Keep what to answer by."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer a question."""
        now = time.time() + self._off_s + 2_208_988_800
        stamp = struct.pack(">II", int(now), int((now % 1) * 2**32))
        answer = bytes([0b00_100_100, 2, 0, 236]) + bytes(20) + data[40:48] + stamp + stamp
        self._transport.sendto(self._change(answer), addr)


async def asked(off_s: float, change: Callable[[bytes], bytes] = lambda answer: answer) -> ClockReading:
    """What the client makes of such a server."""
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: TimeServer(off_s, change), local_addr=("127.0.0.1", 0)
    )
    try:
        return await ask_time("127.0.0.1", transport.get_extra_info("sockname")[1], timeout_s=30.0)
    finally:
        transport.close()


@pytest.mark.parametrize("off_s", [0.0, 12.5, -3600.0])
async def test_the_clock_is_compared_with_a_time_server(off_s: float) -> None:
    """The offset is the server's, within what the round trip allows."""
    reading = await asked(off_s)
    assert reading.precision_s is not None
    assert reading.offset_s == pytest.approx(off_s, abs=reading.precision_s + 0.001)
    assert not reading.problem


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: answer[:20],
        lambda answer: bytes([0b00_100_011]) + answer[1:],
        lambda answer: answer[:1] + b"\0" + answer[2:],
        lambda answer: answer[:24] + bytes(8) + answer[32:],
    ],
    ids=["cut off", "no server", "kiss of death", "answer to another question"],
)
async def test_an_answer_that_is_none_gives_no_offset(change: Callable[[bytes], bytes]) -> None:
    """Rather no reading than a forged one."""
    reading = await asked(0.0, change)
    assert (reading.offset_s, reading.problem) == (None, "an answer that is none")


async def test_what_does_not_answer_is_said_and_does_not_stop_anything(tmp_path: Path) -> None:
    """Offline, each source that is missing is named, and the record is there all the same."""
    program = tmp_path / "browser"
    program.write_bytes(b"a program")
    record = await provenance(
        BrowserFacts(str(program), ("--headless",), "fr-FR", "Europe/Paris", "1280×900 at scale 1"),
        EvidenceSettings(time_server="127.0.0.1", egress_from="https://127.0.0.1:1/"),
        proxy="none",
        cookies=["xs", "c_user", "xs"],
    )
    assert [(r.source, r.problem) for r in record.clock] == [
        ("sntp", "no answer"),
        ("tsa", "not asked"),
        ("target", "no answer with a date"),
    ]
    assert record.egress_address == "not learnt (127.0.0.1 gave no address)"
    assert record.browser_sha256 == hashlib.sha256(b"a program").hexdigest()
    assert record.cookies == ("c_user", "xs")
    assert record.kernel
    assert record.operating_system


async def test_nobody_is_asked_unless_set() -> None:
    """Without settings no packet leaves for a time server or an echo of the address."""
    record = await provenance(BrowserFacts(), EvidenceSettings(), proxy="none")
    assert record.clock[0] == ClockReading("sntp", problem="not configured")
    assert record.egress_address == ""
    assert record.browser_sha256 == ""


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"GITHUB_ACTIONS": "true", "CI": "true", "ImageOS": "ubuntu24", "ImageVersion": "20261101.1"}, "GitHub Actions (ubuntu24 20261101.1)"),
        ({"GITLAB_CI": "true", "CI": "true"}, "GitLab CI"),
        ({"CI": "1"}, "a service that sets CI"),
        ({"CI": "false"}, ""),
        ({}, ""),
    ],
)  # fmt: skip
def test_ci_is_named(variables: dict[str, str], name: str) -> None:
    """The provider and its image, from the variables that it documents."""
    assert ci_of(variables) == name


def test_machine_and_network_are_read_from_the_system(tmp_path: Path) -> None:
    """Name servers, processor and container from where Linux keeps them; nothing there is no error."""
    digest = "a" * 64
    files = {
        "etc/resolv.conf": "# comment\nnameserver 192.0.2.53\n nameserver 2001:db8::53\n",
        "proc/cpuinfo": "processor : 0\nmodel name\t: A Processor\n",
        "run/.containerenv": f'engine="podman-5"\nimageid={digest}\n',
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    found = surroundings({}, tmp_path)
    assert found["dns_servers"] == ("192.0.2.53", "2001:db8::53")
    assert found["processor"].startswith("A Processor, ")
    assert found["container"] == f"podman, image sha256:{digest}"
    empty = surroundings({}, tmp_path / "nowhere")
    assert (empty["dns_servers"], empty["container"]) == ((), "none seen")


async def test_a_proxy_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The silence on a proxy once sank a bailiff's record; its password belongs in none."""
    for name in [name for name in os.environ if name.lower() in prov._PROXIES]:
        monkeypatch.delenv(name)
    assert (await provenance(BrowserFacts(), EvidenceSettings(), proxy="p")).proxy == "p; variables: none set"
    monkeypatch.setenv("HTTPS_PROXY", "http://me:hunter2@proxy.example:3128")
    said = (await provenance(BrowserFacts(), EvidenceSettings(), proxy="p")).proxy
    assert "HTTPS_PROXY=http://…@proxy.example:3128" in said
    assert "hunter2" not in said


def test_a_changed_program_has_another_digest(tmp_path: Path) -> None:
    """The digest is kept only as long as the file is the same."""
    program = tmp_path / "browser"
    program.write_bytes(b"one")
    first = executable_digest(program)
    program.write_bytes(b"the other")
    assert executable_digest(program) == hashlib.sha256(b"the other").hexdigest() != first
    assert executable_digest(tmp_path / "none") == ""
