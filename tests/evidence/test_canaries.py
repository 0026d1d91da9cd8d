"""
No secret is in anything that the program writes: canaries in every secret place, then every byte is searched.

Real: the program in processes of its own at its most talkative, with its driver and browsers, some of them killed; the
files, both outputs, the command lines of every process. Not real: the services. The search first proves that it finds.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import os
import secrets
import signal
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from automation.authoring.replica import Actor, Replica
from automation.authoring.replica.pages import Renderer
from automation.browser.finder import find_browser
from automation.core.accounts import subject
from automation.core.settings import BrowserSettings
from automation.session.saved import SavedSession
from automation.session.vault import Vault
from automation.session.vault_keys import new_key, open_key
from tests.canaries import PNG, files_below, found_in, spellings
from tests.session.playing import SITES, actor_of
from tests.turns import HANGING_S

pytestmark = [pytest.mark.browser, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]

ROOT = Path(__file__).parents[2]
PASSWORD = 'kanari "pä/sswörd" 27&x=%\\n'


def planted(scenario: str, **changes: Any) -> Actor:
    """An account of a scenario with a password that is written differently everywhere."""
    actor = actor_of("facebook", scenario)
    return replace(actor, password=f"{scenario} {PASSWORD}", username=f"kanari+{actor.username}", **changes)


PEOPLE = {
    "signs-in": planted("two_step"),
    "saved": planted("accepted"),
    "refused": planted("wrong_password"),
    "killed": planted("open"),
    "crashed": planted("open_divs"),
}
SITE = replace(
    SITES["facebook"],
    cast=tuple(
        next((p for p in PEOPLE.values() if p.scenario == a.scenario and p.locale == a.locale), a)
        for a in SITES["facebook"].cast
    ),
    _tokens={},
)
VAULT_KEY, _ = new_key()
IDENTITY_KEY = f"kanari-identity-{secrets.token_hex(12)}"
SIGNING_KEY = base64.b64encode(secrets.token_bytes(32)).decode()
EXTRA_COOKIE = f"kanari-datr-{secrets.token_urlsafe(12)}"
STORED_TOKEN = f"kanari-stored-{secrets.token_urlsafe(12)}"
DATABASE_RECORD = f"kanari-record-{secrets.token_urlsafe(12)}"


def canaries() -> dict[str, str]:
    """Name → secret: all that the user gave, and all that the service gave to a browser."""
    pages = Renderer(SITE)
    found = {
        "vault key": VAULT_KEY,
        "identity key": IDENTITY_KEY,
        "signing key": SIGNING_KEY,
        "cookie datr": EXTRA_COOKIE,
        "local storage": STORED_TOKEN,
        "database": DATABASE_RECORD,
        "CSRF token of page and requests": f"NAcP{pages._class('dtsg')}",
        "CSRF token of forms": pages._class("lsd"),
    }
    for name, actor in PEOPLE.items():
        found |= {
            f"{name}: user name": actor.username,
            f"{name}: password": actor.password,
            f"{name}: identity": actor.identity,
            f"{name}: session cookie": actor.token("session"),
            f"{name}: cookie before the code": actor.token("pending"),
            f"{name}: cookie of the other domain": actor.token("shared"),
            f"{name}: renewed cookie": actor.token("renewed"),
        }
        if actor.totp_secret:
            found[f"{name}: TOTP secret"] = actor.totp_secret
    return found


CANARIES = canaries()


# -- the search proves itself ---------------------------------------------------------------------------------


def a_pdf(text: bytes) -> bytes:
    """One packed stream."""
    packed = zlib.compress(text)
    return b"%%PDF-1.4\n1 0 obj\n<</Filter /FlateDecode\n/Length %d>> stream\n%s\nendstream\nendobj" % (
        len(packed),
        packed,
    )


def a_png(kind: bytes, body: bytes) -> bytes:
    """One pixel, and a chunk of text."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (kind, body), (b"IEND", b"")]
    return PNG + b"".join(struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in parts)


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda text: b"before " + text + b" after",
    "gzip": gzip.compress,
    "gzip twice": lambda text: gzip.compress(gzip.compress(text)),
    "PDF stream": a_pdf,
    "PNG tEXt": lambda text: a_png(b"tEXt", b"Comment\0" + text),
    "PNG zTXt": lambda text: a_png(b"zTXt", b"Comment\0\0" + zlib.compress(text)),
    "PNG iTXt": lambda text: a_png(b"iTXt", b"Comment\0\1\0en\0\0" + zlib.compress(text)),
}


