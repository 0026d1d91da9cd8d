"""A page as the evidence keeps it, masked, written as HTML again: elements and texts, no scripts, no styles."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "wbr"})
_LEFT_OUT = frozenset({"script", "style", "link", "meta", "base", "template", "noscript", "object", "embed", "head"})
_INSTEAD = {"iframe": "div", "frame": "div", "html": "div", "body": "div", "form": "div", "button": "span"}
"""Elements that would load, send or nest something → what stands in their place; the role stays."""
_ATTRIBUTES = frozenset({"lang", "dir", "href", "alt", "title", "role", "type", "for", "id", "colspan", "rowspan"})
_SAFE_LINKS = ("https://", "http://", "/", "#", "?")
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem}img{max-width:100%;border:1px solid}"
)


def page_html(kept: bytes, picture: str, note: str) -> bytes:
    """
    A kept page as HTML.

    Args:
        kept: the page's `….json` (schema `temoin.page/1`), unpacked.
        picture: address of its picture; empty where none was taken.
        note: what a reader is told above it.
    """
    page: dict[str, Any] = json.loads(kept)
    nodes: list[dict[str, Any]] = page["nodes"]
    children: dict[int, list[dict[str, Any]]] = {}
    for node in nodes:
        children.setdefault(node["p"], []).append(node)
    body = "".join(_drawn(children.get(-1, ()), children))
    shown = f'<p><img src="{escape(picture)}" alt=""></p>' if picture else ""
    return _document(page["locale"], page["title"], f"<p><em>{escape(note)}</em></p>{shown}<hr>{body}")


def list_html(title: str, facts: Mapping[str, str], links: Sequence[tuple[str, str]]) -> bytes:
    """
    The first page of an archive.

    Args:
        title: what was visited.
        facts: what is said of it, in order.
        links: address and name of each thing in the archive.
    """
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    items = "".join(f'<li><a href="{escape(url)}">{escape(name)}</a></li>' for url, name in links)
    return _document("en", title, f"<h1>{escape(title)}</h1><dl>{rows}</dl><ol>{items}</ol>")


def _document(locale: str, title: str, body: str) -> bytes:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!DOCTYPE html>\n<html lang="{escape(locale)}"><head>{head}</head><body>{body}</body></html>\n'.encode()


def _drawn(nodes: Sequence[dict[str, Any]], children: Mapping[int, Sequence[dict[str, Any]]]) -> Iterator[str]:
    for node in nodes:
        tag = str(node["t"]).lower()
        below = children.get(node["i"], ())
        if tag in _LEFT_OUT:
            continue
        if tag == "#text":
            yield escape(node.get("text", "")) + " " if node.get("shown") else ""
        elif not tag or not tag.isalnum() or ":" in tag:
            yield from _drawn(below, children)
        elif node.get("shown") or tag in {"html", "body"}:
            name = _INSTEAD.get(tag, tag)
            yield f"<{name}{_attributes(tag, node)}>"
            if name not in _VOID:
                yield from _drawn(below, children)
                yield f"</{name}>"


def _attributes(tag: str, node: Mapping[str, Any]) -> str:
    found = {
        name: value
        for name, value in node.get("a", {}).items()
        if (name in _ATTRIBUTES or name.startswith("aria-")) and (name != "href" or value.startswith(_SAFE_LINKS))
    }
    if tag == "button":
        found.setdefault("role", "button")
    ticked = " checked" if node.get("ticked") else ""
    disabled = " disabled" if tag in {"input", "select", "textarea"} else ""
    return "".join(f' {name}="{escape(str(value))}"' for name, value in found.items()) + ticked + disabled
