"""The order in which browsers are looked for, on a made-up computer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import pytest

from automation.browser.environment.machine import ThisMachine
from automation.browser.finder import find_browser
from automation.core.errors import BrowserNotFound
from automation.core.settings import BrowserSettings

PACKAGE = Path("/venv/playwright")
CACHE = Path("/home/lou/.cache/ms-playwright")
SHELL = CACHE / "chromium_headless_shell-1255/chrome-headless-shell-linux64/chrome-headless-shell"
FULL = CACHE / "chromium-1255/chrome-linux64/chrome"
CHROME = Path("/opt/google/chrome/chrome")
EDGE = Path("/opt/microsoft/msedge/msedge")
BROWSERS = json.dumps(
    {
        "browsers": [
            {"name": "chromium", "revision": "1255"},
            {"name": "chromium-headless-shell", "revision": "1255"},
        ]
    }
)


class FakeMachine:
    """A computer made of a dictionary: path → content; a program is a file that has a version."""

    def __init__(self, *, system: str = "linux", root: bool = False) -> None:
        self.system = system
        self.root = root
        self.home = Path("/home/lou")
        self.variables: dict[str, str] = {}
        self.files: dict[Path, bytes] = {PACKAGE / "driver/package/browsers.json": BROWSERS.encode()}
        self.versions: dict[Path, str | None] = {}
        self.path_folders = (Path("/usr/local/bin"), Path("/usr/bin"), Path("/snap/bin"))

    def has(self, path: str | Path, version: str | None = "150.0.1.2", content: bytes = b"\x7fELF") -> FakeMachine:
        """Put a program there; `version` None makes one that does not start."""
        self.versions[Path(path)] = version
        self.files[Path(path)] = content
        if CACHE in Path(path).parents:
            self.files[CACHE / Path(path).relative_to(CACHE).parts[0] / "INSTALLATION_COMPLETE"] = b""
        return self

    def on_path(self, name: str) -> Path | None:
        """The first folder of PATH that has it."""
        return next((folder / name for folder in self.path_folders if folder / name in self.versions), None)

    def is_program(self, path: Path) -> bool:
        """Whether a program was put there."""
        return path in self.versions

    def glob(self, folder: Path, pattern: str) -> Sequence[Path]:
        """The files below, by a pattern without `**`."""
        depth = pattern.count("/") + 1
        below = [path for path in self.files if folder in path.parents]
        return sorted(
            p
            for p in below
            if len(p.relative_to(folder).parts) == depth and fnmatch(str(p.relative_to(folder)), pattern)
        )

    def read(self, path: Path) -> bytes:
        """The content that was put there."""
        return self.files.get(path, b"")

    def version(self, path: Path) -> str | None:
        """The version that was put there."""
        return self.versions.get(path)

    def playwright_package(self) -> Path | None:
        """Where this computer keeps Playwright."""
        return PACKAGE


def test_the_order_is_fixed() -> None:
    """Configured, Playwright's shell, its Chromium, Chrome, Edge, PATH: each is found once the others go."""
    configured = Path("/opt/mine/chrome")
    places: list[str | Path] = [
        SHELL,
        FULL,
        CHROME,
        EDGE,
        "/usr/bin/chromium-headless-shell",
        "/usr/bin/chromium",
        "/usr/bin/google-chrome",
    ]
    machine = FakeMachine().has(configured)
    for place in places:
        machine.has(place)
    assert find_browser(BrowserSettings(path=configured), machine).path == configured
    sources = []
    for place in places:
        found = find_browser(BrowserSettings(), machine)
        assert found.path == Path(place)
        sources.append(found.source)
        del machine.versions[Path(place)]
    assert sources == [
        "playwright",
        "playwright",
        "channel:chrome",
        "channel:msedge",
        "system",
        "system",
        "system",
    ]
    with pytest.raises(BrowserNotFound):
        find_browser(BrowserSettings(), machine)


