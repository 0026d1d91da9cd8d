"""The files, filled in from their templates; whatever is put into one is quoted for it."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from automation.cli.schedule.files.orders import CiSchedule, Host

if TYPE_CHECKING:
    from jinja2 import Environment

CODES_WITH_A_RESULT = "0|1|3"
"""Exit codes of a check that came to a result: as wanted, a finding, something still open."""


def github(service: CiSchedule) -> str:
    """A workflow file of GitHub, with its minute in UTC."""
    return _filled("github.yml", job=service, recipients=_recipients(service))


def gitlab(service: CiSchedule) -> str:
    """A file for GitLab's CI; the time itself is set in GitLab."""
    return _filled("gitlab.yml", job=service, recipients=_recipients(service))


def cron(host: Host) -> str:
    """Lines for a crontab: silent as long as all is as wanted, a mail otherwise."""
    return _filled("crontab", host=host, command=_words(host.program, "check", *host.arguments))


def systemd(host: Host) -> dict[str, str]:
    """Units of systemd: name → text."""
    command = " ".join(map(_unit_quoted, (host.program, "check", *host.arguments)))
    return {name: _filled(name, host=host, command=command) for name in ("temoin.service", "temoin.timer")}


def alarm(host: Host, older_than: str) -> str:
    """Lines for the crontab of another machine, which has a copy of the evidence: mail when results stop coming."""
    command = _words(host.program, "stale", "--older-than", older_than, *host.arguments)
    return _filled("alarm.crontab", host=host, command=command)


def _recipients(service: CiSchedule) -> str:
    return " ".join(f"--for {shlex.quote(key)}" for key in service.evidence_for)


def _filled(name: str, **values: Any) -> str:
    return _templates().get_template(name).render(codes=CODES_WITH_A_RESULT, **values)


def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("automation.cli.schedule.files"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - YAML, shell and units have quoting of their own, below
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        variable_start_string="[[",  # braces are GitHub's own
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
    )
    environment.filters |= {
        "yaml": lambda text: json.dumps(text, ensure_ascii=False),  # every JSON string is one of YAML
        "shell": shlex.quote,
        "cron": lambda text: _cron_escaped(shlex.quote(text)),
        "unit": _unit_quoted,
        "specifier": lambda text: text.replace("%", "%%"),
    }
    return environment


def _words(*words: str) -> str:
    return " ".join(_cron_escaped(shlex.quote(word)) for word in words)


def _cron_escaped(text: str) -> str:
    """A bare % is a line feed to cron."""
    return text.replace("%", r"\%")


def _unit_quoted(text: str) -> str:
    """A word of systemd's `ExecStart=`: quoted, its specifiers and variables taken literally."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if plain != text or any(mark in text for mark in " \t'") else plain
