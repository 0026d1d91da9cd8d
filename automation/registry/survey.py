"""What of a registry's contributions counts: what two people say independently, and nobody contradicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from automation.core.looks import Look
from automation.evidence.keys.trust import Trust
from automation.flow.manifest import VerifiedEntry
from automation.registry.contributions import Contribution, LiveVerification, Refusal, read_contribution
from automation.text.normalizing import fold

QUORUM = 2
"""People who have to say the same before it counts."""
MOST_FILES = 2_000
SUFFIX = ".dsse.json"
"""Of contributions; other files of a registry, such as its trust file and a README, are none."""
TRUST = "trust.json"
"""The contributors' keys in the copy that is used."""
_Said = TypeVar("_Said")


@dataclass(frozen=True, slots=True)
class Survey:
    """A registry as a trust file sees it on one day."""

    contributions: tuple[Contribution, ...]
    """By name of their files."""
    looks: tuple[Look, ...]
    """Those that count, each with how many people say so for a name."""
    live: tuple[tuple[str, VerifiedEntry], ...]
    """Flow → the comparison that counts, dated by the older of the two newest."""
    alone: int
    """How much is said by fewer than two people."""
    contradicted: int
    """How much is said one way by some and another way by others, so that none of it counts."""
    unread: int = 0
    """Files beyond the most that are looked at."""

    @property
    def refused(self) -> tuple[Contribution, ...]:
        """What does not count, whoever else says the same."""
        return tuple(one for one in self.contributions if one.refusal)


def survey(folder: Path, trust: Trust, today: date) -> Survey:
    """
    Read a registry's folder; links, sub-folders and other files in it are no contributions.

    Args:
        folder: the registry.
        trust: its contributors, each key with a note that names who has it.
        today: the day on which it is to count.
    """
    files = sorted(folder.glob(f"*{SUFFIX}"))
    read = [read_contribution(file, trust, today) for file in files[:MOST_FILES]]
    back = {(one.signer, one.withdraws) for one in read if one.withdraws and not one.refusal}
    read = [
        replace(one, refusal=Refusal.WITHDRAWN) if not one.refusal and (one.signer, one.digest) in back else one
        for one in read
    ]
    good = [one for one in read if not one.refusal]
    looks = _heard(
        [(one.person, look) for one in good for look in one.looks],
        lambda look: (look.id, look.says),
        lambda look: look.at.date(),
    )
    live = _heard(
        [(one.person, one.live) for one in good if one.live],
        lambda said: ((said[0], said[1].revision, said[1].kind, said[1].locale), None),
        lambda said: said[1].first_day,
    )
    shared = (replace(said[0], by=f"registry ({len(said)})", imported=True) for said in looks.agreed)
    return Survey(
        tuple(read), tuple(shared), tuple(map(_entry, live.agreed)), looks.alone + live.alone,
        looks.contradicted + live.contradicted, max(0, len(files) - MOST_FILES),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Heard(Generic[_Said]):
    """What several people say, apart from what too few say or somebody contradicts."""

    agreed: list[tuple[_Said, ...]]
    """The newest of each person who says so."""
    alone: int
    contradicted: int


def _heard(
    voices: Iterable[tuple[str, _Said]],
    meant: Callable[[_Said], tuple[Hashable, Hashable]],
    day: Callable[[_Said], date],
) -> _Heard[_Said]:
    """Compare what people say: `meant` gives what it is about and what is said of that, `day` when it was seen."""
    said: dict[Hashable, dict[Hashable, dict[str, _Said]]] = defaultdict(lambda: defaultdict(dict))
    for person, one in sorted(voices, key=lambda voice: day(voice[1])):
        about, meaning = meant(one)
        said[about][meaning][fold(person)] = one
    agreed, alone, contradicted = list[tuple[_Said, ...]](), 0, 0
    for meanings in said.values():
        people = next(iter(meanings.values()))
        if len(meanings) > 1:
            contradicted += 1
        elif len(people) < QUORUM:
            alone += 1
        else:
            agreed.append(tuple(people.values()))
    return _Heard(agreed, alone, contradicted)


def _entry(said: tuple[tuple[str, LiveVerification], ...]) -> tuple[str, VerifiedEntry]:
    """The comparison that people agree on, dated by the older of the two newest."""
    flow, live = said[0]
    day = sorted((one.first_day for _, one in said), reverse=True)[QUORUM - 1]
    entry = VerifiedEntry(
        locale=live.locale, kind=live.kind, date=day, evidence="", revision=live.revision, origin="registry"
    )
    return flow, entry
