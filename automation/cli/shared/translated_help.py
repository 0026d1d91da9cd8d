"""`--help` in another language than English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.text.language import Language

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
    N_("Invalid value for '%(name)s': %(text)s"),
    N_("'%(value)s' is not a valid integer."),
    N_("'%(value)s' is not one of %(values)s."),
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
                setattr(command, name, "\n\n".join(_paragraphs(text, words)))
        for parameter in command.params:
            if text := getattr(parameter, "help", None):
                parameter.help = words.said(" ".join(text.split()))
        usual = command.context_class
        formatter = _formatter(usual.formatter_class, words)
        command.context_class = type(usual.__name__, (usual,), {"formatter_class": formatter})


def _commands(program: Any) -> Iterable[Any]:
    yield program
    for command in getattr(program, "commands", {}).values():
        yield from _commands(command)


def _paragraphs(text: str, words: Language) -> Iterable[str]:
    for paragraph in text.split("\n\n"):
        yield words.said(" ".join(paragraph.split()))


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
            super().write_dl([(name, _noted(text, words)) for name, text in rows], *args, **kwargs)

    return TranslatedFormatter


def _noted(text: str, words: Language) -> str:
    for note in _NOTES:
        text = text.replace(note, words.gettext(note))
    return text
