"""
The only place that adds log sinks, and the only one that redacts them.

Everything goes to stderr: loguru's records, those of libraries that use `logging`, and exceptions of both.
Fields are bound with `logger.contextualize(run=…, account=…, step=…)`.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from loguru import logger

from automation.text.redaction import Redactor

if TYPE_CHECKING:  # these are in loguru's stubs alone
    from loguru import Message, Record

_LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
"""Names that `logging` and loguru share."""
_FIELDS = ("run", "account", "step")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a page's text could use to paint over the terminal; tab and line feed stay."""
_current = Redactor()


def configure(level: str = "INFO", secrets: Iterable[str] = (), *, said: Callable[[str], str] | None = None) -> None:
    """
    Start logging anew: one sink, on stderr, that knows the secrets; `said` translates messages from `INFO` on.

    Libraries are heard from `WARNING` on, at the level `TRACE` all. Playwright's log is switched off: `DEBUG`, which
    other programs of a CI job share, would make its driver print every text typed and every cookie, past all redaction.
    """
    global _current  # noqa: PLW0603 - one process, one set of sinks
    _current = Redactor(secrets)
    os.environ.pop("DEBUG", None)
    del _told_by_playwright()[:]
    logger.remove()

    def translate(record: Record) -> None:
        if said and record["level"].no >= logging.INFO:
            record["message"] = said(record["message"])

    logger.configure(extra={}, patcher=translate)
    logger.add(
        _Sink(_current),
        level=level,
        format=_format,
        colorize=False,  # what the sink gets is plain text, so every control character in it is foreign
        diagnose=False,  # loguru's default prints variables, secrets among them
        backtrace=False,
        catch=False,  # loguru's own report of a failed sink prints the record, unredacted
    )
    logging.basicConfig(handlers=[_Forward()], level=1 if level == "TRACE" else logging.WARNING, force=True)


@contextmanager
def silent() -> Iterator[None]:
    """
    Log nothing: for where Témoin is a guest in a program of others.

    Their sinks do not redact, and loguru's own prints variables. `DEBUG` is away for as long, as in `configure`.
    """
    ours = ("automation", "flows")
    debug, told = os.environ.pop("DEBUG", None), _told_by_playwright()
    kept = [*told]
    del told[:]
    for name in ours:
        logger.disable(name)
    try:
        yield
    finally:
        told[:] = kept
        for name in ours:
            logger.enable(name)
        if debug is not None:
            os.environ["DEBUG"] = debug


def _told_by_playwright() -> list[object]:
    """What Playwright's Python half prints of its log; it reads `DEBUG` once, when it is imported."""
    module = sys.modules.get("playwright._impl.utils.debug_logger")
    names: list[object] = getattr(getattr(module, "debug_logger", None), "_names", [])
    return names


def redact(text: str) -> str:
    """The text without the secrets that `configure` was told."""
    return _current.redact(text)


class _Sink:
    """Writes a finished line; the text of exceptions is in it by now, so nothing gets past the redaction."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def __call__(self, message: Message) -> None:
        line = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", self._redactor.redact(str(message)))
        with suppress(OSError, ValueError):  # nobody listens any more: no reason to fail a check
            sys.stderr.write(line)
            sys.stderr.flush()


class _Forward(logging.Handler):
    """Hands the records of `logging` to loguru, so that they too are redacted."""

    def emit(self, record: logging.LogRecord) -> None:
        level = record.levelname if record.levelname in _LEVELS else record.levelno
        logger.opt(exception=record.exc_info).log(level, "{}: {}", record.name, record.getMessage())


def _format(record: Record) -> str:
    """Fixed words first, then every field that was bound, the story's own three before the others."""
    names = [name for name in _FIELDS if name in record["extra"]]
    names += [name for name in record["extra"] if name not in _FIELDS and name.isidentifier()]
    fields = "".join(f" {name}={{extra[{name}]}}" for name in names)
    return "{time:HH:mm:ss} {level: <7} {message}" + fields + "\n{exception}"
