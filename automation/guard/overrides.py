"""
Ways to say in a request that it is to be taken for another one.

Frameworks and reverse proxies read the method, the address or the host from headers and fields that look harmless
beside the real ones. No page that is only read needs them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.guard.spelling import spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_METHOD_HEADERS = re.compile(
    r"^x-(?:http-)?method(?:-override)?$|^x-.*override.*method|^x-(?:original|forwarded|rewrite)-method$", re.MULTILINE
)
_ADDRESS_HEADERS = re.compile(
    r"^x-(?:original|forwarded|rewrite|override)-(?:url|uri|path|host|server|prefix)$|^x-host$|^forwarded$",
    re.MULTILINE,
)
_OVERRIDES = frozenset(
    {"_method", "_httpmethod", "_http_method", "x_http_method_override", "x_http_method", "x_method_override"}
)
_METHODS = frozenset({"method", "http_method", "httpmethod", "request_method"})
_WRITING = frozenset({"post", "put", "patch", "delete", "link", "unlink", "purge"})


def override_in_headers(headers: Mapping[str, str]) -> str:
    """`method_override` or `address_override` where a header says so, else nothing; CGI takes `_` for `-`."""
    names = "\n".join(headers).replace("_", "-")
    if "x-" not in names and "forwarded" not in names:
        return ""
    if _METHOD_HEADERS.search(names):
        return "method_override"
    return "address_override" if _ADDRESS_HEADERS.search(names) else ""


def overrides_method(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether a field asks the server to take the request for another method."""
    for name, value in pairs:
        said = spellings(name)
        if not said.isdisjoint(_OVERRIDES):
            return True
        if not said.isdisjoint(_METHODS) and value.strip().lower() in _WRITING:
            return True
    return False
