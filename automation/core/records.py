"""What a visit leaves behind: files with their digests, the guard's record, the environment."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of evidence."""

    path: str
    """Relative to the bundle, with forward slashes."""
    kind: str
    """`picture`, `accessibility`, `text`, `observation`, `result`, `guard` …"""
    media_type: str
    sha256: str
    size_bytes: int
    taken_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True)
class BundleRef:
    """Where the evidence of one check lies."""

    path: str
    """Relative to the run's output folder where possible."""
    manifest_sha256: str
    """SHA-256 of `manifest-sha256.txt`, which lists every file."""
    envelope_sha256: str = ""
    """SHA-256 of `seal/envelope.dsse.json`: the one number that stands for the whole bundle."""
    sequence: int = 0
    """Its place in the ledger, from 1."""
    sealed_at: datetime | None = None
    """Aware, UTC, by this machine's clock."""
    stamped: tuple[str, ...] = ()
    """Names of the authorities that stamped the seal; empty: nothing but this machine's clock says when."""
    signer: str = ""
    """SHA-256 of the signer's public key, to be compared with one published elsewhere."""

    def below(self, folder: str) -> BundleRef:
        """The same, named from the folder that holds `folder`; an answer judged again names a bundle beside its own."""
        return replace(self, path=posixpath.normpath(f"{folder}/{self.path}"))


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamp authority (RFC 3161)."""

    name: str
    """Lower case, digits and hyphens; part of the names of its tokens' files."""
    url: str
    root: str
    """PEM of the root certificate that its tokens must lead to."""
    policy: str | None = None
    """The policy (object identifier) that its tokens must name; None accepts any."""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many requests one rule let through or stopped."""

    phase: str
    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request, without anything secret: no query, no body, no header."""

    phase: str
    method: str
    host: str
    path: str
    rule: str
    """The rule that let it through, or the reason why it was refused."""
    allowed: bool
    operation: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class GuardRecord:
    """What the guard saw during one check."""

    writes_let_through: int
    """Requests of the check phase other than reads that left. Anything but 0 is a breach."""
    sign_in_requests: int
    """Writes of the session phase that the sign-in needed."""
    allowed: tuple[RuleCount, ...]
    blocked: tuple[RuleCount, ...]
    requests: tuple[RequestRecord, ...] = ()
    """Every request, alike ones counted together; bounded."""
    truncated: bool = False
    self_test: str = ""
    """`passed`, or what went wrong."""
    phases: tuple[str, ...] = ()
    added_policy: str = ""
    """The header that the guard added to every document: the one thing it changes in what a page is served."""
    released: int = 0
    """Requests that filed something and that a person had released, one by one; 0 in every check."""


@dataclass(frozen=True, slots=True)
class Environment:
    """On what the visit was made."""

    temoin: str
    python: str
    system: str
    browser: str
    """Product and version."""
    browser_path: str
    browser_source: str
    """Which of the places it was found in: `configured`, `playwright`, `channel:chrome`, `system`."""
    arguments: tuple[str, ...]
    sandbox: bool
    """False when started with --no-sandbox, which Chromium demands of root."""
    viewport: str
    time_zone: str
    proxy: str
    """The in-process tunnel, said plainly; `none` without one."""
    stand_in: bool
    """True when `browser.replica_map` pointed the hosts elsewhere: then this says nothing of the real service."""
    ci: bool = False
    """Whether it ran on a service for continuous integration."""
    differs_from_sign_in: tuple[str, ...] = ()
    """How the browser differs from the one that signed in, as a service may see it; one line each."""
    provenance: Provenance | None = None
    """The rest of what a careful record of a visit holds; None where it was not gathered."""


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """What the user decides about evidence, beyond who signs and who stamps it."""

    unmasked_for: str | None = None
    """age recipient (`age1…`) for whom an encrypted copy without masks is kept; None keeps none."""
    time_server: str | None = None
    """Host that is asked for the time (SNTP); None asks nobody."""
    egress_from: str | None = None
    """https address that answers with the caller's public address; None leaves it out of the record."""
    operator: str = ""
    """Who makes the runs, as results and reports are to name them."""
    case: str = ""
    """Number or name of the audit's case."""


@dataclass(frozen=True, slots=True)
class BrowserFacts:
    """What the running browser says of itself."""

    executable: str = ""
    """Path of its file on this machine; not part of evidence."""
    command_line: tuple[str, ...] = ()
    """Its switches, paths in them shortened."""
    languages: str = ""
    """As pages are told, such as `fr-FR, fr`."""
    time_zone: str = ""
    """IANA name, as pages see it."""
    window: str = ""
    """Size and scale as pages see them."""
    user_agent: str = ""
    """As pages are told."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What one source said about this machine's clock."""

    source: str
    """`sntp`, `tsa` (a time-stamp authority) or `target` (the visited site's own `Date`)."""
    server: str = ""
    """Host asked."""
    offset_s: float | None = None
    """Seconds to add to this machine's clock to get that source's; None where it was not learnt."""
    round_trip_s: float | None = None
    precision_s: float | None = None
    """Half the width of what the offset may be: half the round trip, and half the source's own resolution."""
    problem: str = ""
    """Why there is no offset: `not configured`, `no answer`, `not asked` …"""


