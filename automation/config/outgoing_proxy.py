"""The outgoing proxy that the environment names for every program: `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from automation.core.errors import ConfigurationError
from automation.core.settings import VARIABLES, OutgoingProxy

_PORTS = {"http": 80, "https": 443}


def outgoing_proxy(variables: Mapping[str, str] | None = None) -> OutgoingProxy | None:
    """
    The proxy for HTTPS, `HTTPS_PROXY` before `ALL_PROXY`, in either case; None where none is named.

    Raises ConfigurationError: the value names no HTTP proxy. It is not repeated, as it may hold a password.
    """
    given = os.environ if variables is None else variables
    named = {name.lower(): value for name, value in sorted(given.items()) if value and name.lower() in VARIABLES}
    variable = next((name for name in ("https_proxy", "all_proxy") if name in named), None)
    if variable is None:
        return None
    text = named[variable]
    try:
        address = urlsplit(text if "://" in text else f"http://{text}")
        host, port = address.hostname or "", address.port or _PORTS.get(address.scheme, 0)
    except ValueError:
        host, port = "", 0
    if not host or not port or address.scheme not in _PORTS:
        raise ConfigurationError(
            f"{variable.upper()} (in the environment): this names no proxy that can be used.",
            "Write it like http://proxy.example.org:3128, with http://name:password@… where it asks for them. "
            "SOCKS is not supported.",
        )
    name, password = unquote(address.username or ""), unquote(address.password or "")
    return OutgoingProxy(
        host,
        port,
        tls=address.scheme == "https",
        credentials=f"{name}:{password}" if name or password else "",
        except_for=tuple(one.strip().lower() for one in named.get("no_proxy", "").split(",") if one.strip()),
    )
