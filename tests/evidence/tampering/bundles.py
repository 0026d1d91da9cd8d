"""Acts of anybody who has the files: bundles and runs."""

from __future__ import annotations

import shutil

from automation.evidence.formats import names
from automation.evidence.verify.findings import Fault
from tests.edits import edit
from tests.evidence.building import Place
from tests.evidence.tampering.acts import beside, by_anybody, named


@by_anybody(Fault.BUNDLE_ELSEWHERE)
def bundle_copied_over_another(place: Place) -> None:
    """One account's bundle is gone, and another's stands under its name."""
    refused, good = named(place, "run-1", "paul-facebook"), named(place, "run-1", "atelier-facebook")
    shutil.rmtree(refused)
    shutil.copytree(good, refused)


@by_anybody(Fault.BUNDLE_ELSEWHERE)
def bundle_names_exchanged(place: Place) -> None:
    """Two bundles of one run have each other's names."""
    first, second = named(place, "run-1", "paul-facebook"), named(place, "run-1", "atelier-facebook")
    first.rename(first.with_name("aside"))
    second.rename(first)
    first.with_name("aside").rename(second)


@by_anybody(Fault.BUNDLE_ELSEWHERE)
def bundle_copied_beside(place: Place) -> None:
    """A second copy under a name of its own."""
    good = named(place, "run-1", "atelier-facebook")
    shutil.copytree(good, good.with_name("2026-01-01T000000Z_atelier-facebook_00000000"))


@by_anybody(Fault.BUNDLE_NOT_OF_RUN)
def bundle_copied_to_another_run(place: Place) -> None:
    """The same bundle in two runs."""
    good = named(place, "run-1", "atelier-facebook")
    shutil.copytree(good, place.root / "run-2" / good.name)


@by_anybody(Fault.BUNDLE_ELSEWHERE)
def bundle_moved_to_another_run(place: Place) -> None:
    """A bundle in the folder of another run than the one that made it."""
    good = named(place, "run-1", "atelier-facebook")
    good.rename(place.root / "run-2" / good.name)


@by_anybody(Fault.BUNDLE_ELSEWHERE)
def bundle_moved_deeper(place: Place) -> None:
    """A bundle in a folder inside its run."""
    good = named(place, "run-1", "atelier-facebook")
    good.parent.joinpath("older").mkdir()
    good.rename(good.parent / "older" / good.name)


@by_anybody(Fault.BUNDLE_MISSING)
def bundle_removed(place: Place) -> None:
    """A bundle is gone."""
    shutil.rmtree(named(place, "run-1", "paul-facebook"))


@by_anybody(Fault.BUNDLE_MISSING)
def bundle_called_unfinished(place: Place) -> None:
    """A bundle is called as if the check had died."""
    found = named(place, "run-1", "paul-facebook")
    found.rename(found.with_name(f"{found.name}{names.PARTIAL}"))


@beside(Fault.FILE_ADDED)
def bundle_beside_itself_as_unfinished(place: Place) -> None:
    """Beside a bundle stands a copy of it with another answer, called as if the check had died."""
    good = named(place, "run-1", "paul-facebook")
    copy = good.with_name(f"{good.name}{names.PARTIAL}")
    shutil.copytree(good, copy)
    edit(copy / names.RESULT, "refused", "objected")


@by_anybody(Fault.BUNDLE_ELSEWHERE)
def bundle_hidden(place: Place) -> None:
    """A bundle has a name that most programs do not list."""
    found = named(place, "run-1", "paul-facebook")
    found.rename(found.with_name(f".{found.name}"))


@by_anybody(Fault.FILE_MISSING)
def bundle_emptied(place: Place) -> None:
    """Only the bundle's folder is left."""
    found = named(place, "run-1", "paul-facebook")
    shutil.rmtree(found)
    found.mkdir()


@by_anybody(Fault.BUNDLE_MISSING)
def bundle_in_an_archive(place: Place) -> None:
    """A bundle has become a zip of itself, which nobody asked to verify."""
    found = named(place, "run-1", "paul-facebook")
    shutil.make_archive(str(found), "zip", found)
    shutil.rmtree(found)


@by_anybody(Fault.BUNDLE_ELSEWHERE)
def run_renamed(place: Place) -> None:
    """A run has another name."""
    (place.root / "run-2").rename(place.root / "run-9")


@by_anybody(Fault.RUN_DOCUMENT_MISSING)
def run_removed(place: Place) -> None:
    """A whole run is gone."""
    shutil.rmtree(place.root / "run-2")


@beside(Fault.FILE_ADDED)
def folder_that_looks_like_a_bundle(place: Place) -> None:
    """Among the bundles is a folder with pictures, named nearly as they are."""
    good = named(place, "run-1", "atelier-facebook")
    shutil.copytree(good / "data" / "pictures", good.with_name(f"{good.name[:-1]}") / "pictures")


@by_anybody(Fault.FILE_MISSING)
def folder_with_a_result(place: Place) -> None:
    """Among the bundles is a folder that holds what a bundle does, without any seal."""
    good = named(place, "run-1", "atelier-facebook")
    shutil.copytree(good / "data", good.with_name("rita") / "data")


@by_anybody(Fault.BUNDLE_ELSEWHERE)
def bundle_name_with_a_letter_of_another_script(place: Place) -> None:
    """A bundle's name is another one that looks the same."""
    good = named(place, "run-1", "atelier-facebook")
    good.rename(good.with_name(good.name.replace("a", "\N{CYRILLIC SMALL LETTER A}", 1)))
