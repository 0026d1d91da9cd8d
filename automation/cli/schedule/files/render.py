"""The files, filled in from their templates; whatever is put into one is quoted for it."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from automation.cli.schedule.files.orders import CiSchedule, Host
from automation.cli.schedule.files.times import Every

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment

LABEL = "temoin.check"
"""The name of our agent in launchd."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
CODES_WITH_A_RESULT = "0|1|3"
"""Exit codes of a check that came to a result: as wanted, a finding, something still open."""


def github(service: CiSchedule) -> str:
    """A workflow file of GitHub, with its minute in UTC."""
    return _filled("github.yml", service, job=service, recipients=_recipients(service))


def gitlab(service: CiSchedule) -> str:
    """A file for GitLab's CI; the time itself is set in GitLab."""
    return _filled("gitlab.yml", service, job=service, recipients=_recipients(service))


def cron(host: Host) -> str:
    """Lines for a crontab: silent as long as all is as wanted, a mail otherwise."""
    return _filled("crontab", host, host=host, command=_words(host.program, "check", *host.arguments))


def systemd(host: Host) -> dict[str, str]:
    """Units of systemd: name → text."""
    command = " ".join(map(_unit_quoted, (host.program, "check", *host.arguments)))
    return {name: _filled(name, host, host=host, command=command) for name in ("temoin.service", "temoin.timer")}


def launchd(host: Host) -> str:
    """
    A property list for launchd on macOS, which starts the check as soon as a machine that slept is awake again.

    Source: launchd.plist(5). A day of the week is 1 for Monday to 7 for Sunday, as ours.
    """
    import plistlib

    when = host.when
    time = {"Hour": when.hour, "Minute": when.minute}
    time |= {Every.WEEK: {"Weekday": when.weekday}, Every.MONTH: {"Day": when.day}}.get(when.every, {})
    text = plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": _beating((host.program, "check", *host.arguments), host.heartbeat),
            "WorkingDirectory": host.folder,
            "StartCalendarInterval": time,
            "ProcessType": "Background",
            "Umask": 0o077,
            "StandardOutPath": f"{host.folder}/temoin-schedule.log",
            "StandardErrorPath": f"{host.folder}/temoin-schedule.log",
        },
        sort_keys=False,
    ).decode()
    head, mark, rest = text.partition("<plist")
    return head + _filled("launchd.head", host, host=host, label=LABEL) + mark + rest


def _beating(call: Sequence[str], heartbeat: str) -> list[str]:
    """A call that asks for the heartbeat's address after a run with a result, and ends with the run's own exit code."""
    if not heartbeat:
        return list(call)
    curl = "curl -fsS --retry 3 -m 20 -o /dev/null"
    script = f'beat=$1; shift; "$@"; code=$?; case $code in {CODES_WITH_A_RESULT}) {curl} "$beat" ;; esac; exit $code'
    return ["/bin/sh", "-c", script, "temoin", heartbeat, *call]


def task_scheduler(host: Host) -> str:
    """
    A task for Task Scheduler on Windows, in the form that `schtasks /create /xml` reads.

    Source: [MS-TSCH] 2.5, the schema of tasks; the order of a trigger's elements is fixed there.
    """
    import subprocess

    when = host.when
    return _filled(
        "task.xml",
        host,
        host=host,
        start=f"2026-01-01T{when.hour:02}:{when.minute:02}:00",  # any day that has passed; only the time counts
        weekday=_DAYS[when.weekday - 1],
        months=_MONTHS,
        arguments=subprocess.list2cmdline(["check", *host.arguments]),
    )


def alarm(host: Host, older_than: str) -> str:
    """Lines for the crontab of another machine, which has a copy of the evidence: mail when results stop coming."""
    command = _words(host.program, "stale", "--older-than", older_than, *host.arguments)
    return _filled("alarm.crontab", host, host=host, command=command)


def _recipients(service: CiSchedule) -> str:
    return " ".join(f"--for {shlex.quote(key)}" for key in service.evidence_for)


def _filled(name: str, order: CiSchedule | Host, **values: Any) -> str:
    return _templates(order.lang).get_template(name).render(codes=CODES_WITH_A_RESULT, **values)


def _templates(lang: str) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from automation.text.language import language

    environment = Environment(
        loader=PackageLoader("automation.cli.schedule.files"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - YAML, shell and units have quoting of their own, below
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
        variable_start_string="[[",  # braces are GitHub's own
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
    )
    words = language(lang)
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["written"] = lambda command, version: words.gettext(
        "Written by `temoin schedule %(command)s` (Témoin %(version)s).", command=command, version=version
    )
    environment.filters |= {
        "yaml": lambda text: json.dumps(text, ensure_ascii=False),  # every JSON string is one of YAML
        "shell": shlex.quote,
        "said": lambda text: (
            '"' + re.sub(r'([\\"$`])', r"\\\1", text) + '"'
        ),  # in which typographic apostrophes are plain
        "cron": lambda text: _cron_escaped(shlex.quote(text)),
        "unit": _unit_quoted,
        "xml": escape,
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
