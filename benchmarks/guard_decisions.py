"""
How many decisions a second the guard makes, by the shipped policy for Facebook.

Fails below 10,000 a second. Run: python benchmarks/guard_decisions.py
"""

from __future__ import annotations

import sys
import time
import tomllib
from pathlib import Path

from automation.guard import Allow, GuardPolicy, Phase, Request, decide

LEAST = 10_000
ROUNDS = 2_000
REPEATS = 5
FORM = {"content-type": "application/x-www-form-urlencoded", "x-fb-friendly-name": "CometSupportFormQuery"}
GRAPHQL = (
    "av=100080000000000&__aaid=0&__user=100080000000000&__a=1&__req=1a&__hs=20400.HYP%3Acomet_pkg.2.1...0&dpr=1"
    "&fb_dtsg=NAcOabcdefghijklmnopqrstuvwxyz%3A1%3A1&jazoest=25500&lsd=abcdefghijklmnop&__spin_r=1031867840"
    "&fb_api_caller_class=RelayModern&fb_api_req_friendly_name={name}&server_timestamps=true"
    "&variables=%7B%22formID%22%3A%226359191084165019%22%2C%22scale%22%3A1%7D&doc_id=24512315571720158"
)


def requests() -> list[Request]:
    """What a page of the site asks for, in about its proportions: mostly files, some GraphQL, some logging."""

    def post(path: str, body: str) -> Request:
        return Request("POST", "www.facebook.com", path, body=body.encode(), headers=FORM, resource="XHR")

    files = [
        Request("GET", "static.xx.fbcdn.net", f"/rsrc.php/v4/y{number}/l/a.js", "_nc_x=abc", resource="Script")
        for number in range(6)
    ]
    return [
        Request("GET", "www.facebook.com", "/help/contact/6359191084165019", resource="Document", navigation=True),
        *files,
        post("/api/graphql/", GRAPHQL.format(name="CometSupportFormQuery")),
        post("/api/graphql/", GRAPHQL.format(name="useCometSupportFormSubmitMutation")),
        post("/ajax/bulk-route-definitions/", "route_urls[0]=%2Fsupport%2F&__a=1&fb_dtsg=abc"),
        post("/ajax/bnzai", "ts=1&q=%5B%5D"),
        Request("GET", "example.org", "/pixel", "id=1", resource="Image"),
    ]


def main() -> int:
    """Measure, print, and return 1 if it is too slow."""
    site = Path(__file__).parents[1] / "flows" / "facebook" / "site.toml"
    policy = GuardPolicy.parse(tomllib.loads(site.read_text(encoding="utf-8")))
    mix = requests()
    allowed = sum(isinstance(decide(policy, Phase.CHECK, request), Allow) for request in mix)
    best = 0.0
    for _ in range(REPEATS):
        began = time.perf_counter()
        for _ in range(ROUNDS):
            for request in mix:
                decide(policy, Phase.CHECK, request)
        best = max(best, ROUNDS * len(mix) / (time.perf_counter() - began))
    print(f"{best:,.0f} decisions a second ({allowed} of {len(mix)} kinds let through); at least {LEAST:,} wanted")
    return 0 if best >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