@pytest.mark.parametrize("packing", PACKED)
def test_the_search_finds_a_planted_canary(packing: str) -> None:
    """Every canary, in every spelling and every packing, is found; one that is not there is not."""
    for name, secret in CANARIES.items():
        for way, text in spellings(secret).items():
            hits = found_in({"file": PACKED[packing](text)}, {name: secret, "absent": "kanari-that-is-not-there"})
            assert ("file", name, way) in hits
            assert "absent" not in {hit[1] for hit in hits}


@pytest.mark.parametrize("before", [b"", b"u", b"us", b"usr"])
def test_the_search_finds_base64_of_more_than_the_canary(before: bytes) -> None:
    """`Basic name:password` and the like hide the canary at any offset."""
    for name, secret in CANARIES.items():
        text = base64.b64encode(before + secret.encode() + b"tail")
        assert found_in({"header": b"Basic " + text}, {name: secret})


# -- the run --------------------------------------------------------------------------------------------------


class Killing(Replica):
    """A replica that kills the browser, or the whole driver, of an account whenever that account asks for a form."""

    def __init__(self) -> None:
        super().__init__([SITE])
        self.programs: dict[str, int] = {}
        """Account → process id of the program that checks it."""
        self.killed: Counter[str] = Counter()
        self.left: dict[str, bytes] = {}
        """What lay in the folder for temporary files right after a kill, before anybody could clean up."""
        self._tokens = {name: PEOPLE[name].token("session").encode() for name in ("killed", "crashed")}
        inner: Callable[..., Awaitable[None]] = self._app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and "/help/contact/" in scope["path"]:
                cookies = dict(scope["headers"]).get(b"cookie", b"")
                for name in [name for name, token in self._tokens.items() if token in cookies]:
                    self._kill(name)
            await inner(scope, receive, send)

        self._app = app  # type: ignore[assignment]

    def _kill(self, name: str) -> None:
        program = self.programs[name]
        temporary = Path(f"/proc/{program}/cwd").readlink().with_name("tmp")
        lines = {pid: said_of(pid, "cmdline") for pid in family(program)}
        drivers = [pid for pid, line in lines.items() if b"run-driver" in line]
        browsers = [pid for pid, line in lines.items() if b"--remote-debugging" in line and b"--type=" not in line]
        for pid in drivers:
            os.kill(pid, signal.SIGSTOP)  # it removes the profile of a browser that died, and must not before we looked
        for pid in browsers if name == "killed" else drivers:
            os.kill(pid, signal.SIGKILL)
            self.killed[name] += 1
            there = files_below(temporary).items()
            self.left |= {f"after kill {self.killed[name]} of {name}: {path}": data for path, data in there}
        if name == "killed":
            for pid in drivers:
                os.kill(pid, signal.SIGCONT)


def said_of(pid: int, what: str) -> bytes:
    """The command line or the environment of a process; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""


def family(pid: int) -> list[int]:
    """A process and everything that it started, as far as it is alive."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


@dataclass
class Watched:
    """A process while it runs, and what it ended with."""

    process: asyncio.subprocess.Process
    lines: set[bytes] = field(default_factory=set)
    """Command lines of it and of all that it started."""
    inherited: set[bytes] = field(default_factory=set)
    """Environments of what it started."""
    out: bytes = b""
    err: bytes = b""

    async def ends(self) -> None:
        """Note every command line until it ends."""
        ending = asyncio.ensure_future(self.process.communicate())
        while not ending.done():
            started = family(self.process.pid)
            self.lines |= {said_of(pid, "cmdline") for pid in started}
            own = said_of(self.process.pid, "cmdline")  # a fork that has not begun its program yet is still itself
            self.inherited |= {
                said_of(pid, "environ") for pid in started[1:] if said_of(pid, "cmdline") not in {own, b""}
            }
            await asyncio.wait([ending], timeout=0.04)
        self.out, self.err = await ending


