"""The files of a new setting that one control shows: in order at once, and marked where they are to be filled in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import urlsplit

from automation.core.errors import FlowError, OutputError
from automation.text.labels import TO_FILL_IN

_SITE = """\
# {title}: what its settings share. The tables: docs/flows.md and docs/guard.md.

extends = ["temoin:declared/site.toml"]
name = "{title}"
# Every host that the service's own pages need, those of its scripts and pictures too; nothing else is reached.
hosts = ["{host}", "*.{host}"]

[sign_in]
url = "{url}"
home = "{url}"
"""

_FLOW = """\
# The control, and what its states mean. The keys: docs/flows.md.

# Take unnamed.toml out once a source says how the service names who is signed in, and say so in site.toml.
extends = ["temoin:declared/control.toml", "temoin:declared/unnamed.toml"]

id = "{name}"
revision = "{today}"

[control]
kind = "switch"                      # switch, checkbox, select, radio, menu_button, state_button
surfaces = ["setting"]
on = "trains"                        # or "protects"; other kinds have `values` instead
# How well your sources know each: H, M or L. A weak label or meaning is shown and never judged.
confidence = {{ address = "M", label = "M", meaning = "M" }}
sources = ["{fill}"]

[surfaces.setting]
urls = ["{url}"]
source = "{fill}"

[guide]
form_urls = ["{url}"]

[guide.title]
en = "{title}: content used for training"
fr = "{title} : contenus utilisés pour l'entraînement"

[guide.remedies.not_objected]
en = ["Sign in with this account and open the address below.", "Turn the setting off yourself.", "Run the check again."]
fr = [
  "Connectez-vous avec ce compte et ouvrez l'adresse ci-dessous.",
  "Désactivez vous-même le réglage.",
  "Relancez la vérification.",
]
"""

_LABELS = """\
# The service's own words, letter by letter, each with the place where they were read and when.

[[control.label.en]]
names = ["Use my content to train AI models"]
source = "{fill}"

[[control.section.en]]
names = ["Privacy"]
source = "{fill}"
"""

_REPLICA = """\
# What the stand-in shows. Write it out from your source and not from labels.toml: a mistake in one then shows.

addresses = ["{url}"]
style = "role"                       # input, styled, role, unnamed, select, radio, menu_button, state_button
on_is_good = false

[words.en]
heading = "Privacy"
label = "Use my content to train AI models"
source = "{fill}"
"""


def scaffold(name: str, folder: Path, url: str = "") -> list[Path]:
    """
    Write the files of a new flow; nothing that is there already is touched.

    Args:
        name: `service.setting`.
        folder: of flows of one's own.
        url: of the page that shows the setting; an address that cannot exist where it is not known yet.

    Returns:
        The files that were written.

    Raises:
        FlowError: the flow is there already, or the address is none.
        OutputError: a file cannot be written.
    """
    service, setting = name.split(".")
    address = url or f"https://www.{service.replace('_', '-')}.example/settings/privacy"
    parts = urlsplit(address)
    host = ".".join((parts.hostname or "").split(".")[-2:])
    if parts.scheme != "https" or "." not in host or '"' in address:
        raise FlowError(f"'{url}' is no address of a page", "Give it whole, such as https://www.example.org/settings.")
    values = {
        "name": name, "title": service.replace("_", " ").title(), "host": host, "url": address,
        "today": dt.datetime.now(dt.UTC).date().isoformat(), "fill": TO_FILL_IN,
    }  # fmt: skip
    home = folder / service / setting
    if home.exists():
        raise FlowError(f"{home}: is there already", "Choose another name or folder; nothing was written.")
    files = {
        home.parent / "site.toml": _SITE,
        home / "flow.toml": _FLOW,
        home / "labels.toml": _LABELS,
        home / "replica" / "replica.toml": _REPLICA,
    }
    written = []
    try:
        for path, text in files.items():
            if path.exists():
                continue  # the service has other settings already
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.format(**values), encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise OutputError(f"{home}: cannot be written ({error.strerror or error})", "Choose another folder.") from None
    return written
