"""
Whether evidence shows somebody: names of holders and strangers of the stand-ins by other hands, in texts and pictures.

    python .ci/masks.py FOLDER --standins ../shared/standins/meta

FOLDER is what the stand-ins' `judge.py --keep FOLDER` left. The names come from its scenarios and from the posts of its
pages. Every file is searched, compressed ones unpacked; pictures are read by tesseract, where it is installed. Prints
where a name was found, and ends with 1 where any was.
"""

from __future__ import annotations

import argparse
import ast
import base64
import gzip
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

from PIL import Image

PERSONAL = ("name", "username", "id")
CONFIGURATION = "temoin.toml"
TIMES = 3
"""By how much a picture grows before it is read: letters of 14 pixels are too small for tesseract."""


def main() -> int:
    """Search, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--standins", type=Path, required=True, help="the folder with scenarios.json and sites/")
    options = parser.parse_args()
    paths = sorted(path for path in options.folder.rglob("*") if path.is_file() and path.name != CONFIGURATION)
    scenarios = json.loads((options.standins / "scenarios.json").read_text("utf-8"))["scenarios"]
    names = set(names_of(options.standins, scenarios, {path.parent.name for path in options.folder.rglob("bagit.txt")}))
    wanted = {spelling: name for name in names for spelling in spellings(name)}
    messages = json.dumps([scenario["site"].get("inbox") for scenario in scenarios])
    ordinary = words(messages + (options.standins / "sites" / "words.py").read_text("utf-8"))
    parts = {part for name in names for part in words(name) if len(part) > 2 and not part.isdigit()} - ordinary
    pictures = {sha256(data := path.read_bytes()).digest(): (path, data) for path in paths if path.suffix == ".png"}
    found = []
    for path in paths:
        searched = set() if path.suffix == ".png" else parts  # a short word stands in compressed bytes by chance
        found += [f"{path}: {name}" for name in shown(contents(path), wanted, searched)]
    read: list[bytes] = []
    if shutil.which("tesseract"):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            read = list(pool.map(lambda one: text_of(one[1]), pictures.values()))
        for (path, _), text in zip(pictures.values(), read, strict=True):
            found += [f"{path}: {name}" for name in shown(text, wanted, parts)]
    lines = sum(len(text.splitlines()) for text in read)
    sys.stdout.writelines(f"{one}\n" for one in found)
    looked = f"{len(paths)} files, {len(read)} different pictures with {lines} lines of text"
    sys.stdout.write(f"{len(names)} names, {len(parts)} parts of names in {looked}: {len(found)} found\n")
    return 1 if found else 0


def names_of(standins: Path, scenarios: Iterable[Any], bundles: Iterable[str]) -> Iterator[str]:
    """Names, handles, addresses and ids of whom the scenarios of these bundles show, and the authors of all posts."""
    accounts = {bundle.split("_")[1] for bundle in bundles if bundle.count("_") > 1}
    for scenario in scenarios:
        if scenario["id"] in accounts:
            site = scenario["site"]
            persons = (scenario["expected_identity"], site.get("identity", {}), site.get("acting_page", {}))
            yield from (person[key] for person in persons for key in PERSONAL if key in person)
            yield scenario["sign_in"]["name"]
            yield from (linked.partition(" (")[0] for linked in site.get("linked", ()))
            yield from re.findall(r'account "([^"]+)"', str(site.get("inbox", "")))
    for module in (standins / "sites").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            match node:
                case ast.Tuple(elts=[ast.Constant(value="post"), ast.Constant(value=str(author)), *_]):
                    yield author
                case ast.Call(args=[ast.Constant(value="author"), ast.Constant(value=str(author))]):
                    yield author


def spellings(name: str) -> Iterator[bytes]:
    """A name in every form that a file may give it, in small letters but for Base64, which is case-sensitive."""
    for text in (name.lower(), name.lower().replace(" ", "")):
        plain = text.encode()
        yield from (plain, json.dumps(text)[1:-1].encode(), html.escape(text).encode())
        yield from (text.encode("ascii", "xmlcharrefreplace"), urllib.parse.quote(text).lower().encode())
        yield from (urllib.parse.quote_plus(text).lower().encode(), plain.hex().encode(), text.encode("utf-16-le"))
    for before, cut in enumerate((0, 2, 3)):  # wherever it begins in a longer text
        yield base64.b64encode(b"\0" * before + name.encode()).rstrip(b"=")[cut:-1]


def words(text: str) -> set[str]:
    """Every word, as it is written."""
    return set(re.findall(r"[^\W_]+", text))


def contents(path: Path) -> bytes:
    """A file's bytes; of a compressed one, what it holds."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def shown(data: bytes, wanted: dict[bytes, str], parts: set[str]) -> set[str]:
    """Which names, or parts of names as words, stand in these bytes."""
    small = data.lower()
    whole = {name for spelling, name in wanted.items() if spelling in small or spelling in data}
    return whole | (parts & words(data.decode("utf-8", "replace")))


def text_of(picture: bytes) -> bytes:
    """What tesseract reads in a PNG."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "picture.png")
        path.write_bytes(picture)
        with Image.open(path) as small:
            large = small.convert("L").resize((small.width * TIMES, small.height * TIMES), Image.Resampling.LANCZOS)
        large.save(path)
        command = ["tesseract", str(path), "-", "-l", "eng+fra", "--psm", "11"]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        return subprocess.run(command, env=environment, capture_output=True, check=True).stdout  # noqa: S603 - by hand


if __name__ == "__main__":
    sys.exit(main())
