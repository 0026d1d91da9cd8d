"""
Who gets in at the local page: tried with real HTTP at a real server, as pages, programs and users from elsewhere would.

Written from what attacks on local servers are known for (DNS rebinding, forged posts, another user of the machine,
cookies that travel to other ports), before any of it was run.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx
import pytest

from automation.web import app
from automation.web.security import Door
from tests.turns import HANGING_S
from tests.web.serving import Served, serving

SECRETS = {
    "TEMOIN_VAULT_KEY": "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQS8GFH5A",
    "TEMOIN_IDENTITY_KEY": "a-key-of-identities-that-nobody-sees",
    "TEMOIN_MAILBOX__USERNAME": "mailbox-user-that-nobody-sees",
    "TEMOIN_MAILBOX__PASSWORD": "mailbox-password-that-nobody-sees",
    "TEMOIN_SECRETS__STUDIO_FACEBOOK__USERNAME": "claire.user.that.nobody.sees@example.org",
    "TEMOIN_SECRETS__STUDIO_FACEBOOK__PASSWORD": "password-that-nobody-sees",
}
ACCOUNT = """
[[accounts]]
name = "studio-facebook"
flow = "facebook.ai_objection"
owner = "<script>alert(1)</script>Studio & Söhne"
identity = "100083456712345"
sign_in = "password"
"""
PAGES = (
    "",
    "accounts/studio-facebook",
    "accounts/studio-facebook/object",
    "add",
    "add/facebook.ai_objection",
    "schedule",
    "mailbox",
    "settings",
    "no/such",
)
POSTS = (
    "check",
    "accounts/studio-facebook/remove",
    "accounts/studio-facebook/object",
    "jobs/x/consent",
    "settings/backup",
    "quit",
    "schedule/install",
    "mailbox",
    "language",
)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A configuration with one account and every secret, and its page."""
    from pyrage import x25519

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name, value in (SECRETS | {"TEMOIN_VAULT_KEY": str(x25519.Identity.generate())}).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "temoin.toml").write_text(ACCOUNT + '[mailbox]\nhost = "imap.example.org"\n', encoding="utf-8")
    with serving(tmp_path / "temoin.toml") as page:
        yield page


def raw(served: Served, request: str) -> str:
    """What the server answers to these bytes."""
    with socket.create_connection(("127.0.0.1", served.door.port), timeout=HANGING_S) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts).decode("utf-8", "replace")


def refused(answer: httpx.Response) -> bool:
    """Refused, and without a word of what is behind the door."""
    return answer.status_code in {403, 404, 405, 421} and "studio" not in answer.text.lower()


def test_one_browser_is_let_in_once(served: Served) -> None:
    """The address works once; a wrong token neither opens nor spends it; its cookie is for scripts and pages of nobody."""
    with httpx.Client(timeout=HANGING_S) as anybody:
        assert refused(anybody.get(f"{served.url}start?once=wrong"))
        assert refused(anybody.get(f"{served.url}start"))
        first = anybody.get(served.door.invitation(), headers={"Sec-Fetch-Site": "cross-site"})
        cookie = first.headers["set-cookie"].lower()
        assert first.status_code == 200
        assert all(part in cookie for part in ("httponly", "samesite=strict", f"path={served.door.root.lower()}"))
        assert anybody.get(served.url).status_code == 200
    with httpx.Client(timeout=HANGING_S) as second:
        assert refused(second.get(served.door.invitation() if served.door._once else f"{served.url}start?once=x"))


@pytest.mark.parametrize("path", [*PAGES, *POSTS, "static/ui.js", "evidence/ledger.jsonl", "report", "jobs/x/events"])
def test_without_the_cookie_there_is_nothing(served: Served, path: str) -> None:
    """No page, post, picture or script is given to who has no cookie, or one letter of it wrong."""
    with httpx.Client(base_url=served.url, timeout=HANGING_S) as anybody:
        wrong = {"Cookie": f"temoin={served.door.cookie[:-1]}"}
        posted = {"Origin": f"http://{served.door.host}"}
        assert refused(anybody.get(path))
        assert refused(anybody.get(path, headers=wrong))
        assert refused(anybody.post(path, data={"token": served.door.form}, headers=posted))


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost", "127.0.0.1", "[::1]", "127.0.0.1.evil.example", "temoin.localhost"]
)
def test_another_name_gets_nothing(served: Served, host: str) -> None:
    """DNS rebinding: whoever reaches the port under another name is refused, cookie and all."""
    for name in (host, f"{host}:{served.door.port}" if host != "127.0.0.1" else f"{host}:1"):
        with served.client() as client:
            assert refused(client.get("", headers={"Host": name}))


