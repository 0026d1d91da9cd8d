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


def translate_help(program: Any, words: Language) -> None:
    """Put a program's help, that of its commands and the headings above them into a language."""
    for command in _commands(program):
        for name in ("help", "short_help", "epilog"):
            if text := getattr(command, name, None):
                setattr(command, name, "\n\n".join(_paragraphs(text, words)))
        for parameter in command.params:
            if text := getattr(parameter, "help", None):
                parameter.help = words.said(" ".join(text.split()))
    context = program.context_class
    context.formatter_class = _formatter(context.formatter_class, words)


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
