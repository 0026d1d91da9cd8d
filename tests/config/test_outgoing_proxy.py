"""The outgoing proxy is read from the variables that every program knows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from automation.config import load
from automation.config.values import outgoing_proxy
from automation.core.errors import ConfigurationError
from automation.core.settings import VARIABLES, OutgoingProxy


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, None),
        ({"HTTPS_PROXY": ""}, None),
        ({"HTTP_PROXY": "http://proxy.test:1", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://proxy.test:3128"}, OutgoingProxy("proxy.test", 3128)),
        ({"https_proxy": "proxy.test:3128"}, OutgoingProxy("proxy.test", 3128)),
        ({"ALL_PROXY": "http://proxy.test"}, OutgoingProxy("proxy.test", 80)),
        ({"ALL_PROXY": "http://other.test:1", "https_proxy": "https://proxy.test"}, OutgoingProxy("proxy.test", 443, tls=True)),
        (
            {"HTTPS_PROXY": "http://jane:p%40ss%3Aword@proxy.test:1", "NO_PROXY": "localhost, .Corp.test,,10.0.0.0/8"},
            OutgoingProxy("proxy.test", 1, credentials="jane:p@ss:word", except_for=("localhost", ".corp.test", "10.0.0.0/8")),
        ),
        ({"HTTPS_PROXY": "http://[::1]:8"}, OutgoingProxy("::1", 8)),
    ],
)  # fmt: skip
def test_the_variables_are_read(variables: dict[str, str], expected: OutgoingProxy | None) -> None:
    """In either case, with a name and password or without, and with the hosts that are reached directly."""
    found = outgoing_proxy(variables)
    assert found == expected
    assert "p@ss" not in repr(found)


def test_it_is_among_the_settings_and_its_password_among_what_is_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every visit gets it, and no log, message or bundle may hold its password."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.lower() in VARIABLES]:
        monkeypatch.delenv(name)
    assert load().browser.proxy is None
    monkeypatch.setenv("HTTPS_PROXY", "http://jane:hunter22@proxy.test:1")
    settings = load()
    assert settings.browser.proxy == OutgoingProxy("proxy.test", 1, credentials="jane:hunter22")
    assert "hunter22" in settings.secret_values()
    assert "hunter22" not in repr(settings)


@pytest.mark.parametrize(
    "value", ["socks5://jane:secret@proxy.test:1", "http://:3128", "http://jane:secret@:x", "http://a:99999"]
)
def test_what_is_no_proxy_is_told_without_its_password(value: str) -> None:
    """The message names the variable and the form to write, and repeats nothing of the value."""
    with pytest.raises(ConfigurationError) as caught:
        outgoing_proxy({"HTTPS_PROXY": value})
    assert "HTTPS_PROXY" in caught.value.message
    assert "secret" not in caught.value.message + caught.value.remedy
