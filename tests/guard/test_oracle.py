"""Whatever the request: where some server would take it for more than a read, it stays."""

from __future__ import annotations

import json
from urllib.parse import quote

from hypothesis import event, given, settings
from hypothesis import strategies as st

from automation.guard import Allow, Phase, Refuse, Request, decide
from tests.guard import servers
from tests.guard.builders import FORM, JSON, site_policy

SUBMIT_ID = str(servers.SUBMIT_ID)
READ_ID = "24512315571720158"
_BEFORE = st.sampled_from(["", "", "", "%20", "+", "%09", "%0A", "%EF%BB%BF", "a[", "&", ";", "x=1;", "x=1&", "_"])
_AFTER = st.sampled_from(["", "", "", "[]", "[0]", "%5B%5D", "[x", "%00", "%00x", "%20", "+", ".", "]", ";"])
_JOINTS = st.sampled_from(["_", ".", "%20", "+", "[", "%5F", "-", "%2E", "__"])


@st.composite
def _spelt(draw: st.DrawFn, word: str) -> str:
    """A word as an address may hold it: letters coded once or twice, in another case, wide; with things around it."""
    letters = []
    for letter in word:
        if letter == "_":
            letters.append(draw(_JOINTS) if draw(st.integers(0, 5)) == 0 else letter)
            continue
        way = draw(st.integers(0, 60))
        coded = {
            0: f"%{ord(letter):02X}", 1: f"%25{ord(letter):02x}", 2: letter.upper(), 3: f"%u{ord(letter):04x}",
            4: quote(chr(ord(letter) + 0xFEE0)), 5: f"{letter}%C2%AD",
        }  # fmt: skip
        letters.append(coded.get(way, letter))
    return draw(_BEFORE) + "".join(letters) + draw(_AFTER)


_FIELD_NAMES = st.sampled_from(
    [
        "action",
        "fb_dtsg",
        servers.NAME,
        servers.NUMBER,
        "_method",
        "method",
        "query",
        "q",
        "variables",
        "__a",
        "tab",
        "id",
    ]
).flatmap(_spelt)
_VALUES = st.one_of(
    st.sampled_from(
        ["1", "delete", "PUT", *sorted(servers.READS), "useCometSupportFormSubmitMutation", "mutation{a}", "%7B%7D",
         "%20mutation{a}", "privacy", READ_ID, SUBMIT_ID]
    ),
    st.tuples(
        st.sampled_from(["", "0", "00", "+", "%20", "%0A", "%2B", "%22", "-", "%EF%BB%BF"]),
        st.sampled_from([SUBMIT_ID, READ_ID]),
        st.sampled_from(["", ".0", "%20", "%0A", "abc", "%00", ".", "e0", "%22"]),
    ).map("".join),
    st.text(max_size=6).map(quote),
)  # fmt: skip
_PAIRS = st.lists(st.tuples(_FIELD_NAMES, _VALUES).map("=".join), max_size=4).map("&".join)
_READ = f"{servers.NAME}=CometSupportFormQuery&{servers.NUMBER}={READ_ID}"
_QUERIES = st.one_of(st.just(""), st.just(""), _PAIRS)
_FORMS = st.one_of(_PAIRS, _PAIRS.map(lambda more: f"{_READ}&{more}" if more else _READ)).map(str.encode)
_OBJECTS = st.dictionaries(
    st.sampled_from([servers.NAME, servers.NUMBER, f"{servers.NUMBER}[]", "DOC_ID", "query", "variables", "x"]),
    st.one_of(st.sampled_from([*sorted(servers.READS), "xMutation", SUBMIT_ID, f"0{SUBMIT_ID}", "mutation{a}"]),
              st.integers(1, 9), st.just(int(SUBMIT_ID)), st.just(float(SUBMIT_ID)), st.just({"query": "mutation{a}"})),
    max_size=4,
).map(lambda value: {servers.NAME: "CometSupportFormQuery", **value})  # fmt: skip
_DOCUMENTS = st.one_of(_OBJECTS, st.lists(_OBJECTS, max_size=2)).map(lambda value: json.dumps(value).encode())
_PATHS = st.one_of(
    st.sampled_from(["/", "/settings/", "/help/contact/1", "/saved/", "/api/graphql/", "/ajax/navigation/"]),
    st.sampled_from(sorted(servers.ACTING_PAGES)).flatmap(_spelt).flatmap(
        lambda word: st.sampled_from([f"/{word}", f"//{word}.php", f"/x/{word}/", f"/x%2F{word}", f"/x/..%5c{word};a=1", f"/{word}/..%5c", f"/{word}/%252e%252e",
             f"/{word}/..;a=1", f"/{word}/..%20", f"/{word}/%E2%80%8B..", f"/{word}/x%2f..%2f.."])
    ),
)  # fmt: skip
_HEADERS = st.dictionaries(
    st.sampled_from(
        ["x-http-method-override", "x_http_method_override", "x-http-method", "x-original-method", "x-original-url",
         "x-rewrite-url", "x_original_url", "x-fb-friendly-name", "x_fb_friendly_name", "accept", "x-asbd-id"]
    ),
    st.sampled_from(["PUT", "delete", "/logout.php", "/save", "CometSupportFormQuery", "xMutation", "*/*"]),
    max_size=1,
)  # fmt: skip
_GETS = st.builds(
    Request,
    method=st.just("GET"),
    host=st.just("www.facebook.com"),
    path=_PATHS.map(lambda path: path.split("?")[0]),
    query=_QUERIES,
    headers=_HEADERS,
)


@st.composite
def _posts(draw: st.DrawFn) -> Request:
    as_json = draw(st.integers(0, 3)) == 0
    return Request(
        method="POST",
        host="www.facebook.com",
        path=draw(st.sampled_from(["/api/graphql/", "/api/graphql/", "/ajax/navigation/", "/graphql/query"])),
        query=draw(_QUERIES),
        body=draw(_DOCUMENTS if as_json else _FORMS),
        headers={**draw(_HEADERS), **(JSON if as_json else FORM)},
    )


@settings(max_examples=400)
@given(request=st.one_of(_GETS, _posts()))
def test_no_server_would_take_what_leaves_for_a_write(request: Request) -> None:
    """In a check, a request leaves only if every server that we model reads it as a read."""
    decision = decide(site_policy("facebook"), Phase.CHECK, request)
    event(f"{request.method}: {'left' if isinstance(decision, Allow) else decision.reason}")
    if servers.writes(request):
        assert isinstance(decision, Refuse)


_PLAIN = st.lists(
    st.tuples(
        st.sampled_from(["__a", "locale", "tab", "ref", "item_id", "__user", "jazoest", "variables", "server_timestamps"]),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12).map(lambda text: quote(text, "")),
    ).map("=".join),
    max_size=6,
    unique_by=lambda pair: pair.partition("=")[0],
).map("&".join)  # fmt: skip


@given(query=_PLAIN, body=_PLAIN, name=st.sampled_from(sorted(servers.READS)))
def test_a_plain_read_leaves_whatever_it_carries(query: str, body: str, name: str) -> None:
    """Values of any letters do not make a read suspicious."""
    fields = f"{servers.NAME}={name}&{servers.NUMBER}={READ_ID}&{body}"
    posted = Request("POST", "www.facebook.com", "/api/graphql/", query, fields.encode(), FORM)
    opened = Request("GET", "www.facebook.com", "/settings/", query)
    for request in (posted, opened):
        assert not servers.writes(request)
        assert isinstance(decide(site_policy("facebook"), Phase.CHECK, request), Allow)
