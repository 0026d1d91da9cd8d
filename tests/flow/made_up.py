"""A made-up service without any of the shipped ones' ways: names for accounts, JSON by address, a form of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HOST = "www.acme.example"
HANDLE = "claire.moreau"

SITE = """
name = "Acme"
hosts = ["acme.example", "*.acme.example"]
loading = [{ name = "data-state", value = "pending" }]

[guard]

[identity]
link = "/people/*"

[sign_in]
url = "https://www.acme.example/enter"
home = "https://www.acme.example/"
session_cookies = ["acme_door"]
login_paths = ["/enter"]

[reads]
paths = { letters = "/api/v2/letters" }
narrowing = ["shelf"]
prefixes = [")]}'"]
answer = "outcome.page"
unfinished = [{ key = "complete", says = false }]
more = [{ key = "next" }]
viewers = ["reader"]
viewer_id = "handle"
"""

FLOW = """
id = "acme.ai_objection"
revision = "2026-11-25"

[objection]
home = "home"
forms = ["paper"]
form_ids = ["no-training"]
form_path = '/objections/([a-z-]+)'
id_fields = ["subject"]
inbox = "letters"
inbox_operations = ["letters"]

[[objection.shapes]]
name = "named"
needs = ["email", "name"]

[surfaces.home]
urls = ["https://www.acme.example/"]

[surfaces.paper]
urls = ["https://www.acme.example/objections/no-training"]

[surfaces.letters]
urls = ["https://www.acme.example/letters"]
paths = ["/letters/*"]

[[states]]
verdict = "objected"
because = "granted"
needs = ["identity.same", "reply.accepted", "reply.about_ai", "reply.frame"]
forbids = ["reply.refused", "reply.pending", "reply.more_information", "reply.unclear", "reply.unclassified"]

[[states]]
verdict = "not_objected"
because = "nothing_filed"
needs = ["identity.same", "form.open", "form.id", "form.title", "inbox.known", "inbox.nothing"]
forbids = ["inbox.unread", "reply.accepted", "reply.unclear", "reply.unclassified", "page.unclear", "form.twice"]

[guide]
form_urls = ["https://www.acme.example/objections/no-training"]
not_covered = { en = ["What is used already."], fr = ["Ce qui a déjà servi."] }

[guide.title]
en = "Acme: objection to AI training"
fr = "Acme : opposition à l'entraînement de l'IA"

[guide.surfaces]
paper = { en = "the paper", fr = "le papier" }
letters = { en = "letters", fr = "courrier" }
letters-item = { en = "one letter", fr = "une lettre" }

[guide.shapes]
named = { en = "shape with a name", fr = "forme avec un nom" }

[guide.states]
granted = { en = "Acme wrote that it keeps the content out.", fr = "Acme a écrit qu'elle laisse les contenus de côté." }
nothing_filed = { en = "Nothing was filed.", fr = "Rien n'a été déposé." }

[guide.remedies]
objected = { en = ["Nothing to do."], fr = ["Rien à faire."] }
not_objected = { en = ["Fill in the paper."], fr = ["Remplissez le papier."] }
"""

WORDS = {
    "form.title": "names = ['Keep my work out of training']",
    "form.submit": "names = ['Hand in']",
    "field.email": "words = ['post address']",
    "field.name": "words = ['full name']",
    "inbox.title": "names = ['Letters']",
    "objection.words": "words = ['objection']",
    "object.words": "words = ['object*']",
    "ai.topic": "words = ['training of our models']",
    "ai.words": "words = ['models']",
    "reply.accepted": "sentences = ['we grant your objection']",
    "reply.accepted_for": "sentences = ['to the training of our models']",
    "reply.frame": "words = ['the Acme clerks']",
    "scope.words": "words = ['to']",
}

SETTING = {
    "site.toml": """
extends = ["temoin:declared/site.toml"]
name = "Acme"
hosts = ["{service}.example", "*.{service}.example"]

