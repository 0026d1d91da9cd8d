"""
The command line: its commands by name, and the one place where every error ends.

Exit codes are API: 0 as wanted, 1 a finding, 2 usage or configuration, 3 incomplete, 4 internal fault or guard
breach; 130 when interrupted, 141 when nobody reads the output on. This module turns every error into one of them and a
message for a person.
"""

from __future__ import annotations

import gc
import sys
import traceback
from io import TextIOWrapper
from itertools import chain, pairwise
from typing import Annotated, Any

import typer

from automation import __version__
from automation.app import notices
from automation.cli.group import LazyGroup, Place, quiet_when_reader_is_gone, usage_error
from automation.cli.options import (
    Lang,
    given,
    language,
    language_before_configuration,
    say,
    tell_notice,
    where_the_program_is,
    words_before_configuration,
)
from automation.core.errors import ConfigurationError, NoSession, OutputError, SessionBusy, SessionUnusable, TemoinError
from automation.text.catalogue import LANGUAGES

_TO_CORRECT = (ConfigurationError, OutputError, NoSession, SessionBusy, SessionUnusable)
_GARBAGE_AFTER = 300_000
"""
Objects between two searches for garbage. With Python's own 700 a tenth of a check's start is searching, in vain, what
was imported; so many objects of garbage take some tens of MB at most.
"""
USAGE, FAULT = 2, 4  # results.ExitCode says the same; importing it would cost --help its speed


COMMANDS = {
    "demo": Place("automation.cli.demo:demo", "Show every verdict on a local stand-in of Facebook and Instagram."),
    "ui": Place("automation.web.app:ui", "Look after accounts in a window of your browser instead of here."),
    "init": Place(
        "automation.cli.login:init", "Set up your accounts: choose each, sign in, and say that it is the one."
    ),
    "check": Place("automation.cli.check:check", "Check accounts, read-only, and keep the evidence."),
    "login": Place("automation.cli.login:login", "Sign in to an account yourself, in a window, and keep the session."),
    "object": Place(
        "automation.cli.object:object_to", "File an objection yourself: the form is filled in, you press its button."
    ),
    "doctor": Place("automation.cli.doctor:doctor", "Say what is missing on this machine, and how to get it."),
    "inbox": Place(
        "automation.cli.inbox:inbox", "Read the mailbox for the service's answer, and change nothing in it."
    ),
    "verify": Place("automation.cli.verify:verify", "Verify evidence, offline."),
    "stamp": Place("automation.cli.verify:stamp", "Ask the configured time-stamp authorities to confirm evidence now."),
    "rejudge": Place(
        "automation.cli.verify:rejudge", "Judge stored visits again by today's rules. The evidence stays as it is."
    ),
    "diff": Place(
        "automation.cli.history:diff",
        "Compare two bundles: the answer, the form, switches, and the pictures of each step without what is masked.",
    ),
    "mcp": Place(
        "automation.mcp:serve",
        "Answer an agent's questions over standard input and output (Model Context Protocol), until it hangs up.",
    ),
    "enqueue": Place(
        "automation.cli.fleet:enqueue", "Hand accounts over to a fleet of workers, or bring them up to date there."
    ),
    "worker": Place(
        "automation.cli.fleet:worker", "Work for a fleet until SIGTERM: visits that were begun are finished then."
    ),
    "report": Place(
        "automation.cli.report:report",
        "Write a report on the newest answer of each account, from what is stored. Nothing is visited.",
    ),
    "stale": Place(
        "automation.cli.history:stale",
        "Say which accounts have no result that is new enough. Visits nobody; says nothing where all is well.",
    ),
    "import": Place(
        "automation.cli.report:take_in",
        "Take in what another program read of a tenant's AI data use; reports name it as that program's own word.",
    ),
    "schema": Place("automation.cli.report:schema", "Print the JSON Schema (2020-12) of a document."),
    "cases": Place(
        "automation.cli.cases:app", "The objections that were filed with `temoin object`, and how far each has come."
    ),
    "look": Place(
        "automation.cli.look.command:app",
        "Say once what a picture shows; it counts for all accounts that are shown it.",
    ),
    "history": Place(
        "automation.cli.history:app",
        "What was answered before, and what changed since. `temoin history` alone shows where each account stands.",
    ),
    "flows": Place("automation.cli.flows:app", "What Témoin can read, and how well it is known."),
    "registry": Place(
        "automation.cli.registry:app", "Dates and looks that others share in a folder, such as a git repository."
    ),
    "session": Place(
        "automation.cli.session:app", "The saved sessions: sealed on this machine, for this machine's key."
    ),
    "keys": Place("automation.cli.keys:app", "The keys that seal evidence."),
    "bundle": Place("automation.cli.evidence:app", "Housekeeping in an evidence folder."),
    "evidence": Place("automation.cli.evidence:evidence_app", "Hand a run on, or remove evidence by a decision."),
    "head": Place("automation.cli.verify:head_app", "Keep the end of the ledger elsewhere, and compare with it later."),
    "fleet": Place(
        "automation.cli.fleet:app",
        "A fleet of workers: where it stands, its tables, its accounts. `temoin fleet` alone shows where it stands.",
    ),
    "schedule": Place("automation.cli.schedule:app", "Print a ready file that checks on a schedule, or install it."),
    "answer": Place("automation.cli.cases:answer_app"),
    "words": Place("automation.cli.cases:words_app"),
}
"""In the order of the help."""


