"""The result of an account of which nothing was read: why, and no evidence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from automation import __version__
from automation.core.records import Environment, GuardRecord
from automation.core.results import Outcome, Result
from automation.core.verdicts import Verdict

if TYPE_CHECKING:
    from automation.core.accounts import Account
    from automation.core.results import Verified
    from automation.core.verdicts import Reason


def nothing_read(
    account: Account,
    revision: str,
    verified: Verified,
    subject: str,
    reason: Reason,
    because: str,
    *,
    stand_in: bool,
) -> Result:
    """
    An `unknown` with its reason.

    Args:
        account: whose.
        revision: of its flow; empty where the flow cannot be read.
        verified: of its flow.
        subject: HMAC of its identity.
        reason: why there is no answer.
        because: the same as a sentence.
        stand_in: whether the run looks at stand-ins.
    """
    now = datetime.now(UTC)
    return Result(
        account=account.name, owner=account.owner, kind=account.kind.value, page=account.page,
        flow=account.flow, flow_revision=revision, flow_verified=verified,
        subject=subject, verdict=Verdict.UNKNOWN, reason=reason, because=because, because_key=reason.value,
        assumed_words=False, missing=(), next_step=reason.value, expect=account.expect,
        outcome=Outcome.INCOMPLETE, locale="", signals=(), form=None, probes=(),
        exposure=(), steps=(), guard=GuardRecord(0, 0, (), (), self_test="see the log"),
        environment=Environment(
            __version__, "", "", "", "", "", (), sandbox=True, viewport="", time_zone="", proxy="", stand_in=stand_in,
        ),
        bundle=None, evidence=(), timings=(), started_at=now, finished_at=now,
    )  # fmt: skip
