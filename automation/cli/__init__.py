"""
The command line: one module a command, each imported without what makes it slow.

Exit codes are API: 0 as wanted, 1 a finding, 2 usage or configuration, 3 incomplete, 4 internal fault or guard
breach; 130 when interrupted, 141 when nobody reads the output on. This module turns every error into one of them and a
message for a person.
"""

from __future__ import annotations

import gc
import sys
from io import TextIOWrapper
from itertools import chain, pairwise
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from automation import __version__
from automation.cli.check import command as check
from automation.cli.check import rejudge
from automation.cli.demo import command as demo
from automation.cli.doctor import command as doctor
from automation.cli.evidence import bundle, head, keys, stamp, verify
from automation.cli.fleet import command as fleet
from automation.cli.fleet import enqueue, worker
from automation.cli.flows import command as flows
from automation.cli.history import answer, diff, stale
from automation.cli.history import command as history
from automation.cli.inbox import command as inbox
from automation.cli.init import command as init
from automation.cli.look import command as look
from automation.cli.object import cases
from automation.cli.object import command as filing
from automation.cli.report import command as report
from automation.cli.report import schema
from automation.cli.schedule import command as schedule
from automation.cli.session import command as session
from automation.cli.session import login
from automation.cli.shared import common
from automation.cli.shared.closed_output import quiet_when_reader_is_gone
from automation.cli.words import command as words
from automation.core.errors import (
    ConfigurationError,
    NoSession,
    OutputError,
    SessionBusy,
    SessionUnusable,
    TemoinError,
)
from automation.text.catalogue import LANGUAGES
from automation.web import command as ui

_TO_CORRECT = (ConfigurationError, OutputError, NoSession, SessionBusy, SessionUnusable)
_GARBAGE_AFTER = 300_000
"""
Objects between two searches for garbage. With Python's own 700 a tenth of a check's start is searching, in vain, what
was imported; so many objects of garbage take some tens of MB at most.
"""
USAGE, FAULT = 2, 4  # results.ExitCode says the same; importing it would cost --help its speed


def _lang_of(args: list[str]) -> str | None:
    """What follows `--lang`, after a space or an equals sign, wherever in the call it stands."""
    apart = (value for name, value in pairwise(args) if name == "--lang")
    joined = (word.removeprefix("--lang=") for word in args if word.startswith("--lang="))
    return next(chain(apart, joined), None)


class _Commands(TyperGroup):
    """The commands, with one place where every error ends."""

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **kwargs: Any) -> Any:
        """Read the options; `--help` and `--version` print here."""
        common.given.lang = common.given.configured = None
        common.given.warned.clear()
        common.given.named = _lang_of(args)
        if not args or {"-h", "--help"}.intersection(args):
            self._translate_help()
        try:
            with quiet_when_reader_is_gone():
                return super().make_context(info_name, args, *rest, **kwargs)
        except typer.TyperException as error:
            raise self._in_words(error) from None

    def _translate_help(self) -> None:
        """It prints before any option is read."""
        if common.language_before_configuration() != LANGUAGES[0]:
            from automation.cli.shared.translated_help import translate_help

            translate_help(self, common.words_before_configuration())

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
        if common.language_before_configuration() == LANGUAGES[0]:
            return error
        from automation.cli.shared.translated_help import usage_error

        self._translate_help()  # a group that is called without a command answers with its help
        typer.echo(usage_error(error, common.words_before_configuration()), err=True)
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
app.command("demo")(demo.demo)
app.command("ui")(ui.ui)
app.command("init")(init.init)
app.command("check")(check.check)
app.command("login")(login.login)
app.command("object")(filing.object_to)
app.add_typer(cases.app, name="cases")
app.command("doctor")(doctor.doctor)
app.add_typer(look.app, name="look")
app.add_typer(answer.app, name="answer", hidden=True)
app.add_typer(history.app, name="history")
app.command("inbox")(inbox.inbox)
app.add_typer(flows.app, name="flows")
app.add_typer(session.app, name="session")
app.command("verify")(verify.verify)
app.command("stamp")(stamp.stamp)
app.command("rejudge")(rejudge.rejudge)
app.command("words", hidden=True, context_settings={"ignore_unknown_options": True})(words.words)
app.command("diff")(diff.diff)
app.add_typer(keys.app, name="keys")
app.add_typer(bundle.app, name="bundle")
app.add_typer(bundle.evidence_app, name="evidence")
app.add_typer(head.app, name="head")
app.command("enqueue")(enqueue.enqueue)
app.command("worker")(worker.worker)
app.add_typer(fleet.app, name="fleet")
app.command("report")(report.report)
app.add_typer(schedule.app, name="schedule")
app.command("stale")(stale.stale)
app.command("schema")(schema.schema)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"temoin {__version__}")
        raise typer.Exit


@app.callback()
def everywhere(
    lang: common.Lang = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log each step, and show where a fault happened.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of every command."""
    del version
    common.given.verbose = verbose
    common.given.lang = lang
    if lang is not None:
        common.language(lang, None)  # refuses what Témoin does not speak


def main() -> None:
    """The program `temoin`."""
    from automation.config.source_lines import hide_secrets_from_children

    hide_secrets_from_children()
    gc.set_threshold(_GARBAGE_AFTER)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a code page without `✓` shows `?`, and ends nothing
            stream.reconfigure(errors="replace")
    app(prog_name="temoin")


def _tell(error: TemoinError) -> None:
    """The message, the remedy and, if asked for, the way the error took."""
    from automation.cli.shared import logs

    _trace()
    words = common.words_before_configuration()
    text = words.said(error.message).strip().rstrip(".") + "."
    typer.echo(logs.redact(words.gettext("Error: %(text)s", text=text)), err=True)
    if error.remedy:
        typer.echo(logs.redact(f"  → {words.said(error.remedy)}"), err=True)
        if line := common.where_the_program_is(error.remedy, words):
            typer.echo(f"    {line}", err=True)


def _tell_fault(error: Exception) -> None:
    from automation.cli.shared import logs

    text = f"{type(error).__name__}: {error}".strip().rstrip(": ")
    words = common.words_before_configuration()
    remedy = words.gettext("This is not your doing. Run again with `temoin -v …` and put that text into your report.")
    _trace()
    typer.echo(logs.redact(words.gettext("Internal fault in Témoin: %(text)s", text=text)), err=True)
    if not common.given.verbose:
        typer.echo(f"  → {remedy}", err=True)


def _trace() -> None:
    if common.given.verbose:
        import traceback

        from automation.cli.shared import logs

        typer.echo(logs.redact(traceback.format_exc()), err=True)
