"""Canaries planted everywhere a secret could get into a log."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import logging
import os
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loguru import logger

from automation.app import logs
from automation.text.redaction import MARK, Redactor

CANARY = 'k@nari "é\\n/&+ü%'
TOTP = "JBSW Y3DP EHPK 3PXP"


@pytest.fixture(autouse=True)
def _fresh_sinks() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    logger.remove()
    root.handlers[:], root.level = before


def _written(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == "", "nothing may go to stdout"
    return err


@pytest.mark.parametrize(
    "spelling",
    [
        CANARY,
        quote(CANARY),
        quote(CANARY, safe=""),
        quote_plus(CANARY),
        quote(CANARY).lower(),
        urlencode({"pass": CANARY}),
        json.dumps({"pass": CANARY}),
        json.dumps({"pass": CANARY}, ensure_ascii=False),
        repr({"pass": CANARY}),
        base64.b64encode(CANARY.encode()).decode(),
        base64.urlsafe_b64encode(CANARY.encode()).decode(),
        base64.b64encode(f"lou:{CANARY}".encode()).decode(),
        base64.b64encode(f"l:{CANARY};x=1".encode()).decode(),
        base64.b64encode(f"lo:{CANARY};x=12".encode()).decode(),
    ],
)
def test_every_spelling_of_a_secret_is_replaced(spelling: str) -> None:
    """A secret does not get through as it is, nor written as URL, JSON, Base64 or Python, alone or not."""
    clean = Redactor([CANARY]).redact(f"before {spelling} after")
    assert MARK in clean
    assert clean.startswith("before ")
    assert clean.endswith(" after")
    assert "nari" not in clean
    assert not _decodes_to_secret(clean)


def _decodes_to_secret(text: str) -> bool:
    return any(CANARY in _base64_text(word) for word in text.split())


def _base64_text(word: str) -> str:
    try:
        return base64.b64decode(word.encode(), altchars=b"-_", validate=False).decode("utf-8", "ignore")
    except ValueError:
        return ""


@given(st.text(min_size=4, max_size=40), st.binary(max_size=9), st.binary(max_size=9))
def test_no_secret_survives_inside_base64(secret: str, before: bytes, after: bytes) -> None:
    """Whatever surrounds a secret before it is Base64-encoded, the characters that hold it are gone."""
    raw = secret.encode()
    if len(raw) < 8 or not secret.strip():
        return
    encoded = base64.b64encode(before + raw + after).decode()
    assert Redactor([secret]).redact(encoded) != encoded


@given(st.lists(st.text(alphabet="abcdefgh12", min_size=5, max_size=12), min_size=1, max_size=4), st.text(max_size=50))
def test_redacting_leaves_no_secret_and_may_be_repeated(secrets: list[str], text: str) -> None:
    """After redaction no secret stands in the text, not even where one contains another."""
    redactor = Redactor(secrets)
    clean = redactor.redact(f"{text} {' '.join(secrets)} {''.join(secrets)}")
    assert not any(secret in clean.replace("[secret]", "|") for secret in secrets)
    assert redactor.redact(clean) == clean


def test_a_secret_written_in_groups_is_found_without_them() -> None:
    """A TOTP secret noted with spaces is replaced as the programs that use it write it too."""
    assert "JBSWY3DP" not in Redactor([TOTP]).redact("uri otpauth://totp/x?secret=JBSWY3DPEHPK3PXP")


def test_a_very_short_secret_does_not_eat_the_text() -> None:
    """A secret of one letter is replaced as a word and leaves every other word alone."""
    assert Redactor(["a"]).redact("a banana a") == "[secret] banana [secret]"


def test_no_secrets_change_nothing() -> None:
    """Without secrets, and with empty ones, a text stays as it is."""
    assert Redactor([]).redact("text") == Redactor([""]).redact("text") == "text"
    assert "hidden" not in repr(Redactor(["hidden"]))


def test_messages_fields_and_arguments_are_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    """No way of handing a secret to a log line shows it, and everything goes to stderr."""
    logs.configure("DEBUG", [CANARY])
    logger.info(f"plain {CANARY}")
    logger.info("argument {}", CANARY)
    logger.bind(cookie=CANARY).warning("bound")
    with logger.contextualize(account=CANARY, step="form"):
        logger.debug("context")
    err = _written(capsys)
    assert CANARY not in err
    assert err.count("[secret]") == 4
    assert "step=form" in err


def test_exceptions_show_neither_secrets_nor_variables(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback names the place and the error, but no variable's value and no secret inside any message."""
    logs.configure("INFO", [CANARY])
    local_value = "a value that only diagnose would print"

    def fails() -> None:
        try:
            raise ValueError(f"inner {CANARY}")
        except ValueError as error:
            raise RuntimeError(f"outer {json.dumps(CANARY)} {len(local_value)}") from error

    try:
        fails()
    except RuntimeError:
        logger.exception("it failed")
    err = _written(capsys)
    assert "RuntimeError" in err
    assert "ValueError" in err
    assert "k@nari" not in err
    assert err.count(local_value) == 0


