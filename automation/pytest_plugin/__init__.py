"""
The pytest plugin: `pytest --temoin temoin.toml` makes one test of each account.

Off unless asked for, and light until then: pytest imports this module wherever Témoin is installed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; those of pytest-playwright (`--headed`, `--slowmo`, `--browser-channel`) count too."""
    group = parser.getgroup("temoin", "Témoin: one test for each account of a temoin.toml")
    group.addoption("--temoin", metavar="CONFIG", help="Check the accounts of this temoin.toml, read-only.")
    group.addoption(
        "--temoin-open",
        choices=("skip", "fail"),
        default="skip",
        help="What a test is whose answer is still open (unknown, or a person is needed): skip or fail.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Join the session where it was asked for; the configuration is collected like a file of tests."""
    config.addinivalue_line(
        "markers", "read_only_stops(*requests): what the guard of read_only_page is to stop, such as 'POST /save'"
    )
    named = config.getoption("--temoin")
    if not named:
        return
    from automation.pytest_plugin.accounts import Accounts  # noqa: PLC0415 - only where it was asked for

    path = _find(named, config)
    config.addinivalue_line("markers", "temoin: the test of an account, made by --temoin")
    config.pluginmanager.register(Accounts(path), "temoin-accounts")
    if _joins(config) and not any(Path(arg.partition("::")[0]).resolve() == path for arg in config.args):
        config.args.append(str(path))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    """A test with a page that only reads fails where the guard stopped what the test did not expect."""
    watched: Any = pyfuncitem.funcargs.get("_read_only")
    if watched is None:
        return (yield)
    with watched.judging():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What the guard stopped is a section of the test's report."""
    report = yield
    watched = getattr(item, "funcargs", {}).get("_read_only")
    if watched is not None and watched.stops and report.when == "call":
        report.sections.append(("the guard stopped", "\n".join(map(str, watched.stops))))
    return report


@pytest.fixture
def read_only_policy() -> dict[str, Any]:
    """What the pages of `read_only_page` may ask for; every test module or `conftest.py` gives its own."""
    pytest.fail(
        'read_only_page needs a fixture read_only_policy that returns, say, {"hosts": ["localhost"]}.', pytrace=False
    )


@pytest.fixture
def read_only_browser() -> Any:
    """The `BrowserSettings` of `read_only_page`; a test may give its own, such as with a stand-in's `replica_map`."""
    from automation.core.settings import BrowserSettings  # noqa: PLC0415 - only where it is asked for

    return BrowserSettings()


@pytest.fixture(scope="session")
def _read_only_browsers(playwright: Any) -> Iterator[Any]:
    from automation.pytest_plugin.read_only import SharedBrowsers  # noqa: PLC0415

    browsers = SharedBrowsers(playwright)
    yield browsers
    browsers.close()


@pytest.fixture
def _read_only(
    request: pytest.FixtureRequest,
    _read_only_browsers: Any,
    read_only_policy: dict[str, Any],
    read_only_browser: Any,
    browser_context_args: dict[str, Any],
) -> Iterator[Any]:
    from automation.pytest_plugin.read_only import KEPT_OPTIONS, read_only  # noqa: PLC0415

    options = {name: value for name, value in browser_context_args.items() if name in KEPT_OPTIONS}
    with read_only(_read_only_browsers, read_only_policy, read_only_browser, options, request.node) as watched:
        yield watched


@pytest.fixture
def read_only_page(_read_only: Any) -> Any:
    """A page of pytest-playwright's kind that can read a site and change nothing there."""
    return _read_only.page


@pytest.fixture
def guard_record(_read_only: Any) -> Any:
    """Called, it gives the record of `read_only_page`'s guard so far: what was asked, refused and let through."""
    return lambda: _read_only.record


def _find(named: str, config: pytest.Config) -> Path:
    """
    The configuration, looked for where pytest was called, then where the project begins, as for `addopts`.

    Raises:
        pytest.UsageError: it is in neither place.
    """
    folders = (config.invocation_params.dir, config.rootpath)
    for folder in folders:
        if (path := (folder / named).resolve()).is_file():
            return path
    places = " or ".join(dict.fromkeys(map(str, folders)))
    raise pytest.UsageError(f"--temoin {named}: there is no such file in {places}.")


def _joins(config: pytest.Config) -> bool:
    """Whoever names tests gets those alone where `--temoin` stands in `addopts`: no service is visited by the way."""
    said_now = any(str(arg).partition("=")[0] == "--temoin" for arg in config.invocation_params.args)
    return said_now or config.args_source is not pytest.Config.ArgsSource.ARGS
