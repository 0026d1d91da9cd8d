"""Acts against time stamps: of a place with authorities."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

from automation.evidence.formats import names
from automation.evidence.verify.findings import Fault
from tests.evidence.tampering.acts import DAYS, last_of, of_stamped, relinked, set_back

if TYPE_CHECKING:
    from pathlib import Path

    from tests.evidence.building import Place


def _tokens(folder: Path, pattern: str) -> None:
    for path in (folder / "seal").glob(pattern):
        path.unlink()


@of_stamped(Fault.TOKEN_TAKEN_AWAY)
def closing_tokens_removed(place: Place) -> None:
    """The closing tokens were taken away."""
    _tokens(place.bundles()[0], "close-*")


@of_stamped(Fault.TOKEN_TAKEN_AWAY)
def one_closing_token_removed(place: Place) -> None:
    """One authority's closing token was taken away."""
    _tokens(place.bundles()[0], "close-beta.*")


@of_stamped(Fault.SUBJECT_DIFFERS)
def opening_tokens_removed(place: Place) -> None:
    """What was settled before the visit was taken away."""
    _tokens(place.bundles()[0], "open*")


@of_stamped(Fault.TOKEN_TAKEN_AWAY)
def all_tokens_removed(place: Place) -> None:
    """No trace of any authority."""
    _tokens(place.bundles()[0], "open*")
    _tokens(place.bundles()[0], "close-*")


@of_stamped(Fault.TOKEN_EXCHANGED)
def token_cut(place: Place) -> None:
    """A token is cut in the middle."""
    path = place.bundles()[0] / "seal" / "close-alpha.tsr"
    path.write_bytes(path.read_bytes()[:100])


@of_stamped(Fault.TOKEN_OTHER_DATA)
def token_of_another_bundle(place: Place) -> None:
    """A token of another bundle, with its request."""
    first, second, *_ = place.bundles()
    for suffix in ("tsq", "tsr"):
        shutil.copy(second / "seal" / f"close-alpha.{suffix}", first / "seal" / f"close-alpha.{suffix}")


@of_stamped(Fault.TOKEN_NOT_TRUSTED)
def token_under_another_name(place: Place) -> None:
    """One authority's token stands there a second time, as if a third authority had stamped."""
    seal = place.bundles()[0] / "seal"
    for suffix in ("tsq", "tsr"):
        shutil.copy(seal / f"close-alpha.{suffix}", seal / f"close-gamma.{suffix}")


@of_stamped(Fault.TOKEN_EXCHANGED)
def tokens_of_another_day(place: Place) -> None:
    """The tokens of the sealing were exchanged for new ones, of later."""
    import time

    from automation.evidence.maintain.removal import restamp

    _tokens(place.bundles()[0], "close-*")
    time.sleep(1.1)  # tokens count whole seconds
    assert restamp(place.bundles()[0], place.sealer, place.trust).state == "stamped"


@of_stamped(Fault.OUTSIDE_WINDOW)
def moments_set_back_in_silence(place: Place) -> None:
    """Every moment of the last bundle is two days earlier, and the clock is said to be right."""
    last = last_of(place)
    set_back(place, last, offset_ms=0)
    place.stamp_again(last)
    relinked(place)


@of_stamped(Fault.CLOCK_FAR_OFF)
def moments_set_back_with_an_offset(place: Place) -> None:
    """All moments two days back, and the clock is said to be two days behind: what it proves is right, if believed."""
    last = last_of(place)
    set_back(place, last, offset_ms=round(-DAYS.total_seconds() * 1000))
    place.stamp_again(last)
    relinked(place)


@of_stamped(Fault.OUTSIDE_WINDOW)
def moments_set_back_by_minutes(place: Place) -> None:
    """All moments four minutes back; the opening token says otherwise."""
    last = last_of(place)
    set_back(place, last, offset_ms=None, by=timedelta(minutes=4))
    place.stamp_again(last)
    relinked(place)


@of_stamped(Fault.TOKEN_OTHER_DATA)
def run_tokens_of_another_run(place: Place) -> None:
    """The stamp of one run's end stands beside another run."""
    for suffix in ("tsq", "tsr"):
        name = names.run_token("alpha", suffix)
        shutil.copy(place.root / "run-1" / name, place.root / "run-2" / name)