class _Commands(LazyGroup):
    """The commands, with one place where every error ends."""

    places = COMMANDS

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **kwargs: Any) -> Any:
        """Read the options; `--help` and `--version` print here."""
        # What follows `--lang`, after a space or an equals sign, wherever in the call it stands.
        apart = (value for name, value in pairwise(args) if name == "--lang")
        joined = (word.removeprefix("--lang=") for word in args if word.startswith("--lang="))
        given.begin(next(chain(apart, joined), None))
        notices.told_by(tell_notice)
        if not args or {"-h", "--help"}.intersection(args):
            self._translate_help()
        try:
            with quiet_when_reader_is_gone():
                return super().make_context(info_name, args, *rest, **kwargs)
        except typer.TyperException as error:
            raise self._in_words(error) from None

    def _translate_help(self) -> None:
        """It prints before any option is read."""
        if language_before_configuration() != LANGUAGES[0]:
            self.translate(words_before_configuration())

    def invoke(self, ctx: Any) -> Any:
        """Run a command; whatever goes wrong becomes a message and an exit code."""
        try:
            with quiet_when_reader_is_gone():
                return super().invoke(ctx)
        except typer.Exit:
            raise
        except typer.TyperException as error:
            raise self._in_words(error) from None
        except TemoinError as error:
            _tell(error)
            raise typer.Exit(USAGE if isinstance(error, _TO_CORRECT) else FAULT) from None
        except typer.Abort:
            raise typer.Exit(USAGE) from None
        except Exception as error:  # noqa: BLE001 - the last place: a person gets a sentence, not a traceback
            _tell_fault(error)
            raise typer.Exit(FAULT) from None

    def _in_words(self, error: typer.TyperException) -> Exception:
        """A call that cannot be read: as the library tells it in English, and by ourselves in other languages."""
        if language_before_configuration() == LANGUAGES[0]:
            return error
        self._translate_help()  # a group that is called without a command answers with its help
        say(usage_error(error, words_before_configuration()))
        return typer.Exit(USAGE)


app = typer.Typer(
    cls=_Commands,
    name="temoin",
    help="A read-only witness for AI data-use settings: is the objection filed, pending, refused? With proof.",
    epilog="Exit codes: 0 as wanted, 1 a finding, 2 usage or configuration, 3 incomplete, 4 internal fault.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,  # plain help starts three times faster
    pretty_exceptions_enable=False,  # they print variables, secrets among them
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"temoin {__version__}")
        raise typer.Exit


@app.callback()
def everywhere(
    lang: Lang = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log each step, and show where a fault happened.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of every command."""
    del version
    given.verbose = verbose
    given.lang = lang
    if lang is not None:
        language(lang, None)  # refuses what Témoin does not speak


def main() -> None:
    """The program `temoin`."""
    if not {"-h", "--help", "--version"}.intersection(sys.argv):
        from automation.config.source_lines import hide_secrets_from_children  # noqa: PLC0415 - pydantic

        hide_secrets_from_children()
    gc.set_threshold(_GARBAGE_AFTER)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a code page without `✓` shows `?`, and ends nothing
            stream.reconfigure(errors="replace")
    app(prog_name="temoin")


def _tell(error: TemoinError) -> None:
    """The message, the remedy and, if asked for, the way the error took."""
    words = words_before_configuration()
    text = words.said(error.message).strip().rstrip(".") + "."
    if given.verbose:
        _echo(traceback.format_exc())
    _echo(words.gettext("Error: %(text)s", text=text))
    if error.remedy:
        _echo(f"  → {words.said(error.remedy)}")
        if line := where_the_program_is(error.remedy, words):
            say(f"    {line}")


def _tell_fault(error: Exception) -> None:
    text = f"{type(error).__name__}: {error}".strip().rstrip(": ")
    words = words_before_configuration()
    remedy = words.gettext("This is not your doing. Run again with `temoin -v …` and put that text into your report.")
    if given.verbose:
        _echo(traceback.format_exc())
    _echo(words.gettext("Internal fault in Témoin: %(text)s", text=text))
    if not given.verbose:
        say(f"  → {remedy}")


def _echo(text: str) -> None:
    from automation.app import logs  # noqa: PLC0415 - loguru, which `--help` does without

    say(logs.redact(text))