@dataclass(frozen=True, slots=True)
class Provenance:
    """
    On what and how a visit was made, as far as it can be told from inside.

    The list of facts follows NF Z67-147 (2010) and the Berkeley Protocol (2020), paragraph 155, as far as public
    sources give them. Empty text: it could not be read here.
    """

    procedure: str
    """Name and version of this list, and of the capture profile."""
    browser_sha256: str = ""
    """Of the executable file."""
    command_line: tuple[str, ...] = ()
    """All switches that the browser says it runs with; paths in them shortened to their last part."""
    extensions: str = "none"
    user_agent: str = ""
    """What the browser calls itself; Témoin gives it no other name than its own."""
    cache: str = ""
    cookies: tuple[str, ...] = ()
    """Names of the cookies that the visit started with; never their values."""
    window: str = ""
    locale: str = ""
    """Language that the browser asks for."""
    time_zone: str = ""
    """Of the pages."""
    operating_system: str = ""
    kernel: str = ""
    processor: str = ""
    container: str = ""
    """`none seen`, or what kind; with the image's digest where the surroundings tell it."""
    proxy: str = ""
    """In words, the variables that name a proxy included (without passwords)."""
    dns_servers: tuple[str, ...] = ()
    local_addresses: tuple[str, ...] = ()
    egress_address: str = ""
    """Public address; only on request, else empty."""
    ci: str = ""
    """Provider and runner image; empty outside of one."""
    clock: tuple[ClockReading, ...] = ()
    not_recorded: tuple[str, ...] = ()
    """What such a list asks for and a program cannot tell from inside."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Answers that a page got, alike ones counted together: no query values, no body, no header."""

    method: str
    url: str
    """Masked; of the query only the names."""
    status: int | None
    """None where no answer came, as when the guard refused it."""
    kind: str
    """`document`, `script`, `fetch` …"""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Body:
    """
    What a page or one of its own reads was given, by its digest alone.

    Of the content as the browser decoded it, before the guard added its policy to the header.
    """

    method: str
    url: str
    """Masked; of the query only the names."""
    status: int
    kind: str
    """`document`, or the name of the read."""
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class SecondConnection:
    """
    What a server showed to a connection that Témoin made itself, right after the visit: a handshake and nothing more.

    Not what the browser saw: that gives no certificate whole. It went to the very address that the tunnel had dialled.
    """

    address: str
    """`ip:port`."""
    at: datetime
    """Aware, UTC, by this machine's clock."""
    protocol: str = ""
    """`TLSv1.3` …"""
    cipher: str = ""
    file: str = ""
    """The certificates that were shown, leaf first, as PEM; path inside the bundle. Whether they lead to a trusted
    root was not checked: `openssl verify` can."""
    sha256: tuple[str, ...] = ()
    """Of each of them (DER)."""
    subject: str = ""
    """Common name of the first."""
    issuer: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    agrees: bool | None = None
    """Whether the first is the one that the browser saw, by subject, issuer and dates; None where it saw none."""
    problem: str = ""
    """Why nothing was shown: `no answer`, `no TLS`, `no certificate`."""


@dataclass(frozen=True, slots=True)
class Server:
    """
    A host as the browser itself reached it; its certificate is the service's own, as nothing decrypts on the way.

    The browser tells the certificate with scripts, pictures and data; a document passes through the guard, which hands
    it on without. So a host that served documents alone has none here, and only the second connection shows it.
    """

    host: str
    addresses: tuple[str, ...] = ()
    """`ip:port` that the tunnel dialled."""
    protocol: str = ""
    """`TLS 1.3` …"""
    subject: str = ""
    issuer: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    second: SecondConnection | None = None
    """Of the service's own hosts."""


@dataclass(frozen=True, slots=True)
class NetworkRecord:
    """What the check phase's pages asked for and got."""

    exchanges: tuple[Exchange, ...] = ()
    bodies: tuple[Body, ...] = ()
    """Of documents, and of the reads that the flow looks at; bounded, and none shorter than 256 bytes."""
    servers: tuple[Server, ...] = ()
    console: tuple[tuple[str, int], ...] = ()
    """Kind of console message → how many; never their text. `exception`: errors that no script caught."""
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One thing that was done on a visit."""

    number: int
    at: datetime
    """When it began. Aware, UTC."""
    monotonic_ns: int
    """The same by a clock that nobody can set; only differences mean anything."""
    took_ns: int
    action: str
    """`open`, `follow`, `scroll`, `picture` …"""
    what: str = ""
    """The surface, step or part of the visit."""
    before: str = ""
    """Address of the page, masked; empty where there was none."""
    after: str = ""
    status: int | None = None
    """Of the page's answer, where the action asked for one."""
    note: str = ""
    """What came of it, where that is not plain: why it failed, or how it was found."""


@dataclass(frozen=True, slots=True)
class Mask:
    """What one rule hid in one picture."""

    rule: str
    count: int
    boxes: tuple[tuple[int, int, int, int], ...]
    """Left, top, width, height in pixels of the whole page."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was hidden at one step, before anything was written."""

    step: int
    name: str
    pictures: tuple[str, ...]
    """Paths of the pictures that the boxes belong to; empty where none could be taken."""
    page: tuple[int, int]
    """Width and height of the whole page."""
    window: tuple[int, int, int, int]
    """Left, top, width, height of what the window showed of it."""
    masks: tuple[Mask, ...]
    texts: tuple[tuple[str, int], ...]
    """Rule → how often it hid something in the page's texts."""
