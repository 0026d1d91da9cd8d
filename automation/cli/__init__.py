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
from automation.cli.commands import COMMANDS, RENAMED
from automation.cli.group import Group, LazyGroup, quiet_when_reader_is_gone, translate_help, usage_error
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
from automation.text.catalogue import LANGUAGES, N_

_TO_CORRECT = (ConfigurationError, OutputError, NoSession, SessionBusy, SessionUnusable)
_GARBAGE_AFTER = 300_000
"""
Objects between two searches for garbage. With Python's own 700 a tenth of a check's start is searching, in vain, what
was imported; so many objects of garbage take some tens of MB at most.
"""
USAGE, FAULT = 2, 4  # results.ExitCode says the same; importing it would cost --help its speed


class _Commands(LazyGroup):
    """The commands, with one place where every error ends."""

    group = Group(COMMANDS)

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
            translate_help(self, words_before_configuration())

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

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is meant; whoever calls one by an old word is told the new one."""
        words = [count for count in (2, 1) if len(args) >= count and " ".join(args[:count]) in RENAMED]
        if words and not self._is_todays(args, ctx):
            before, now = words[0], RENAMED[" ".join(args[: words[0]])].split()
            old, args = args, [*now, *args[before:]]
            deep, group = 0, self
            while deep < len(args) and args[deep] in getattr(group, "commands", ()):
                group, deep = group.commands[args[deep]], deep + 1
            if not ctx.resilient_parsing:  # as the shell's completion asks
                _hint(
                    N_("`temoin %(old)s` is now `temoin %(new)s`"), old=old[: before + deep - len(now)], new=args[:deep]
                )
        elif args[0] == "answer" and not ctx.resilient_parsing:
            _hint(N_("`temoin look` says what evidence shows, sealed; `temoin answer` will go."))
        return super().resolve_command(ctx, args)

    def _is_todays(self, args: list[str], ctx: Any) -> bool:
        """Whether a word that was a command, and is a group now, is called as the group."""
        within = getattr(self.commands.get(args[0]), "commands", ())
        return bool(within) and (len(args) == 1 or args[1] in {*within, *ctx.help_option_names})

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


def _hint(sentence: str, **words: list[str]) -> None:
    say(words_before_configuration().gettext(sentence, **{name: " ".join(some) for name, some in words.items()}))


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
