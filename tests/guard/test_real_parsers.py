"""
What leaves is a read to real programs, too.

Real: PHP's `parse_str` and `(int)`, Node's `URLSearchParams`, `querystring` and `JSON.parse`. Each reads the same few thousand
queries, put together at random from pieces of names, values and separators; the guard knows neither program.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess

import pytest

from automation.guard import Allow, Phase, Request, decide
from tests.guard import servers
from tests.guard.builders import FORM, JSON, site_policy

SUBMIT_ID = servers.SUBMIT_ID
READ = f"{servers.NAME}=CometSupportFormQuery&{servers.NUMBER}=24512315571720158"
_PHP = """
while (($line = fgets(STDIN)) !== false) {
  parse_str(json_decode($line), $found);
  $said = [];
  foreach ($found as $name => $value) {
    $first = is_array($value) ? json_encode($value, JSON_INVALID_UTF8_SUBSTITUTE) : $value;
    $said[] = [(string)$name, $first, is_array($value) ? 0 : (int)$value];
  }
  echo json_encode($said, JSON_INVALID_UTF8_SUBSTITUTE), "\\n";
}
"""
_NODE = """
const lines = require('fs').readFileSync(0, 'utf8').split('\\n').filter(Boolean);
const querystring = require('querystring');
for (const line of lines) {
  const text = JSON.parse(line), said = [];
  for (const [name, value] of new URLSearchParams(text)) said.push([name, value, Number(value)]);
  for (const [name, value] of Object.entries(querystring.parse(text)))
    for (const one of [].concat(value)) said.push([name, one, Number(one)]);
  console.log(JSON.stringify(said));
}
"""
_NODE_JSON = """
const lines = require('fs').readFileSync(0, 'utf8').split('\\n').filter(Boolean);
for (const line of lines) {
  const found = JSON.parse(JSON.parse(line));
  console.log(JSON.stringify([].concat(found).flatMap((one) =>
    Object.entries(one).map(([name, value]) => [name, String(value), Number(value)]))));
}
"""
PROGRAMS = {"php": ["php", "-n", "-r", _PHP], "node": ["node", "-e", _NODE]}
_NAMES = [
    "action",
    "fb_dtsg",
    "fb.dtsg",
    "fb dtsg",
    "_method",
    servers.NAME,
    servers.NUMBER,
    "doc.id",
    "doc id",
    "doc[id",
    "tab",
]
_AROUND = [*[""] * 12, " ", "%20", "+", "[]", "[0]", "%5B%5D", "[x", "]", "%00", "%00x", "%09", ".", "%2E", "_"]
_VALUES = ["1", "delete", "x", "CometSupportFormQuery", "useCometSupportFormSubmitMutation", "mutation{a}", ""]
_BEFORE = ["", "", "0", "00", "+", "%20", "%0A", "%2B", "-", "%00", "0x", "%0B", "%0C", "%C2%A0"]
_AFTER = ["", "", ".0", ".9", "%20", "abc", "e0", "%00", "%0A", "_0"]
_COUNT = 4000
_LEAST = 100
"""Of them have to act, or nothing is shown."""


def _queries(seed: int) -> list[str]:
    """The same ones on every machine."""
    some = random.Random(seed)

    def coded(text: str) -> str:
        return "".join(f"%{ord(c):02x}" if some.random() < 0.02 else c for c in text)

    def pair() -> str:
        number = f"{some.choice(_BEFORE)}{some.choice([SUBMIT_ID, 24512315571720158])}{some.choice(_AFTER)}"
        value = number if some.random() < 0.3 else some.choice(_VALUES)
        return f"{some.choice(_AROUND)}{coded(some.choice(_NAMES))}{some.choice(_AROUND)}={value}"

    return [some.choice("&&&;").join(pair() for _ in range(some.randint(1, 3))) for _ in range(_COUNT)]


def _read_by(command: list[str], texts: list[str]) -> list[list[tuple[str, str, float]]]:
    """What a program makes of each text: names with their values, and what number each is to it."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    lines = "".join(f"{json.dumps(text)}\n" for text in texts)
    # No input of a user's: the texts are made above.
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _leaves(request: Request) -> bool:
    return isinstance(decide(site_policy("facebook"), Phase.CHECK, request), Allow)


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_address_that_acts_leaves(program: str) -> None:
    """Where the program finds a name that acts in a query, the address is not opened."""
    queries = _queries(1)
    acting = 0
    for query, found in zip(queries, _read_by(PROGRAMS[program], queries), strict=True):
        if {name for name, *_ in found} & {"action", "fb_dtsg", servers.NAME, servers.NUMBER}:
            acting += 1
            assert not _leaves(Request("GET", "www.facebook.com", "/x", query)), query
    assert acting > _LEAST


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_operation_but_a_read_leaves(program: str) -> None:
    """Where the program finds another name or the number of the submit in a form, or in its address, it stays."""
    queries = _queries(2)
    forms = [f"{READ}&{query}" for query in queries]
    acting = 0
    for query, form, found in zip(queries, forms, _read_by(PROGRAMS[program], forms), strict=True):
        names = {value for name, value, _ in found if name == servers.NAME}
        numbers = {number for name, _, number in found if name == servers.NUMBER}
        if names - servers.READS or SUBMIT_ID in numbers:
            acting += 1
            for posted in (("", form), (query, READ)):
                sent = Request("POST", "www.facebook.com", "/api/graphql/", posted[0], posted[1].encode(), FORM)
                assert not _leaves(sent), form
    assert acting > _LEAST


def test_no_number_that_a_program_rounds_to_the_submits_leaves() -> None:
    """Read as JSON by Node, where every number is a double."""
    listed = 25000658216262850
    bodies = [f'{{"{servers.NAME}":"AQuery","{servers.NUMBER}":{listed + beside}}}' for beside in range(-40, 41)]
    bodies += [
        f'{{"{servers.NAME}":"AQuery","{servers.NUMBER}":{form}}}' for form in (f"{listed}.0", "2.5000658216262850e16")
    ]
    acting = 0
    for body, found in zip(bodies, _read_by(["node", "-e", _NODE_JSON], bodies), strict=True):
        if float(listed) in {float(number) for name, _, number in found if name == servers.NUMBER}:
            acting += 1
            assert not _leaves(Request("POST", "www.facebook.com", "/api/graphql/", "", body.encode(), JSON)), body
    assert acting > 3
