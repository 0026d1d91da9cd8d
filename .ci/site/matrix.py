"""
The reference's page of services: service × signed in × whose account × definite answers.

Everything in it is what the shipped flows and their stand-ins declare; no page of a service is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import flows
from automation.authoring.audit import coverage
from automation.authoring.replica import load_site
from automation.core.verdicts import Verdict
from automation.flow import ControlTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from automation.authoring.replica.site import ReplicaSite
    from automation.flow import Flow
    from automation.flow.site import Site

_UNDECIDED = {Verdict.UNKNOWN.value, Verdict.NEEDS_HUMAN.value}


_HEAD = """# What Témoin can do at each service

Written out from the flows and their stand-ins: **it tells what their files declare; no page of a service was tried**,
and the last column says so until a person has compared it.

- **Signed in**: by what the window of `temoin account login` notices it. "You say so" is the button in Témoin's tab.
- **Whose account**: where the service's data names it. "You confirm it" is asked
  [once](../sessions.md#whose-account-it-is).
- **Definite answers**: verdicts whose every word has a source, with the languages of the page; elsewhere the answer is
  `unknown: locale_uncovered`. Verdicts that rest on assumed words are not listed.
- **Sources**: how well they know address, label and meaning ([H, M, L](../services.md)).
- **Stand-in**: of its pages, those to which a definite answer is right; most others are ways to mislead.
- **Live**: when a person last compared the flow with the live page.
"""


def page() -> str:
    """The page of the site."""
    return f"{_HEAD}\n{matrix()}\n"


def matrix() -> str:
    """One row a setting: how a sign-in is noticed, by what the account is known, and which answers can be given."""
    head = ["service", "signed in", "whose account", "setting", "definite answers, by language of the page",
            "sources", "stand-in", "live"]  # fmt: skip
    lines = [_row(head), _row(["---"] * len(head))]
    known = flows.load()
    for service in flows.SERVICES:
        own = [flow for name, flow in sorted(known.items()) if name.partition(".")[0] == service]
        stand_in = load_site(service)
        for number, flow in enumerate(own):
            first = [flow.site.name, _signed_in(flow.site), _identity(flow.site)] if not number else ["″"] * 3
            name = f"`{flow.id.partition('.')[2]}`"
            lines.append(_row([*first, name, _definite(flow), _sources(flow), _played(flow, stand_in), _live(flow)]))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _signed_in(site: Site) -> str:
    """By what Témoin notices that a person has signed in, and which identity providers the window reaches."""
    rules = site.sign_in
    by = f"by cookies {_code(rules.session_cookies)}" if rules.session_cookies else "you say so"
    typed = "; also by name and password" if rules.password else ""
    return f"{by}{typed}" + (f"; with {_code(rules.providers)}" if rules.providers else "")


def _identity(site: Site) -> str:
    """Where the service's own data names the account; without such a place a person confirms it once."""
    known = site.identity
    places = [f"page data `{place.near}.{place.field}`" for place in known.embedded]
    places += [f"cookie `{name}`" for name in known.cookies]
    places += [f"links `{known.link}`"] if known.link else []
    return ", ".join(places) or "you confirm it"


def _definite(flow: Flow) -> str:
    """The verdicts that sourced words make possible, each with the languages that have all of them."""
    found = {verdict: languages for verdict, languages in coverage(flow).items() if languages}
    if not found:
        return "none: the state is shown and never judged"
    if len({*found.values()}) == 1 and len(found) > 1:
        return f"{_code(found)}: {', '.join(next(iter(found.values())))}"
    return "; ".join(f"`{verdict}`: {', '.join(languages)}" for verdict, languages in found.items())


def _sources(flow: Flow) -> str:
    """How well the sources know address, label and meaning of a control."""
    if not isinstance(flow.rule, ControlTable):
        return "[sources](../sources.md)"
    known = flow.rule.confidence
    return f"{known.address}/{known.label}/{known.meaning}"


def _played(flow: Flow, stand_in: ReplicaSite) -> str:
    """Of the pages that the stand-in shows, those to which a definite answer is the right one."""
    expected = [actor.expected.verdict for actor in stand_in.cast if actor.flow == flow.id]
    definite = sum(verdict not in _UNDECIDED for verdict in expected)
    return f"{definite} of {len(expected)}"


def _live(flow: Flow) -> str:
    dates = [entry.date.isoformat() for entry in flow.verified if not entry.stand_in]
    return max(dates, default="never")
