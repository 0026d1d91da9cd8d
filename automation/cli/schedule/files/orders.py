"""What a scheduled check is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from automation.cli.schedule.files.times import When


@dataclass(frozen=True, slots=True)
class Job:
    """One account's job at a CI service."""

    account: str
    passwords: tuple[str, ...] = ()
    """Variables with its name and password; empty: it has a saved session."""


@dataclass(frozen=True, slots=True)
class CiSchedule:
    """A schedule at a CI service."""

    jobs: tuple[Job, ...]
    when: When
    config: str
    """The configuration, as seen from the repository's root."""
    package: str
    """What pip installs, such as `temoin @ git+https://…` or `./temoin-0.1.0-py3-none-any.whl`."""
    version: str
    """Témoin's own, for the head of the file."""
    evidence_for: tuple[str, ...] = ()
    """Who may open the evidence: age or SSH recipients. Nobody: the evidence ends with the job."""
    keep_days: int = 7
    even_in_public: bool = False
    heartbeat: str = ""
    """An https address that is asked for after each run with a result; empty: none."""
    lang: str = "en"
    """In which the file speaks to people."""

    @property
    def to_fill_in(self) -> bool:
        """Whether the user still has to say where the package is."""
        return "HOST/OWNER" in self.package

    @property
    def sessions(self) -> tuple[Job, ...]:
        """The jobs of accounts with a saved session."""
        return tuple(job for job in self.jobs if not job.passwords)

    @property
    def tests(self) -> tuple[Job, ...]:
        """The jobs of accounts that sign in with a password."""
        return tuple(job for job in self.jobs if job.passwords)


@dataclass(frozen=True, slots=True)
class Host:
    """A schedule on a machine of one's own."""

    when: When
    program: str
    """Témoin's program, as an absolute path."""
    folder: str
    """The configuration's folder, as an absolute path."""
    version: str
    arguments: tuple[str, ...] = field(default=())
    """Further words for the program, such as accounts."""
    heartbeat: str = ""
    lang: str = "en"
    """In which the file speaks to people."""
