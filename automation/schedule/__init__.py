"""
Ready files that let a machine check on its own: for GitHub, GitLab, cron and systemd, and an alarm for elsewhere.

Text in, text out: nothing here reads a clock, a disk or the environment.
"""

from __future__ import annotations

from automation.schedule.files import alarm, cron, github, gitlab, systemd
from automation.schedule.orders import Host, Job, Service
from automation.schedule.times import Every, When, usual_time

__all__ = ["Every", "Host", "Job", "Service", "When", "alarm", "cron", "github", "gitlab", "systemd", "usual_time"]