def test_a_browser_that_does_not_start_is_passed_over_and_named() -> None:
    """Playwright's browser without its libraries does not stop the search, and `why` says it was there."""
    machine = FakeMachine().has(SHELL, version=None).has("/usr/bin/chromium")
    found = find_browser(BrowserSettings(), machine)
    assert found.path == Path("/usr/bin/chromium")
    assert f"{SHELL}: it does not start" in found.why


def test_a_half_finished_download_is_no_browser() -> None:
    """Without Playwright's own mark that the installation is complete, its folder does not count."""
    machine = FakeMachine().has(SHELL)
    del machine.files[CACHE / "chromium_headless_shell-1255" / "INSTALLATION_COMPLETE"]
    with pytest.raises(BrowserNotFound):
        find_browser(BrowserSettings(), machine)


def test_another_revision_of_playwrights_browser_is_not_taken() -> None:
    """Only the revision that the installed Playwright was made for counts as its own."""
    machine = FakeMachine().has(
        CACHE / "chromium_headless_shell-1100/chrome-headless-shell-linux64/chrome-headless-shell"
    )
    with pytest.raises(BrowserNotFound):
        find_browser(BrowserSettings(), machine)


def test_the_cache_of_playwright_may_be_elsewhere() -> None:
    """PLAYWRIGHT_BROWSERS_PATH moves Playwright's browsers, so they are looked for there."""
    machine = FakeMachine()
    shell = Path("/srv/browsers/chromium_headless_shell-1255/chrome-headless-shell-linux64/chrome-headless-shell")
    machine.has(shell)
    machine.files[Path("/srv/browsers/chromium_headless_shell-1255/INSTALLATION_COMPLETE")] = b""
    machine.variables["PLAYWRIGHT_BROWSERS_PATH"] = "/srv/browsers"
    assert find_browser(BrowserSettings(), machine).path == shell


def test_the_cache_may_lie_inside_the_package_or_where_the_system_keeps_caches() -> None:
    """`PLAYWRIGHT_BROWSERS_PATH=0`, macOS, Windows and XDG each have their own place for Playwright's browsers."""
    tail = "chromium-1255/chrome-linux64/chrome"
    places: list[tuple[str, dict[str, str], Path]] = [
        ("linux", {"PLAYWRIGHT_BROWSERS_PATH": "0"}, PACKAGE / "driver/package/.local-browsers"),
        ("linux", {"XDG_CACHE_HOME": "/var/cache/lou"}, Path("/var/cache/lou/ms-playwright")),
        ("darwin", {}, Path("/home/lou/Library/Caches/ms-playwright")),
        ("win32", {"LOCALAPPDATA": "/c/Local"}, Path("/c/Local/ms-playwright")),
    ]
    for system, variables, cache in places:
        machine = FakeMachine(system=system).has(cache / tail)
        machine.files[cache / "chromium-1255/INSTALLATION_COMPLETE"] = b""
        machine.variables.update(variables)
        assert find_browser(BrowserSettings(), machine).path == cache / tail


def test_a_playwright_of_unknown_make_is_no_obstacle() -> None:
    """Where Playwright's list of browsers cannot be read, the search goes on."""
    machine = FakeMachine().has("/usr/bin/chromium")
    machine.files[PACKAGE / "driver/package/browsers.json"] = b"not JSON"
    assert find_browser(BrowserSettings(), machine).source == "system"


@pytest.mark.parametrize(
    ("fault", "settings", "words"),
    [
        ("missing", BrowserSettings(path=Path("/opt/gone/chrome")), "/opt/gone/chrome: there is no program"),
        ("channel", BrowserSettings(channel="chrome"), "/opt/google/chrome/chrome: there is no program"),
    ],
)
def test_what_the_user_named_is_never_replaced(fault: str, settings: BrowserSettings, words: str) -> None:
    """A configured browser that is not usable is an error, though another browser is there."""
    machine = FakeMachine().has("/usr/bin/chromium")
    with pytest.raises(BrowserNotFound) as caught:
        find_browser(settings, machine)
    assert words in str(caught.value)


