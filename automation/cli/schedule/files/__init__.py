"""
Ready files that let a machine check on its own: for CI services and machines' schedulers, and an alarm for elsewhere.

Text in, text out: nothing here reads a clock, a disk or the environment.
"""

from __future__ import annotations

from automation.cli.schedule.files.orders import CiSchedule, Host, Job
from automation.cli.schedule.files.render import LABEL, alarm, cron, github, gitlab, launchd, systemd, task_scheduler
from automation.cli.schedule.files.times import Every, When, usual_time

__all__ = [
    "LABEL",
    "CiSchedule",
    "Every",
    "Host",
    "Job",
    "When",
    "alarm",
    "cron",
    "github",
    "gitlab",
    "launchd",
    "systemd",
    "task_scheduler",
    "usual_time",
]
