"""Which language a page is shown in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.authoring.replica.pages import HttpRequest
    from automation.authoring.replica.signing_in import Visitor
    from automation.authoring.replica.site import ReplicaSite


def locale_of(site: ReplicaSite, visitor: Visitor, request: HttpRequest, accepted: str) -> str:
    """
    The account's language; for who is not known, the address's or the browser's, else British English.

    Args:
        site: gives the languages there are.
        visitor: who asks.
        request: may name a language (`?locale=fr_FR`, `fr-fr.…`).
        accepted: the header Accept-Language; its order counts, its weights do not.

    Returns: a BCP-47 tag.
    """
    if visitor.someone is not None:
        return visitor.someone.locale
    named = request.query.get("locale", "").replace("_", "-")
    host = re.match(r"([a-z]{2})-([a-z]{2})\.", request.host)
    wanted = [named, f"{host[1]}-{host[2].upper()}" if host else ""]
    wanted += [part.partition(";")[0].strip() for part in accepted.split(",")]
    languages: list[str] = site.options["languages"]
    for tag in filter(None, wanted):
        if tag.partition("-")[0] in languages:
            return tag
    return "en-GB"