def test_an_unknown_channel_lists_the_known_ones() -> None:
    """A channel that nobody knows is an error that names those that exist."""
    with pytest.raises(BrowserNotFound, match="msedge-beta"):
        find_browser(BrowserSettings(channel="firefox"), FakeMachine())


@pytest.mark.parametrize(("root", "first"), [(False, CHROME), (True, SHELL)])
def test_where_only_known_programs_get_a_sandbox_they_come_first(*, root: bool, first: Path) -> None:
    """Playwright's browser would not start there with its sandbox; root has none in any case."""
    machine = FakeMachine(root=root).has(SHELL).has(CHROME)
    machine.files[Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")] = b"1\n"
    assert find_browser(BrowserSettings(), machine).path == first
    del machine.versions[CHROME]
    assert find_browser(BrowserSettings(), machine).path == SHELL, "better told why it does not start than not found"


@pytest.mark.parametrize(
    ("system", "root", "sandbox"),
    [("linux", True, False), ("linux", False, True), ("darwin", True, True), ("win32", False, True)],
)
def test_the_sandbox_goes_only_for_root_on_linux(system: str, *, root: bool, sandbox: bool) -> None:
    """All keep the browser's sandbox but the superuser on Linux, for whom Chromium will not start with it."""
    machine = FakeMachine(system=system, root=root).has("/usr/bin/chromium")
    assert find_browser(BrowserSettings(), machine).sandbox is sandbox


@pytest.mark.parametrize(
    ("name", "script", "real"),
    [
        (
            "chromium",
            b"#!/bin/sh\nLIBDIR=/usr/lib/$APPNAME\nGDB=/usr/bin/gdb\nexec $LIBDIR/$APPNAME\n",
            "/usr/lib/chromium/chromium",
        ),
        (
            "chromium-headless-shell",
            b'#!/bin/sh -e\n/usr/lib/chromium/chromium-headless-shell "$@"\n',
            "/usr/lib/chromium/chromium-headless-shell",
        ),
    ],
)
def test_a_wrapper_script_gives_way_to_the_real_program(name: str, script: bytes, real: str) -> None:
    """Of Debian's wrapper scripts the program behind is named, whatever else the script mentions."""
    machine = FakeMachine().has(f"/usr/bin/{name}", content=script).has(real).has("/usr/bin/gdb")
    assert find_browser(BrowserSettings(), machine).path == Path(real)


def test_a_script_of_ones_own_is_not_looked_behind() -> None:
    """A script outside the system's folders may set what its owner needs, so it is started as it stands."""
    own = "/home/lou/bin/chromium"
    machine = FakeMachine().has(own, content=b"#!/bin/sh\nexec /usr/lib/chromium/chromium --my-flag\n")
    machine.has("/usr/lib/chromium/chromium")
    assert find_browser(BrowserSettings(path=Path(own)), machine).path == Path(own)


def test_a_wrapper_that_hides_its_program_is_used_itself() -> None:
    """Where the program behind a script cannot be told, the script is what gets started."""
    machine = FakeMachine().has("/snap/bin/chromium", content=b"#!/bin/sh\nexec snap run chromium\n")
    assert find_browser(BrowserSettings(), machine).path == Path("/snap/bin/chromium")


def test_a_headless_shell_is_no_answer_when_a_window_is_wanted() -> None:
    """With headless = false a headless shell is passed over for a browser with windows."""
    machine = FakeMachine().has("/usr/bin/chromium-headless-shell").has("/usr/bin/chromium")
    found = find_browser(BrowserSettings(headless=False), machine)
    assert found.path == Path("/usr/bin/chromium")
    assert not found.headless_only


def test_an_old_browser_is_refused_with_its_version() -> None:
    """A browser too old for the guard is not used, and the message says which version it is."""
    with pytest.raises(BrowserNotFound, match=r"90\.0\.1\.2 is too old"):
        find_browser(BrowserSettings(), FakeMachine().has("/usr/bin/chromium", "90.0.1.2"))


def test_windows_and_macos_have_their_own_places() -> None:
    """Chrome, Edge and Chromium are found where Windows and macOS keep them."""
    windows = FakeMachine(system="win32")
    windows.variables["PROGRAMFILES(X86)"] = "C:/Program Files (x86)"
    windows.has("C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe", "unknown")
    assert find_browser(BrowserSettings(), windows).source == "channel:msedge"
    mac = FakeMachine(system="darwin").has("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    assert find_browser(BrowserSettings(), mac).source == "channel:chrome"
    plain = FakeMachine(system="darwin").has("/Applications/Chromium.app/Contents/MacOS/Chromium")
    assert find_browser(BrowserSettings(), plain).source == "system"


def test_without_any_browser_the_message_says_how_to_get_one() -> None:
    """The error names the way to a browser on Debian, macOS and Windows, and our own command for it."""
    with pytest.raises(BrowserNotFound) as caught:
        find_browser(BrowserSettings(), FakeMachine())
    for words in (
        "apt-get install chromium-headless-shell",
        "brew install",
        "winget",
        "doctor --get-browser",
    ):
        assert words in str(caught.value)


def test_this_computer_answers_as_the_made_up_one_does(tmp_path: Path) -> None:
    """The real machine asks a real program for its version, and finds one that fails not to start."""
    good, bad = tmp_path / "chromium", tmp_path / "broken"
    good.write_text("#!/bin/sh\necho Chromium 151.2.3.4 built on Debian\n")
    bad.write_text("#!/bin/sh\necho libnss3.so is missing >&2; exit 127\n")
    for path in (good, bad):
        path.chmod(0o755)
    (tmp_path / "plain").write_text("no program")
    machine = ThisMachine()
    assert machine.version(good) == "151.2.3.4"
    assert machine.version(bad) is None
    assert machine.version(tmp_path / "gone") is None
    assert machine.is_program(good)
    assert not machine.is_program(tmp_path / "plain")
    assert machine.glob(tmp_path, "b*") == [bad]
    assert machine.read(tmp_path / "gone") == b""
    package = machine.playwright_package()
    assert package is not None
    assert (package / "driver" / "package" / "browsers.json").is_file()
    assert find_browser(BrowserSettings(path=good), machine).version == "151.2.3.4"


@pytest.mark.parametrize(
    ("system", "path"),
    [
        ("linux", "/opt/brave.com/brave/brave"),
        ("linux", "/usr/bin/brave-browser"),
        ("darwin", "/Applications/Brave Browser.app/Contents/MacOS/Brave Browser"),
        ("darwin", "/Applications/Chromium.app/Contents/MacOS/Chromium"),
        ("win32", "C:/Programs/BraveSoftware/Brave-Browser/Application/brave.exe"),
        ("win32", "C:/Programs/Chromium/Application/chrome.exe"),
    ],
)
def test_a_browser_that_a_person_has_anyway_shows_windows(system: str, path: str) -> None:
    """Brave and Chromium are used as they are, where the headless shell beside them has no window."""
    machine = FakeMachine(system=system).has(path)
    machine.variables["PROGRAMFILES"] = "C:/Programs"
    if system == "linux":
        machine.has(SHELL)
    assert find_browser(BrowserSettings(headless=False), machine).path == Path(path)


@pytest.mark.parametrize("machine", [FakeMachine().has(SHELL), FakeMachine()])
def test_what_is_missing_for_a_window_is_not_another_headless_shell(machine: FakeMachine) -> None:
    """Whether a shell is there or nothing, the way that is told leads to a whole browser."""
    with pytest.raises(BrowserNotFound, match="can show a window") as caught:
        find_browser(BrowserSettings(headless=False), machine)
    assert "shell" not in caught.value.remedy
    assert "--get-browser" in caught.value.remedy
