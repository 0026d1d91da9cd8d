"""What stands as an account's identity and can be nobody's: an example that was left as it was, or another form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.config import Settings
    from automation.flow import Flow

_LEFT_AS_IT_WAS = re.compile(
    r"[<>…]|\.\.\.|\b(?:x{3,}|to-?do|change-?me|your|votre)\b|0{9,}$|^0?12345678?9?0?$|^(\d)\1{4,}$", re.IGNORECASE
)
"""
Marks of examples. The numbers in our documents end with nine zeros or more, which of the numbers that a service counts
up for accounts one in a thousand million does.
"""


def require_identities(settings: Settings, flows: Mapping[str, Flow]) -> None:
    """
    Make sure that every account may be somebody's, before anybody is visited.

    Raises:
        ConfigurationError: an identity is an example, or not of its service's form; it is not repeated.
    """
    from automation.config.problems import Problem, as_error

    problems = []
    for account in settings.accounts:
        site = flows[account.flow].site if account.flow in flows else None
        where = settings.places.get(account.name, account.name)
        remedy = f"Let `temoin ui` or `temoin init` read it: take {account.name} out, and add it there."
        if _LEFT_AS_IT_WAS.search(account.identity):
            problems.append(Problem(where, f"the identity of {account.name} is an example, and nobody's.", remedy))
        elif site and site.identity.pattern and not re.fullmatch(site.identity.pattern, account.identity):
            what = f"the identity of {account.name} is not what {site.name} calls an account."
            problems.append(Problem(where, what, remedy))
    if problems:
        error: ConfigurationError = as_error(problems)
        raise error
