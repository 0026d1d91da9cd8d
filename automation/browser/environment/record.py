"""
On what a visit is made: machine, system, browser, network and clock, as far as it can be told from inside.

Nothing here blocks a check: what cannot be read is left empty, what does not answer is said not to have.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import os
import platform
import re
import socket
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from automation.browser.environment.machine import surrounding_variables
from automation.browser.environment.time_server import ask_time
from automation.core.records import BrowserFacts, ClockReading, EvidenceSettings, Provenance

PROCEDURE = "temoin.provenance/1 (facts after NF Z67-147 of 2010 and Berkeley Protocol 155)"
_EGRESS_S = 4.0
_NOT_RECORDED = (
    "make, model and serial number of the machine",
    "patches of the system beyond its version and kernel",
    "firewall",
    "virus scanner",
    "internet provider",
    "installed fonts",
    "name of the person at the machine",
)
"""What the list asks for beyond this. What stands in its place: the kernel, the container's image, the signing key."""
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_CI = {
    "GITHUB_ACTIONS": ("GitHub Actions", ("ImageOS", "ImageVersion")),
    "GITLAB_CI": ("GitLab CI", ("CI_JOB_IMAGE", "CI_RUNNER_VERSION")),
    "FORGEJO_ACTIONS": ("Forgejo Actions", ()),
    "GITEA_ACTIONS": ("Gitea Actions", ()),
    "TF_BUILD": ("Azure Pipelines", ("ImageOS", "ImageVersion")),
    "CIRCLECI": ("CircleCI", ()),
    "BITBUCKET_BUILD_NUMBER": ("Bitbucket Pipelines", ()),
    "BUILDKITE": ("Buildkite", ()),
    "JENKINS_URL": ("Jenkins", ()),
    "CI": ("a service that sets CI", ()),
}
"""Variable that a service sets → its name, and the variables that name the runner's image."""
_digests: dict[tuple[str, int, int], str] = {}
_digesting = threading.Lock()


async def provenance(
    facts: BrowserFacts,
    settings: EvidenceSettings,
    *,
    proxy: str,
    cookies: Iterable[str] = (),
    tsa: ClockReading | None = None,
    target: ClockReading | None = None,
    profile: str = "",
) -> Provenance:
    """
    Gather everything; takes as long as the slowest of what is asked, five seconds at most.

    Args:
        facts: what the browser said of itself.
        settings: whether a time server and an echo of the public address may be asked.
        proxy: the browser's own way out, in words.
        cookies: names of the cookies that the visit started with.
        tsa: the clock against a time-stamp authority, where one was asked.
        target: the clock against the visited site.
        profile: name of the capture profile.
    """
    digest, sntp, egress, seen = await asyncio.gather(
        asyncio.to_thread(executable_digest, Path(facts.executable)),
        _sntp(settings.time_server),
        _egress(settings.egress_from),
        asyncio.to_thread(surroundings),
    )
    return Provenance(
        procedure=f"{PROCEDURE}, {profile}" if profile else PROCEDURE,
        browser_sha256=digest,
        command_line=facts.command_line,
        user_agent=facts.user_agent,
        cache="empty at the start; service workers blocked",
        cookies=tuple(sorted(set(cookies))),
        window=facts.window,
        locale=facts.languages,
        time_zone=facts.time_zone,
        egress_address=egress,
        proxy=f"{proxy}; {_proxy_variables(surrounding_variables())}",
        clock=(
            sntp,
            tsa or ClockReading("tsa", problem="not asked"),
            target or ClockReading("target", problem="no answer with a date"),
        ),
        not_recorded=_NOT_RECORDED if egress else (*_NOT_RECORDED, "public address (not asked for)"),
        **seen,
    )


def surroundings(environ: Mapping[str, str] | None = None, root: Path = Path("/")) -> dict[str, Any]:
    """
    What the system says of itself: the fields of `Provenance` that concern machine, system, network and CI.

    Args:
        environ: variables of others; the process's own where None.
        root: where the system's files begin.
    """
    given = surrounding_variables() if environ is None else environ
    return {
        "operating_system": _operating_system(),
        "kernel": f"{platform.system()} {platform.release()} {platform.version()}".strip(),
        "processor": _processor(root),
        "container": _container(given, root),
        "dns_servers": tuple(re.findall(r"(?m)^\s*nameserver\s+(\S+)", _read(root / "etc/resolv.conf"))),
        "local_addresses": tuple(_local_addresses()),
        "ci": ci_of(given),
    }