def test_no_name_and_two_names_get_nothing(served: Served) -> None:
    """A request without Host, or with two, is not one of ours."""
    head = f"GET {served.door.root} HTTP/1.{{version}}\n{{hosts}}Cookie: temoin={served.door.cookie}\nConnection: close\n\n"
    ours = f"Host: {served.door.host}\n"
    for version, hosts in (("0", ""), ("1", ours + "Host: evil.example\n"), ("1", "Host: evil.example\n" + ours)):
        answer = raw(served, head.format(version=version, hosts=hosts))
        assert answer.split(" ")[1] in {"400", "421"}, answer[:80]
        assert "studio" not in answer


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://{host}", "http://localhost:{port}", None]
)
def test_a_post_from_another_page_does_nothing(served: Served, origin: str | None) -> None:
    """A forged post, even with cookie and token, ends before anything happens."""
    headers = {"Origin": origin.format(host=served.door.host, port=served.door.port)} if origin else {}
    for path in POSTS:
        with served.client() as client:
            assert refused(client.post(path, data={"token": served.door.form}, headers=headers))
    assert "studio-facebook" in served.desk.config.read_text()


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_reads_nothing(served: Served, site: str) -> None:
    """What the browser marks as asked for by another page, one at another port of this machine included, is refused."""
    for headers in ({"Sec-Fetch-Site": site}, {"Origin": "http://127.0.0.1:1"}):
        with served.client() as client:
            assert refused(client.get("", headers=headers))


def test_a_form_needs_our_token_exactly_once(served: Served) -> None:
    """CSRF: no token, a wrong one, two of them, or one in the address do nothing."""
    origin = {"Origin": f"http://{served.door.host}"}
    with served.client() as client:
        for body in (
            "",
            "token=",
            "token=wrong",
            f"token={served.door.form}&token={served.door.form}",
            "x" * (1 << 21),
        ):
            assert refused(client.post("quit", content=body, headers=origin)), body[:40]
        assert refused(client.post(f"quit?token={served.door.form}", headers=origin))
        assert client.get("").status_code == 200


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "HEAD", "PATCH", "TRACE"])
def test_nothing_else_is_answered(served: Served, method: str) -> None:
    """No preflight succeeds, so that no page from elsewhere may read, whatever it asks."""
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    with served.client() as client:
        answer = client.request(method, "", headers=headers)
    assert answer.status_code in {400, 403, 405}
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become another user")
def test_another_user_of_the_machine_gets_nothing(served: Served) -> None:
    """Another user who has stolen address, cookie and token is refused; real: the kernel's own table says who asks."""
    address = served.door.invitation().partition(served.door.host)[2]
    assert as_user(0, served, served.door.root).startswith("HTTP/1.1 200")
    for path in (served.door.root, address):
        answer = as_user(65534, served, path)
        assert answer.startswith("HTTP/1.1 403"), answer
        assert "studio" not in answer
    assert served.door._once, "the one-time token is not spent by somebody else"