def configure(place: Path, names: list[str], replica: Replica) -> None:
    """A temoin.toml in a folder of its own: it holds identities, as its user wrote them."""
    (place / "settings").mkdir(parents=True)
    hosts = ", ".join(f'"{host}" = "{address}"' for host, address in replica.replica_map.items())
    browser = find_browser(BrowserSettings())
    path = f'path = "{browser.path}"\n' if browser.path else ""
    text = f'output = "{place}/evidence"\n[browser]\n{path}timeout_s = 60.0\nreplica_map = {{ {hosts} }}\n'
    text += f'replica_spki = ["{replica.spki}"]\n'
    for name in names:
        actor = PEOPLE[name]
        way = "session" if name == "saved" else "password"
        text += (
            f'[[accounts]]\nname = "{name}"\nflow = "{actor.flow}"\nidentity = "{actor.identity}"\nsign_in = "{way}"\n'
        )
    (place / "settings" / "temoin.toml").write_text(text, encoding="utf-8")


def environment_of(place: Path, names: list[str]) -> dict[str, str]:
    """Every secret, all the log there is, and nowhere to write but below one folder."""
    found = {name: value for name, value in os.environ.items() if not name.startswith("TEMOIN_")}
    found |= {
        "HOME": str(place / "home"),
        "TMPDIR": str(place / "tmp"),
        "XDG_DATA_HOME": str(place / "data"),
        "XDG_CACHE_HOME": str(place / "cache"),
        "XDG_CONFIG_HOME": str(place / "config"),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "en_GB.UTF-8",
        "TEMOIN_LOG_LEVEL": "TRACE",
        "DEBUG": "pw:*",  # Playwright's own log of all that it is asked to type
        "TEMOIN_VAULT_KEY": VAULT_KEY,
        "TEMOIN_IDENTITY_KEY": IDENTITY_KEY,
        "TEMOIN_SIGNING_KEY": SIGNING_KEY,
    }
    for name in names:
        actor, prefix = PEOPLE[name], f"TEMOIN_SECRETS__{name.upper().replace('-', '_')}__"
        if name != "saved":
            found |= {f"{prefix}USERNAME": actor.username, f"{prefix}PASSWORD": actor.password}
        if actor.totp_secret:
            found[f"{prefix}TOTP_SECRET"] = actor.totp_secret
    for folder in ("home", "tmp", "work"):
        (place / folder).mkdir(exist_ok=True)
    return found


def save_session(place: Path) -> None:
    """The session of `saved`, with canaries in a cookie, in local storage and in IndexedDB."""
    actor = PEOPLE["saved"]
    state = SITE.storage_state(actor)
    state["cookies"].append({**state["cookies"][0], "name": "datr", "value": EXTRA_COOKIE})
    records = [{"key": "device", "value": DATABASE_RECORD}]
    store = {"name": "keys", "autoIncrement": False, "records": records, "indexes": []}
    state["origins"] = [
        {
            "origin": "https://www.facebook.com",
            "localStorage": [{"name": "Session", "value": STORED_TOKEN}],
            "indexedDB": [{"name": "store", "version": 1, "stores": [store]}],
        }
    ]
    digest = subject(actor.identity, IDENTITY_KEY.encode())
    vault_of(place).store(SavedSession("saved", "facebook", digest, datetime.now(UTC), None, state))


def vault_of(place: Path) -> Vault:
    """The vault of a run's data folder."""
    return Vault(place / "data" / "temoin" / "sessions", open_key(SecretStr(VAULT_KEY)))