def ci_of(environ: Mapping[str, str] | None = None) -> str:
    """The service for continuous integration that this runs on, with its runner's image; empty outside of one."""
    given = surrounding_variables() if environ is None else environ
    for variable, (name, details) in _CI.items():
        if given.get(variable, "").lower() not in {"", "false", "0"}:
            known = " ".join(given[key] for key in details if given.get(key))
            return f"{name} ({known})" if known else name
    return ""


def executable_digest(path: Path) -> str:
    """
    SHA-256 of a program, in hex; empty where it cannot be read.

    Read once, as long as it is not changed; who asks meanwhile waits for that.
    """
    try:
        with _digesting:
            state = path.stat()
            key = (str(path), state.st_mtime_ns, state.st_size)
            if key not in _digests:
                with path.open("rb") as file:
                    _digests[key] = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
    return _digests[key]


async def _sntp(server: str | None) -> ClockReading:
    if not server:
        return ClockReading("sntp", problem="not configured")
    return await ask_time(server)


async def _egress(address: str | None) -> str:
    """The public address as an echo service sees it, with the service's host; empty where it is not asked."""
    if not address:
        return ""
    import httpx  # noqa: PLC0415 - only where it is asked for

    host = urlsplit(address).hostname or ""
    try:
        async with httpx.AsyncClient(timeout=_EGRESS_S) as client:
            answer = await client.get(address)
        return f"{ipaddress.ip_address(answer.text.strip())} (according to {host})"
    except (httpx.HTTPError, ValueError):
        return f"not learnt ({host} gave no address)"


def _proxy_variables(environ: Mapping[str, str]) -> str:
    found = [
        f"{name}={_without_password(value)}"
        for name, value in sorted(environ.items())
        if name.lower() in _PROXIES and value
    ]
    return "variables: " + (", ".join(found) + " (the browser does not follow them)" if found else "none set")


def _without_password(proxy: str) -> str:
    return re.sub(r"(?<=//)[^/@]*@|^[^/@]*@", "…@", proxy)


def _operating_system() -> str:
    with suppress(OSError):
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    if mac := platform.mac_ver()[0]:
        return f"macOS {mac}"
    release, version, *_ = platform.win32_ver()
    return f"Windows {release} {version}".strip() if release else platform.platform()


def _processor(root: Path) -> str:
    model = re.search(r"(?m)^model name\s*:\s*(.+)$", _read(root / "proc/cpuinfo"))
    name = model[1].strip() if model else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count() or 1} threads"


def _container(environ: Mapping[str, str], root: Path) -> str:
    """What kind, by the marks that container engines leave; an image's digest only where such a mark holds it."""
    image = ""
    if (root / "run/.containerenv").exists():
        kind = "podman"
        found = re.search(r'imageid="?([0-9a-f]{64})', _read(root / "run/.containerenv"))
        image = f"sha256:{found[1]}" if found else ""
    elif "KUBERNETES_SERVICE_HOST" in environ:
        kind = "kubernetes"
    elif (root / ".dockerenv").exists():
        kind = "docker"
    elif engine := re.search(r"docker|kubepods|lxc|containerd", _read(root / "proc/1/cgroup")):
        kind = engine[0]
    else:
        return "none seen"
    job = re.search(r"@(sha256:[0-9a-f]{64})", environ.get("CI_JOB_IMAGE", ""))
    image = image or (job[1] if job else "")
    return f"{kind}, image {image}" if image else f"{kind}; the image's digest is not told inside it"


def _local_addresses() -> list[str]:
    """The addresses that this machine would send from. Connecting a datagram socket sends nothing."""
    found = []
    for family, nowhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((nowhere, 9))
            found.append(str(probe.getsockname()[0]))
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