def test_records_of_the_standard_library_take_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    """What another library logs, with its exception, is redacted; its chatter below WARNING is left out."""
    logs.configure("DEBUG", [CANARY])
    other = logging.getLogger("some.library")
    try:
        raise OSError(f"could not send {CANARY}")
    except OSError:
        other.exception("request to %s", quote(CANARY))
    other.info("chatter")
    err = _written(capsys)
    assert "some.library: request to [secret]" in err
    assert "OSError" in err
    assert "k@nari" not in err
    assert "chatter" not in err


def test_the_level_is_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    """Below the chosen level nothing is written."""
    logs.configure("WARNING")
    logger.info("quiet")
    logger.warning("loud")
    err = _written(capsys)
    assert "loud" in err
    assert "quiet" not in err


def test_configuring_again_replaces_the_sink(capsys: pytest.CaptureFixture[str]) -> None:
    """A second call does not write every line twice, and knows the new secrets."""
    logs.configure("INFO")
    logs.configure("INFO", ["second-secret"])
    logger.info("once second-secret")
    assert _written(capsys).count("once [secret]") == 1
    assert logs.redact("x second-secret") == "x [secret]"


def test_text_of_a_page_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences in a message, a field or an exception arrive harmless."""
    logs.configure("INFO")
    try:
        raise ValueError("\x1b[2Jgone")
    except ValueError:
        logger.bind(title="\x1b]0;owned\x07").exception("quote \x1b[31mred")
    err = _written(capsys)
    assert "\x1b" not in err
    assert "\x07" not in err
    assert "red" in err


def test_braces_in_fields_are_just_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A field's value with braces or angle brackets is printed, not interpreted."""
    logs.configure("INFO")
    with logger.contextualize(account="{record} <red>", step="{0}"):
        logger.info("words")
    assert "account={record} <red> step={0}" in _written(capsys)


def test_a_closed_stderr_does_not_fail_a_check() -> None:
    """When nobody reads the log any more, work goes on."""
    closed = io.StringIO()
    logs.configure("INFO")
    closed.close()
    with contextlib.redirect_stderr(closed):
        logger.info("into the void")


def test_playwrights_own_log_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `DEBUG=pw:*` its driver would print every text typed into a page: the variable is gone before it starts."""
    monkeypatch.setenv("DEBUG", "pw:*")
    from playwright._impl.utils.debug_logger import debug_logger

    monkeypatch.setattr(debug_logger, "_names", [re.compile("pw:.*")])  # as where it was imported before
    with logs.silent():
        assert not debug_logger.is_enabled("channel")
    assert debug_logger.is_enabled("channel")
    logs.configure()
    assert ("DEBUG" in os.environ, debug_logger.is_enabled("channel")) == (False, False)


def test_at_trace_libraries_speak_too_and_are_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    """What a library logs at its lowest level is shown at TRACE only, without the secret in it."""
    for level, shown in (("DEBUG", False), ("TRACE", True)):
        logs.configure(level, [CANARY])
        logging.getLogger("library").debug("connects with %s", CANARY)
        said = _written(capsys)
        assert ("library: connects with " in said) is shown
        assert CANARY not in said
