"""
What the groups of commands share: commands found by name, one that needs no name, help in another language.

Also ending quietly when nobody reads on, as in `temoin verify … | head`.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TextIO

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from automation.text.catalogue import N_

if TYPE_CHECKING:  # Babel: `--help` in English needs none of it
    from automation.text.language import Language

READER_GONE = 141
"""As a shell reports a program that the signal SIGPIPE ended (128 + 13)."""


@contextmanager
def quiet_when_reader_is_gone() -> Iterator[None]:
    """
    End the program with `READER_GONE` and without a word where its output is no longer read.

    A broken pipe to anything else, such as a browser or a mail server, stays what it is.
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


_COMMANDS = N_("Commands")
_HEADINGS = (N_("Usage"), N_("Arguments"), N_("Options"))
_NOTES = (N_("[default: "), N_("[required]"), N_("Show this message and exit."))
"""What the library for commands writes by itself."""
_USAGE = (
    N_("Missing command."),
    N_("No such command '%(name)s'."),
    N_("No such command '%(name)s'. Did you mean %(others)s?"),
    N_("No such option: %(name)s"),
    N_("No such option: %(name)s Did you mean %(other)s?"),
    N_("No such option: %(name)s (Possible options: %(others)s)"),
    N_("Missing argument '%(name)s'."),
    N_("Missing option '%(name)s'."),
    N_("Option '%(name)s' requires an argument."),
    N_("Got unexpected extra argument (%(names)s)"),
    N_("Got unexpected extra arguments (%(names)s)"),
    N_("Got unexpected extra argument(s) (%(names)s)"),
    N_("Invalid value for '%(name)s': %(text)s"),
    N_("'%(value)s' is not a valid integer."),
    N_("'%(value)s' is not one of %(values)s."),
    N_("Value error, '%(value)s' is not one of %(values)s."),
    N_("Choose from:"),
    N_("Input should be a valid integer, unable to parse string as an integer"),
    N_("Input should be %(values)s"),
)
"""What the library says of a call that it cannot read."""
_BARE_GROUP = "NoArgsIsHelpError"
"""What the library raises for a group without a command; it gives nobody the class itself."""


def usage_error(error: Any, words: Language) -> str:
    """A call that cannot be read, in the language: how it is to be called, and what is wrong; a bare group's help."""
    context = getattr(error, "ctx", None)
    if context is not None:
        context.formatter_class = _formatter(context.formatter_class, words)
        if type(error).__name__ == _BARE_GROUP:
            return str(context.get_help())
    usage = f"{context.get_usage()}\n" if context is not None else ""
    hint = words.gettext("Help: %(command)s", command=f"{context.command_path} --help") if context is not None else ""
    return f"{usage}{hint}\n\n" + words.gettext("Error: %(text)s", text=words.said(error.format_message()))


def translate_help(program: Any, words: Language) -> None:
    """
    Put a program's help, that of its commands and the headings above them into a language.

    What was not imported yet is translated once it is.
    """
    for command in _commands(program):
        if isinstance(command, LazyGroup):
            command.by_name.words = words
        for name in ("help", "short_help", "epilog"):
            if text := getattr(command, name, None):
                said = (words.said(" ".join(paragraph.split())) for paragraph in text.split("\n\n"))
                setattr(command, name, "\n\n".join(said))
        for parameter in command.params:
            if text := getattr(parameter, "help", None):
                parameter.help = words.said(" ".join(text.split()))
        usual = command.context_class
        formatter = _formatter(usual.formatter_class, words)
        command.context_class = type(usual.__name__, (usual,), {"formatter_class": formatter})


def _commands(program: Any) -> Iterator[Any]:
    """A command with those beneath it, as far as they were imported."""
    yield program
    beneath = program.by_name.loaded if isinstance(program, LazyGroup) else getattr(program, "commands", {})
    for command in beneath.values():
        yield from _commands(command)