[sign_in]
url = "https://www.{service}.example/settings"
home = "https://www.{service}.example/settings"
""",
    "flow.toml": """
extends = ["temoin:declared/control.toml", "temoin:declared/unnamed.toml"]

id = "{service}.ai_training"
revision = "2026-11-25"

[control]
kind = "switch"
surfaces = ["setting"]
on = "trains"
confidence = {{ address = "M", label = "M", meaning = "M" }}
sources = ["a test"]

[surfaces.setting]
urls = ["https://www.{service}.example/settings"]
source = "a test"

[guide]
form_urls = ["https://www.{service}.example/settings"]

[guide.title]
en = "Acme: content used for training"
fr = "Acme : contenus utilisés pour l'entraînement"

[guide.remedies.not_objected]
en = ["Turn it off yourself."]
fr = ["Désactivez-le vous-même."]
""",
    "labels.toml": """# The words.

[[control.label.en]]
names = ["Use my content to train AI models"]
source = "a test"

[[control.section.en]]
names = ["Privacy"]
source = "a test"
""",
    "replica/replica.toml": """
addresses = ["https://www.{service}.example/settings"]
style = "role"
on_is_good = false

[words.en]
heading = "Privacy"
label = "Use my content to train AI models"
source = "a test"
""",
}
"""A setting that one control shows, in a file for each thing."""

FORM = """<main><h1>Keep my work out of training</h1><form method=post action="/hand-in">
<input type=hidden name=subject value=no-training><label>Full name <input name=n></label>
<label>Post address <input name=p></label><button>Hand in</button></form></main>"""
LETTER = """<main><h1>Your objection</h1><p>We grant your objection to the training of our models.</p>
<p>The Acme clerks</p></main>"""
LIST = """<main><h1>Letters</h1><ul id=all></ul></main><script>
fetch("/api/v2/letters%s").then((answer) => answer.text()).then((text) => {
  for (const letter of JSON.parse(text.replace(")]}'", "")).outcome.page.letters)
    document.querySelector("#all").innerHTML += `<li><a href="/letters/${letter.number}">${letter.title}</a></li>`;
});</script>"""


def write_flow(folder: Path) -> Path:
    """Write the flow's files; its own folder."""
    home = folder / "acme" / "ai_objection"
    home.mkdir(parents=True)
    (home.parent / "site.toml").write_text(SITE, encoding="utf-8")
    (home / "flow.toml").write_text(FLOW, encoding="utf-8")
    entries = [f"[[{key}.en]]\n{words}\nsource = 'a test'\n" for key, words in WORDS.items()]
    (home / "labels.toml").write_text("\n".join(entries), encoding="utf-8")
    return home


def write_setting(folder: Path, service: str = "acme") -> Path:
    """Write the files of a service with one setting, `ai_training`; its own folder."""
    home = folder / service / "ai_training"
    for name, text in SETTING.items():
        file = home.parent / name if name == "site.toml" else home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(service=service), encoding="utf-8")
    return home


class Acme:
    """What the service serves."""

    def __init__(self, *letters: str, query: str = "", **said: Any) -> None:
        self._letters = [{"number": number, "title": title} for number, title in enumerate(letters, 1)]
        self._query, self._said = query, said

    def answer(self, url: str) -> tuple[int, str, str]:
        """Status, media type and body of an address."""
        path = urlsplit(url).path
        if path == "/api/v2/letters":
            page = {"letters": self._letters, "reader": {"handle": HANDLE}} | self._said.get("page", {})
            outcome = {"page": page, "complete": True} | self._said.get("outcome", {})
            return 200, "application/json", ")]}'" + json.dumps({"outcome": outcome})
        pages = {"/": "<main>Welcome</main>", "/objections/no-training": FORM, "/letters": LIST % self._query}
        body = pages.get(path) or (LETTER if path.startswith("/letters/") else "")
        frame = f"<!doctype html><html lang=en><title>Acme</title><body><nav><a href='/people/{HANDLE}'>Me</a></nav>"
        return (200 if body else 404), "text/html", frame + body
