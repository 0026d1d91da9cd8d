"""A group of commands of which one goes without its name: `temoin history NAME` besides `temoin history rebuild`."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


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