def _formatter(usual: Any, words: Language) -> Any:
    class TranslatedFormatter(usual):  # type: ignore[misc]  # the library's own formatter, of whatever version
        """Writes the library's own words in the language."""

        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            """`Usage: temoin …`."""
            super().write_usage(prog, args, prefix or words.gettext("Usage") + words.typeset(" : "))

        def write_heading(self, heading: str) -> None:
            """`Options:`."""
            self.write(f"{'':>{self.current_indent}}{words.gettext(heading)}{words.typeset(' :')}\n")

        def write_dl(self, rows: Any, *args: Any, **kwargs: Any) -> None:
            """One line an option."""
            for note in _NOTES:
                rows = [(name, text.replace(note, words.gettext(note))) for name, text in rows]
            super().write_dl(rows, *args, **kwargs)

    return TranslatedFormatter


class Place(NamedTuple):
    """Where a command is found, and what the help says of it before its module is imported."""

    where: str
    """`module:name` below `automation`: of its function, or of a `typer.Typer` with commands."""
    help: str
    """Its first sentences, as the command itself has them."""
    heading: str
    """What it stands under in the help."""


class Group(NamedTuple):
    """A word with commands of its own."""

    commands: Mapping[str, str | Place | Group]
    """Name → `module:name` alone, where the help may import it; or a place, or a group within the group."""
    help: str = ""
    heading: str = _COMMANDS
    """What it stands under in the help; empty: not shown."""
    default: str = ""
    """The command that runs where the first word is none's name, such as an account; empty: there is none."""


class CommandsByName(MutableMapping[str, Any]):
    """Commands by name; the module of one is imported once it is asked for."""

    def __init__(self, places: Mapping[str, str | Place | Group]) -> None:
        self.places, self.loaded = dict(places), dict[str, Any]()
        self.words: Language | None = None
        """Of the language that help is put into; None: English."""

    def __getitem__(self, name: str) -> Any:
        if name in self.loaded:
            return self.loaded[name]
        place = self.places[name]
        if isinstance(place, Group):
            command: Any = LazyGroup(group=place, help=place.help, rich_markup_mode=None, hidden=not place.heading)
        else:
            module, _, within = (place if isinstance(place, str) else place.where).partition(":")
            found = getattr(import_module(f"automation.{module}"), within)
            if not isinstance(found, typer.Typer):
                alone = typer.Typer(add_completion=False)
                alone.command(name)(found)
                found = alone
            found.rich_markup_mode = None  # plain help starts three times faster
            command = get_command(found)
        command.name = name
        self.loaded[name] = command
        if self.words is not None:
            translate_help(command, self.words)
        return command

    def __setitem__(self, name: str, command: Any) -> None:
        self.places[name], self.loaded[name] = "", command

    def __delitem__(self, name: str) -> None:
        del self.places[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


class LazyGroup(TyperGroup):
    """A group whose commands are imported when they are called, so that the others cost nothing."""

    group: ClassVar[Group] = Group({})

    def __init__(self, *, group: Group | None = None, **attributes: Any) -> None:
        of = group or self.group
        if of.default:
            attributes["subcommand_metavar"] = "[COMMAND] [ARGS]..."
        super().__init__(**{"no_args_is_help": not of.default, **attributes})
        self.default, self.by_name = of.default, CommandsByName(of.commands)
        self.by_name.update(self.commands)
        self.commands: MutableMapping[str, Any] = self.by_name

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """
        Put the name of the default command before what was given without one.

        What is called like a command, such as an account, is reached by the full form: `temoin history show rebuild`.
        """
        if self.default and not (args and args[0] in {*self.commands, *ctx.help_option_names}):
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        """Those that are shown, in the order of the help."""
        del ctx
        return [name for name, place in self.by_name.places.items() if getattr(place, "heading", _COMMANDS)]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One line a command below its heading, as the library writes it; only one without help here is imported."""
        shown: dict[str, list[tuple[str, Any]]] = {}
        words, names = self.by_name.words, self.list_commands(ctx)
        for name in names:
            place = self.by_name.places[name]
            if isinstance(place, str):
                shown.setdefault(_COMMANDS, []).append((name, self.commands[name]))
            else:
                text = words.said(place.help) if words else place.help
                shown.setdefault(place.heading, []).append((name, TyperCommand(name, help=text)))
        limit = formatter.width - 6 - max(map(len, names))
        for heading, commands in shown.items():
            with formatter.section(heading):
                formatter.write_dl([(name, command.get_short_help_str(limit)) for name, command in commands])
