"""
What the groups of commands share: commands found by name, one that needs no name, help in another language.

Also ending quietly when nobody reads on, as in `temoin verify … | head`.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TextIO

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

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


_HEADINGS = (N_("Usage"), N_("Arguments"), N_("Options"), N_("Commands"))
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
    """Put a program's help, that of its commands and the headings above them into a language."""
    for command in _commands(program):
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


def _commands(program: Any) -> Iterable[Any]:
    """A command with those beneath it, as far as they were imported; the others are translated once they are."""
    yield program
    beneath = getattr(program, "commands", {})
    for command in (beneath.loaded if isinstance(beneath, CommandsByName) else beneath).values():
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
    """`module:name` of its function, or of the `typer.Typer` of its group."""
    help: str = ""
    """Its first sentences, as the command itself has them; empty: not shown."""


class CommandsByName(MutableMapping[str, Any]):
    """Commands by name; the module of one is imported once it is asked for."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self.places, self.loaded = dict(places), dict[str, Any]()
        self.words: Language | None = None
        """Of the language that help is put into; None: English."""

    def __getitem__(self, name: str) -> Any:
        if name in self.loaded:
            return self.loaded[name]
        place = self.places[name]
        module, _, within = place.where.partition(":")
        found = getattr(import_module(module), within)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False)
            alone.command(name)(found)
            found = alone
        found.rich_markup_mode = None  # plain help starts three times faster
        is_command = not found.registered_callback and len(found.registered_commands) == 1
        command = self.loaded[name] = get_command(found) if is_command else get_group(found)
        command.name, command.hidden = name, not place.help
        if self.words is not None:
            translate_help(command, self.words)
        return command

    def __setitem__(self, name: str, command: Any) -> None:
        self.places[name], self.loaded[name] = Place("", command.help or name), command

    def __delitem__(self, name: str) -> None:
        del self.places[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


class LazyGroup(TyperGroup):
    """A group whose commands are imported when they are called, so that the others cost nothing."""

    places: ClassVar[Mapping[str, Place]] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self._by_name = CommandsByName(self.places)
        self._by_name.update(self.commands)
        self.commands: MutableMapping[str, Any] = self._by_name

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order of the help."""
        del ctx
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One line a command, as the library writes it, and without importing any."""
        del ctx
        told = {name: place.help for name, place in self._by_name.places.items() if place.help}
        words = self._by_name.words
        shown = [TyperCommand(name, help=words.said(text) if words else text) for name, text in told.items()]
        limit = formatter.width - 6 - max(len(command.name or "") for command in shown)
        with formatter.section("Commands"):
            formatter.write_dl([(command.name, command.get_short_help_str(limit)) for command in shown])

    def translate(self, words: Language) -> None:
        """Put the help of this group, and of its commands as they are imported, into a language."""
        self._by_name.words = words
        translate_help(self, words)


def group_with_default(name: str) -> type[TyperGroup]:
    """
    A group that runs the command `name` where the first word is none of its commands' names.

    What is called like a command, such as an account, is reached by the full form: `temoin history show rebuild`.
    """

    class Group(TyperGroup):
        default = name

        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            known = {*self.commands, *ctx.help_option_names}
            full = args[0] in known if args else self.no_args_is_help
            return super().parse_args(ctx, args if full else [name, *args])

    return Group
