"""What is read from annotations at run time can be read: of commands, of models, and of settings and schemas."""

from __future__ import annotations

import dataclasses
import inspect
import pkgutil
import typing
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel
from typer.main import get_command

import automation
from automation import cli
from automation.cli.commands import COMMANDS

ROOMS_OF_SETTINGS = ("automation.config", "automation.core")
"""Their dataclasses are settings, or stand in a document with a JSON Schema."""


def _modules() -> list[ModuleType]:
    found = (each.name for each in pkgutil.walk_packages(automation.__path__, "automation."))
    return [import_module(name) for name in found if not name.endswith("__main__")]


def _callbacks(command: Any) -> list[Any]:
    """The functions of a command, or of a group and of every group beneath it."""
    own = [command.callback] if command.callback else []
    return own + [one for inner in getattr(command, "commands", {}).values() for one in _callbacks(inner)]


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_is_annotated_with_is_there_at_run_time(name: str) -> None:
    """Every command of the table, and of every group in it, is built from the annotations of its function."""
    callbacks = _callbacks(get_command(cli.app).commands[name])  # type: ignore[attr-defined]
    assert callbacks
    for callback in callbacks:
        assert "return" in typing.get_type_hints(inspect.unwrap(callback), include_extras=True), callback


def test_what_models_and_settings_are_annotated_with_is_there_at_run_time() -> None:
    """No annotation of a pydantic model, of a setting or of a document's part is imported for the type checker alone."""
    classes = {
        one
        for module in _modules()
        for one in vars(module).values()
        if inspect.isclass(one) and one.__module__ == module.__name__
        if "[" not in one.__name__  # another package's generic, made concrete in ours
        if issubclass(one, BaseModel)
        or (dataclasses.is_dataclass(one) and module.__name__.startswith(ROOMS_OF_SETTINGS))
    }
    assert len(classes) > 100
    for one in sorted(classes, key=lambda one: f"{one.__module__}.{one.__qualname__}"):
        assert typing.get_type_hints(one, include_extras=True) is not None, one
