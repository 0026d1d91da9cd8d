"""The recipe of docs/verify-without-temoin.md, run as a sceptic would: with sha256sum and openssl, without Témoin."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from automation.evidence.formats import names
from tests.evidence.authorities import RealAuthority
from tests.evidence.building import Place, a_look

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "evidence.md").read_text(encoding="utf-8")
RECIPE = (DOCS / "verify-without-temoin.md").read_text(encoding="utf-8")
TOOLS = ("sha256sum", "openssl", "mktemp", "grep", "cut", "wc", "cat", "sed")

pytestmark = pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum on this system")


def _recipe() -> str:
    found = re.search(r"<!-- run by: .* -->\n```sh\n(.*?)```", RECIPE, re.DOTALL)
    assert found is not None
    return found[1]


def _run(folder: Path, signer: str, root: Path, tools: Path) -> subprocess.CompletedProcess[str]:
    """Run the recipe where nothing but those few tools is to be had."""
    for tool in TOOLS:
        link = tools / tool
        link.unlink(missing_ok=True)
        link.symlink_to(shutil.which(tool) or tool)
    environment = {"PATH": str(tools), "SIGNER": signer, "ROOT": str(root), "AUTHORITY": "alpha", "LC_ALL": "C"}
    shell = shutil.which("sh") or "/bin/sh"
    return subprocess.run(
        [shell, "-c", _recipe()], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_recipe_of_the_manual(
    stamped: Place, place: Place, authorities: tuple[RealAuthority, RealAuthority], tmp_path: Path
) -> None:
    """It accepts a real bundle of either kind and says when it was stamped; it stops at what it is said to notice."""
    folder = stamped.bundles()[0]
    signer, root = stamped.trust.keys[0].id, authorities[0].folder / "root.pem"
    look = _run(a_look(stamped), signer, root, tmp_path)
    assert (look.returncode, f"{names.INBOX}: OK" in look.stdout) == (0, True), look.stderr
    good = _run(folder, signer, root, tmp_path)
    assert good.returncode == 0, good.stderr
    assert f"{names.RESULT}: OK" in good.stdout
    assert "Signature Verified Successfully" in good.stdout
    assert "Verification: OK" in good.stdout + good.stderr
    assert "Time stamp: " in good.stdout
    assert good.stdout.endswith("All four hold.\n")
    assert _run(folder, place.keys.signing().id, root, tmp_path).returncode != 0, "another signer"
    assert _run(folder, signer, authorities[1].folder / "root.pem", tmp_path).returncode != 0, "another authority"
    result = folder / names.RESULT
    before = result.read_bytes()
    result.write_bytes(before.replace(b"not_objected", b"yes_objected"))
    assert _run(folder, signer, root, tmp_path).returncode != 0, "an altered file"
    stamped.sign_again(folder)  # with the real key, after the stamp
    again = _run(folder, signer, root, tmp_path)
    assert again.returncode != 0, "a bundle made again after its stamp"
    assert "Signature Verified Successfully" in again.stdout
    Place(place.folder / "foreign").sign_again(folder)
    assert _run(folder, signer, root, tmp_path).returncode != 0, "a foreign key"


def test_the_table_of_exit_codes() -> None:
    """The page and the program name the same exit codes of `temoin verify`."""
    from automation.cli.evidence.verify_words import CODES
    from automation.evidence.verify.faults import VerifyCode

    rows = dict(re.findall(r"^\| (\d) \| ([^(;,|]+?)(?:[(;,].*)? \|$", PAGE, re.MULTILINE))
    assert {int(code): words.strip() for code, words in rows.items()} == {
        int(code): CODES[code].split(" or of")[0] for code in VerifyCode
    }


def test_the_layout_of_the_manual(stamped: Place) -> None:
    """Every file of a real bundle's seal and its tag files stand in the page's drawing."""
    drawing = PAGE.split("```")[1]
    folder = stamped.bundles()[0]
    fixed = [path.name for path in folder.iterdir() if path.is_file()]
    fixed += [path.name for path in (folder / "seal").iterdir() if not re.match(r"(open|close)-", path.name)]
    fixed += [path.name for path in stamped.root.iterdir() if path.is_file() and path.suffix != ".lock"]
    assert [name for name in fixed if name not in drawing] == []