def as_user(user: int, served: Served, path: str) -> str:
    """What a process of another user is answered, who has the cookie."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # nothing but system calls: other threads of this process are gone here
        os.setgid(user)
        os.setuid(user)
        asked = (
            f"GET {path} HTTP/1.1\nHost: {served.door.host}\nCookie: temoin={served.door.cookie}\nConnection: close\n\n"
        )
        os.write(writing, raw(served, asked).encode()[:60_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read().decode()
    os.waitpid(child, 0)
    return said


def test_it_listens_on_this_machine_only(served: Served) -> None:
    """No other address of the machine leads to the port."""
    elsewhere = {entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {
        "127.0.0.1"
    }
    for address in [*elsewhere, "127.0.0.2"]:
        with pytest.raises(OSError, match=r"refused|unreachable|timed out"):
            socket.create_connection((address, served.door.port), timeout=2)


class _Loads(HTMLParser):
    """What a page loads or runs by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note addresses of what is loaded, and every style and handler in the page."""
        given = dict(attrs)
        if tag in {"script", "img", "link", "iframe", "source"}:
            self.addresses += [given.get("src") or given.get("href") or ""]
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.inline.append(tag)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_pages_load_nothing_from_elsewhere_and_show_no_secret(served: Served, lang: str) -> None:
    """Every page carries the strict policy, loads from its own address alone, and holds no secret and no identity."""
    secret = [os.environ[name] for name in SECRETS]
    served.post("language", lang=lang, back="")
    for path in PAGES:
        with served.client() as client:
            client.cookies.set("temoin-lang", lang)
            answer = client.get(path)
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert f'<html lang="{lang}">' in answer.text
        seen = _Loads()
        seen.feed(answer.text)
        assert all(address.startswith(served.door.root) for address in seen.addresses), (path, seen.addresses)
        assert not seen.inline, (path, seen.inline)
        assert "<script>alert" not in answer.text
        for value in (*secret, "100083456712345", served.door.cookie):
            assert value not in answer.text, path


@pytest.mark.parametrize(
    "path", ["../temoin.toml", "..%2ftemoin.toml", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "out/temoin.toml"]
)
def test_evidence_ends_at_its_folder(served: Served, path: str, tmp_path: Path) -> None:
    """No path, encoded or through a link, leads out of the evidence folder."""
    evidence = tmp_path / "temoin-evidence"
    evidence.mkdir()
    (evidence / "out").symlink_to(tmp_path)
    answer = raw(
        served,
        f"GET {served.door.root}evidence/{path} HTTP/1.1\nHost: {served.door.host}\nCookie: temoin={served.door.cookie}\nConnection: close\n\n",
    )
    assert answer.split(" ")[1] in {"400", "403", "404"}, answer[:100]
    assert "100083456712345" not in answer
    assert "root:" not in answer


@pytest.mark.parametrize(
    ("start", "cookie", "lang"), [("fr", "", "fr"), ("en", "fr", "fr"), ("fr", "en", "en"), ("fr", "x", "fr")]
)
def test_a_refusal_speaks_the_language_of_the_pages(tmp_path: Path, start: str, cookie: str, lang: str) -> None:
    """As the program was started, or as this browser chose; every refusal has its French."""
    said = {
        "en": (
            "Open this page with the address",
            "This form was not filled in",
            "another page",
            "under this name",
            "GET",
        ),
        "fr": ("Ouvrez cette page avec l’adresse", "pas été rempli", "d’une autre page", "sous ce nom", "GET et POST"),
    }[lang]
    with serving(tmp_path / "temoin.toml", start) as page, page.client() as client:
        client.cookies.set("temoin-lang", cookie)
        ours = {"Origin": f"http://{page.door.host}"}
        answers = [
            httpx.get(page.url, cookies={"temoin-lang": cookie}, timeout=HANGING_S),
            client.post("quit", headers=ours),
            client.post("quit", headers={"Origin": "http://evil.example"}),
            client.get("", headers={"Host": "evil.example"}),
            client.put(""),
        ]
    assert [words in answer.text for words, answer in zip(said, answers, strict=True)] == [True] * 5, answers


def test_the_file_with_the_address_goes_once_somebody_is_in() -> None:
    """Where the address travels in a file, it lies there until a browser was let in, and no moment longer."""
    door, opened = Door(1234), threading.Event()
    pages: list[str] = []

    def open_page(address: str) -> None:
        pages.append(Path(url2pathname(urlsplit(address).path)).read_text())
        opened.set()

    opening = threading.Thread(target=app.open_in_browser, args=(door, open_page, "darwin"))
    opening.start()
    assert opened.wait(10)
    assert opening.is_alive(), "nobody was let in yet"
    once = door.invitation().partition("once=")[2]
    assert once in pages[0]
    assert door.let_in(once)
    opening.join(10)
    assert not opening.is_alive()
