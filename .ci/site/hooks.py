"""What the site is made of beside `docs/`: the reference from the code, and pages that lie at the repository's root."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import reference
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
AT_THE_ROOT = {name: f"{name.lower()}.md" for name in ("CONTRIBUTING", "CHANGELOG", "SECURITY")}
_NEEDS = re.compile(r"^( *)<!-- needs: (.+?) -->$", re.MULTILINE)
_SECTIONS = {
    "Start": "Commencer",
    "How to": "Mode d'emploi",
    "Explanation": "Comprendre",
    "Reference": "Référence",
    "More": "Autres pages",
}
"""Titles of the navigation's sections → the same in French; the pages in them are what they are."""
_TITLE = re.compile(r'<label class="md-nav__title" for="(__nav_\d+)">\s*<span[^>]*></span>([^<]+)</label>')
_NO_HEADINGS = re.compile(r"<thead>\s*<tr>\s*(?:<th[^>]*></th>\s*)+</tr>\s*</thead>")
_NO_HEADING = re.compile(r"<th([^>]*)></th>")
_SEARCH = {"en": "Search", "fr": "Recherche"}
_NEEDED = {"en": "Needs:", "fr": "Demande\N{NO-BREAK SPACE}:"}


def on_files(files: Files, config: Any) -> Files:
    """Add what is written out from the code, and the documents that people look for at the root."""
    for path, content in reference.pages().items():
        files.append(File.generated(config, path, content=content))
    for name, path in AT_THE_ROOT.items():
        source = ROOT / f"{name}.md"
        if source.is_file():
            files.append(File.generated(config, path, content=_from_the_root(source.read_text(encoding="utf-8"))))
    config.nav = _with_the_rest(config.nav, files)
    return files


def _with_the_rest(nav: list[Any], files: Files) -> list[Any]:
    """A new page is found under "More" until somebody gives it its place in `mkdocs.yml`."""
    placed = str(nav)
    rest = [f.src_uri for f in files.documentation_pages() if not f.inclusion.is_not_in_nav()]
    rest = [path for path in rest if f"'{path}'" not in placed]
    return [*nav, {"More": rest}] if rest else nav


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links to the root's documents to their pages, and show what a command needs that not everybody has."""
    up = "../" * page.file.src_uri.count("/")
    for name, path in AT_THE_ROOT.items():
        markdown = markdown.replace(f"](../{up}{name}.md", f"]({up}{path}")
    word = _NEEDED[page.meta.get("lang", "en")]
    return _NEEDS.sub(rf"\1*{word} \2.*{{ .needs }}\n", markdown)


def on_page_context(context: Any, page: Any, **_: Any) -> Any:
    """Call the navigation's sections in the page's language: all pages are drawn in turn, from one navigation."""
    english = {french: title for title, french in _SECTIONS.items()}
    titles = _SECTIONS if page.meta.get("lang") == "fr" else english
    for section in context["nav"].items:
        section.title = titles.get(section.title, section.title)
    return context


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Finish the theme's own parts."""
    return _finished(output, page.meta.get("lang", "en"))


def on_post_template(output_content: str, template_name: str, **_: Any) -> str:
    """Do the same to the page for addresses that lead nowhere."""
    return _finished(output_content, "en") if template_name == "404.html" else output_content


def _finished(page: str, lang: str) -> str:
    """
    Name the search dialog and the colours in the page's language, and leave out headings of tables that say nothing.

    `nav` takes no `aria-expanded` in ARIA 1.2.
    """
    page = page.replace('role="dialog"', f'role="dialog" aria-label="{_SEARCH[lang]}"', 1)
    page = page.replace('id="__search"', f'id="__search" aria-label="{_SEARCH[lang]}"', 1)
    page = page.replace('id="__drawer"', 'id="__drawer" aria-label="Navigation"', 1)
    page = re.sub(r'(<nav[^>]*) aria-expanded="(?:true|false)"', r"\1", page)
    page = _NO_HEADING.sub(r"<td\1></td>", _NO_HEADINGS.sub("", page))
    for section, title in _TITLE.findall(page):  # the label that names a section's list holds nothing but an icon
        page = page.replace(f'id="{section}_label"', f'id="{section}_label" aria-label="{title.strip()}"', 1)
    return re.sub(r'"(Dark|Light) / (Sombre|Clair)"', rf'"\{2 if lang == "fr" else 1}"', page)


def _from_the_root(text: str) -> str:
    """The same links, seen from `docs/`."""
    for name, path in AT_THE_ROOT.items():
        text = text.replace(f"]({name}.md", f"]({path}")
    text = re.sub(r"\]\(docs/([^)#]*?)/?((?:#[^)]*)?)\)", _page, text)
    return text.replace("](LICENSE)", "](https://www.apache.org/licenses/LICENSE-2.0)")


def _page(link: re.Match[str]) -> str:
    path, place = link[1], link[2]
    return f"]({path if path.endswith('.md') else f'{path}/README.md'}{place})"
