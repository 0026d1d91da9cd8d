"""The program, in an empty place."""

from tests.cli.conftest import _own_place, temoin

__all__ = ["_own_place", "temoin"]