async def start(place: Path, names: list[str], command: str, *arguments: str) -> Watched:
    """`temoin -v` and a command."""
    command_line = [sys.executable, "-m", "automation", "-v", *command.split(), *arguments]
    process = await asyncio.create_subprocess_exec(
        *command_line, cwd=place / "work", env=environment_of(place, names), stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    return Watched(process)


@dataclass(frozen=True)
class Ran:
    """What the programs left."""

    folder: Path
    programs: Mapping[str, Watched]
    replica: Killing

    def results(self) -> dict[str, Any]:
        """Account → its result, as results.json has it."""
        files = self.folder.glob("*/evidence/*/results.json")
        return {result["account"]: result for file in files for result in json.loads(file.read_text())["results"]}

    def written(self) -> dict[str, bytes]:
        """Every byte that was written, by its place; without what the user wrote herself."""
        files = {path: data for path, data in files_below(self.folder).items() if "/settings/" not in f"/{path}"}
        files |= self.replica.left
        for name, program in self.programs.items():
            files |= {f"stdout of {name}": program.out, f"stderr of {name}": program.err}
            files |= {f"command line {n} of {name}": line for n, line in enumerate(sorted(program.lines))}
            files |= {f"environment {n} of a child of {name}": told for n, told in enumerate(sorted(program.inherited))}
        return files


async def run_all(folder: Path) -> Ran:
    """Three programs side by side: one whose accounts end well and badly, one with a killed browser, one that crashes."""
    runs = {"first": ["signs-in", "saved", "refused"], "second": ["killed"], "third": ["crashed"]}
    async with Killing() as replica:
        for name, names in runs.items():
            configure(folder / name, names, replica)
        save_session(folder / "first")
        programs = {
            name: await start(
                folder / name, names, "check", *configured(folder / name), *([] if name == "first" else ["--json"])
            )
            for name, names in runs.items()
        }
        replica.programs = {"killed": programs["second"].process.pid, "crashed": programs["third"].process.pid}
        await asyncio.wait_for(asyncio.gather(*(program.ends() for program in programs.values())), HANGING_S)
        programs |= await retell(folder / "first", runs["first"])
    return Ran(folder, programs, replica)


def configured(place: Path) -> list[str]:
    """The option that names the configuration."""
    return ["--config", str(place / "settings" / "temoin.toml")]


async def retell(place: Path, names: list[str]) -> dict[str, Watched]:
    """Every other way in which the program says what it knows, one after the other."""
    config, out = configured(place), str(place / "told")
    told: dict[str, Watched] = {}
    for command, options in {
        "report --format pdf": ["--output", f"{out}/report.pdf", *config],
        "report --embed": ["--output", f"{out}/alone.html", *config],
        "report --format csv": config,
        "report --format jsonl": config,
        "report --format junit": config,
        "report --format markdown": config,
        "report --format sarif": config,
        "history --json": config,
        "account list --json": [],
        "account check": config,
        "account export saved": ["--to", str(open_key(SecretStr(VAULT_KEY)).existing().to_public())],
    }.items():
        told[command] = await start(place, names, command, *options)
        await told[command].ends()
    return told


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """All programs, once."""
    return asyncio.run(run_all(tmp_path_factory.mktemp("canaries")))


@pytest.mark.thorough
def test_the_run_was_what_it_should_be(ran: Ran) -> None:
    """A sign-in with a code, a saved session, a refusal, a lost browser, an internal fault with its traceback: all logged."""
    results = ran.results()
    assert {name: (result["verdict"], result["reason"]) for name, result in results.items()} == {
        "signs-in": ("not_objected", None),
        "saved": ("objected", None),
        "refused": ("needs_human", "login_required"),
        "killed": ("unknown", "browser_lost"),
        "crashed": ("unknown", "internal_error"),
    }
    assert ran.replica.killed == {"killed": 2, "crashed": 1}
    checks = {"first": 3, "second": 3, "third": 4}
    assert {name: program.process.returncode for name, program in ran.programs.items()} == {
        name: checks.get(name, 0) for name in ran.programs
    }
    assert b"Traceback" in ran.programs["third"].err
    assert ran.replica.sign_in_tries[PEOPLE["signs-in"].username] == 1
    for name in checks:
        assert b"DEBUG" in ran.programs[name].err
    kept = json.dumps(vault_of(ran.folder / "first").load("saved").storage_state)
    for canary in (EXTRA_COOKIE, STORED_TOKEN, DATABASE_RECORD, PEOPLE["saved"].token("renewed")):
        assert canary in kept, "it went through the browser and back into the vault"


@pytest.mark.thorough
def test_every_kind_of_output_was_searched(ran: Ran) -> None:
    """Logs, results, reports, bundles with packed pages and pictures, ledger, data folder, all processes: all there."""
    names = list(ran.written())
    for part in (
        "stderr of first", "results.json", "report.fr.html", "ledger", ".png", ".json.gz", "data/network.json",
        "data/temoin/sessions/saved.age", "data/temoin/cooldown/refused.json", "after kill 1 of killed: playwright_chromiumdev_profile",
        "told/report.pdf", "told/alone.html", "stdout of account export saved", "command line 0 of report --format pdf", "environment 2 of a child of first",
    ):  # fmt: skip
        assert any(part in name for name in names), part
    lines = b"\n".join(line for program in ran.programs.values() for line in program.lines)
    for process in (b"-m\0automation", b"run-driver", b"--type=renderer", b"--remote-debugging"):
        assert process in lines


@pytest.mark.thorough
def test_no_secret_is_in_any_byte_that_was_written(ran: Ran) -> None:
    """Not raw, not encoded, not packed: no canary in files, outputs, command lines or what children inherit."""
    assert found_in(ran.written(), CANARIES) == set()
