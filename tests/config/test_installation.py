"""
The install lines that Témoin prints are right for how it was installed itself.

Real: pip, which installs from a wheel, a folder and a git repository, and what it writes down about that (PEP 610).
"""

from __future__ import annotations

import json
import runpy
import shlex
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from automation import __version__
from automation.config import installation as distribution
from tests.packaging.conftest import ROOT, archives  # noqa: F401 - a fixture

LINES = runpy.run_path(str(ROOT / ".ci" / "install_lines.py"), run_name="looked at")
ASK = """
import json
from automation.config import installation as distribution
given = {"elsewhere": distribution.requirement(), "ways": distribution.ways_to_add("notify")}
print(json.dumps(given | {"published": distribution.requirement("notify", published=True)}))
"""


def asked(folder: Path, *source: str) -> dict[str, str | list[str]]:
    """What a Témoin says that was installed so into a new environment."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, *source], check=True, capture_output=True)
    packages = next((folder / "lib").glob("python*")) / "site-packages"
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")  # what Témoin itself imports
    answer = subprocess.run([python, "-c", ASK], check=True, capture_output=True, text=True, cwd=folder)
    found: dict[str, str | list[str]] = json.loads(answer.stdout)
    return found


@pytest.mark.thorough
def test_from_a_wheel(archives: dict[str, Path], tmp_path: Path) -> None:  # noqa: F811
    """The wheel's own address adds an extra here; elsewhere it means nothing."""
    wheel = archives["wheel"]
    found = asked(tmp_path / "env", str(wheel))
    spec = f"temoin[notify] @ {wheel.as_uri()}"
    ways = [f"{program} {shlex.quote(spec)}" for program in ("pip install", "uv tool install", "pipx install --force")]
    assert found == {
        "elsewhere": "temoin @ git+https://HOST/OWNER/temoin@COMMIT",
        "ways": ways,
        "published": "temoin[notify] @ git+https://HOST/OWNER/temoin@COMMIT",
    }


@pytest.mark.thorough
def test_from_git(archives: dict[str, Path], tmp_path: Path) -> None:  # noqa: F811
    """The commit that was installed is the one that is installed elsewhere and added to."""
    source = tmp_path / "temoin"
    shutil.unpack_archive(archives["sdist"], tmp_path, filter="data")
    (tmp_path / f"temoin-{__version__}").rename(source)
    git = ["git", "-C", source, "-c", "user.name=Lou", "-c", "user.email=lou@example.org"]
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "All"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    found = asked(tmp_path / "env", f"temoin @ git+{source.as_uri()}")
    address = f"git+{source.as_uri()}@{commit}"
    assert found["elsewhere"] == f"temoin @ {address}"
    assert found["ways"][0] == f"pip install 'temoin[notify] @ {address}'"
    assert found["published"] == f"temoin[notify] @ {address}"


def test_from_a_checkout() -> None:
    """As `make env` installs it, an extra is added from the lock; the command is run by `make install-check`."""
    assert distribution.ways_to_add("fleet") == (f"make -C {shlex.quote(str(ROOT))} extras EXTRAS=fleet",)


@pytest.mark.parametrize(
    ("origin", "elsewhere", "way"),
    [
        (None, f"temoin=={__version__}", "pip install 'temoin[fleet]'"),
        (
            {"url": "https://lou:secret@git.example/x/temoin", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "temoin @ git+https://git.example/x/temoin@abc",
            "pip install 'temoin[fleet] @ git+https://git.example/x/temoin@abc'",
        ),
        (
            {"url": "ssh://git:secret@git.example/x/temoin", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "temoin @ git+ssh://git@git.example/x/temoin@abc",
            "pip install 'temoin[fleet] @ git+ssh://git@git.example/x/temoin@abc'",
        ),
        (
            {"url": "https://lou:secret@files.example/temoin-0.1.0-py3-none-any.whl?token=secret", "archive_info": {}},
            "temoin @ https://files.example/temoin-0.1.0-py3-none-any.whl",
            "pip install 'temoin[fleet] @ https://files.example/temoin-0.1.0-py3-none-any.whl'",
        ),
    ],
)
def test_once_it_is_published(origin: dict[str, object] | None, elsewhere: str, way: str) -> None:
    """From an index it goes by its name; no password of an address is ever printed."""
    assert distribution.requirement(origin=origin or {}, published=True) == elsewhere
    assert distribution.ways_to_add("fleet", origin=origin or {})[0] == way


@pytest.mark.parametrize("published", [False, True])
def test_one_setting_switches_the_documents(published: bool) -> None:
    """Every install line of the documents and of GitLab's component follows it, there and back."""
    pages = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
    marked = {page: page.read_text(encoding="utf-8") for page in pages if "<!-- install: " in page.read_text("utf-8")}
    assert {"README.md", "README.fr.md", "notifications.md", "fleet.md"} <= {page.name for page in marked}
    for page, text in marked.items():
        lang = LINES["language"](page)
        switched = LINES["written"](text, lang=lang, published=published)
        assert ("make extras" in switched or "install ." in switched) is not published
        assert LINES["written"](switched, lang=lang, published=distribution.PUBLISHED) == text
    template = (ROOT / "templates" / "temoin.yml").read_text(encoding="utf-8")
    assert ("default: temoin\n" in LINES["template"](template, published=published)) is published
    assert LINES["template"](template) == template
