"""Ending quietly when nobody reads on, as in `temoin verify … | head`."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import typer

READER_GONE = 141
"""As a shell reports a program that the signal SIGPIPE ended (128 + 13)."""


@contextmanager
def quiet_when_reader_is_gone() -> Iterator[None]:
    """
    End the program with `READER_GONE` and without a word where its output is no longer read.

    A broken pipe to anything else, such as a browser or a mail server, stays what it is.

    Raises:
        typer.Exit: nobody reads the output.
    """
    try:
        yield
    except BrokenPipeError:
        if not any(map(_is_unread, (sys.stdout, sys.stderr))):
            raise
    except SystemExit as ended:  # rich turns the same error into exit code 1, which would be a finding
        if not isinstance(ended.__context__, BrokenPipeError):
            raise
    else:
        return
    for stream in (sys.stdout, sys.stderr):
        if _is_unread(stream):  # what is left in its buffer goes nowhere at the end, without an error
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    raise typer.Exit(READER_GONE) from None


def _is_unread(stream: TextIO) -> bool:
    """Whether this is a pipe whose other end is closed."""
    try:
        poll = select.poll()
        poll.register(stream.fileno(), select.POLLERR)
        return any(events & select.POLLERR for _, events in poll.poll(0))
    except (AttributeError, OSError, ValueError):  # a system without poll, or no real file: then it was stdout
        return stream is sys.stdout
