"""The reference of the site, written out from the code at each build, so that it cannot be old."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import answers
import commands
import docstrings
import matrix
from schema_tables import Writer, cell

import automation.core.mail
import automation.core.receipts
import automation.core.records
import automation.core.signals
import automation.core.verdicts
import automation.storage.changes
import automation.storage.history_rows
from automation.app.report import SchemaDocument, schema_of
from automation.config import shape
from automation.core import accounts, policy, results
from automation.core import records as evidence
from automation.core.signals import SignalName
from automation.flow import control_table, manifest, one_file, site
from automation.guard import policy as guard_policy
from automation.text.labels import _Entry as LabelEntry

ROOT = Path(__file__).resolve().parents[2]


def pages() -> dict[str, str]:
    """Path below `docs/` → content."""
    return {
        "reference/commands.md": commands.page(),
        "reference/settings.md": _settings(),
        "reference/exit-codes.md": _exit_codes(),
        "reference/flow-files.md": _flow_files(),
        "reference/answers.md": answers.page("en"),
        "fr/reponses.md": answers.page("fr"),
        "reference/signals.md": answers.signals(),
        "reference/services.md": matrix.page(),
        **{path: page for document in SchemaDocument for path, page in _documents(document).items()},
    }


# --- exit codes


def _exit_codes() -> str:
    words = docstrings.of_attributes(results.ExitCode)
    rows = [f"| `{int(code)}` | {cell(words[code.name])} |" for code in results.ExitCode]
    own = [f"- [`{path}`](commands.md#{path.replace(' ', '-')}): {text}" for path, text in commands.exit_codes()]
    return "\n".join(
        [
            "# Exit codes",
            "",
            "They are part of the interface: scripts and CI may rely on them. Where several apply, 4 goes before 2,",
            "then 1, then 3. A program that was interrupted (Ctrl-C) ends with 130; one whose output nobody reads on,",
            "as in `temoin verify … | head`, with 141.",
            "",
            "| code | meaning |",
            "|---|---|",
            *rows,
            "",
            "Some commands ask another question and have codes of their own:",
            "",
            *own,
        ]
    )


# --- settings


def _settings() -> str:
    comments = _comments((ROOT / ".env.example").read_text(encoding="utf-8"))
    schema = shape.Document.model_json_schema()
    writer = Writer(
        schema,
        _words(
            {"AccountTable": accounts.Account, "ExceptionTable": policy.Exemption, "TimeStampTable": evidence.Authority}
        ),
    )
    parts = [_SETTINGS, "## At the top of `temoin.toml`", _variables(writer, comments, None, shape.TOP_KEYS)]
    for name in shape.TABLES:
        keys = shape.TABLES[name].model_fields
        parts += [f"## `[{name}]` {{ #{name} }}", _variables(writer, comments, name, tuple(keys))]
    for name, table in shape.LISTS.items():
        defined = schema["$defs"][table.__name__]
        parts += [
            f"## `[[{name}]]` {{ #{name} }}",
            writer.table(defined["properties"], defined.get("required", []), table.__name__),
        ]
    secrets = [name for name in shape.SECRET_VARIABLES if shape.PLAIN_VARIABLES[name][0] not in shape.TABLES]
    rows = [f"| {_breakable(name)} | {cell(comments[name])} |" for name in sorted(secrets)]
    rows += [f"| {_breakable(f'TEMOIN_SECRETS__…__{part}')} | {_SECRETS[part]} |" for part in shape.SECRET_PARTS]
    parts += [
        "## Secrets { #secrets }\n\nOnly in the environment or in `.env`; refused in `temoin.toml`.",
        "\n".join(["| variable | meaning |", "|---|---|", *rows]),
    ]
    kinds = [
        name for name in ("AccountKind", "SignIn", "Verdict", "Outcome", "TimeStampTable") if name in schema["$defs"]
    ]
    parts += ["## Kinds", writer.definitions(but=frozenset(schema["$defs"]) - set(kinds))]
    return "\n\n".join(parts)


_SETTINGS = """# Settings

Everything that can be set, written out from the code. A key of `temoin.toml` can also come from the environment or from
`.env`, under the name below it; the environment wins. Lists and tables are written as JSON there. What is no key of
Témoin is an error that names the line, never ignored."""
_SECRETS = {
    "USERNAME": "The name that an account signs in with. … is the account's name in upper case, `_` for each hyphen.",
    "PASSWORD": "Its password.",
    "TOTP_SECRET": "The secret behind the codes of its authenticator app, if it has a second factor.",
}


def _variables(writer: Writer, comments: Mapping[str, str], table: str | None, keys: tuple[str, ...]) -> str:
    schema: Mapping[str, Any] = writer.schema
    if table is not None:
        schema = schema["$defs"][shape.TABLES[table].__name__]
    rows = ["| key and variable | meaning |", "|---|---|"]
    for key in keys:
        if key in shape.TABLES or key in shape.LISTS:
            continue
        variable = "__".join(["TEMOIN", *([table] if table else []), key]).upper().replace("TEMOIN__", "TEMOIN_", 1)
        value = schema["properties"][key]
        meaning = writer.meaning(value, comments[variable], required=False)
        rows.append(f"| `{key}`<br>{_breakable(variable)} | {meaning} |")
    return "\n".join(rows)


def _breakable(variable: str) -> str:
    """A long name that a narrow screen may break where a word of it ends."""
    return f"<code>{variable.replace('_', '_<wbr>').replace('_<wbr>_', '__')}</code>"


def _comments(example: str) -> dict[str, str]:
    """Variable → the comment above it, which may be about several variables in a row."""
    found: dict[str, str] = {}
    comment: list[str] = []
    fresh = True
    for line in example.splitlines():
        if line.startswith("# ---") or not line.strip():
            comment, fresh = [], True
        elif line.startswith("# "):
            comment = [*([] if fresh else comment), line[2:]]
            fresh = False
        else:
            found[line.partition("=")[0]] = " ".join(comment)
            fresh = True
    return found


# --- documents of results

_PRINTED = {
    SchemaDocument.RUN: ("Results", "temoin check --json"),
    SchemaDocument.INBOX: ("Answers by mail", "temoin object mail --json"),
    SchemaDocument.HISTORY: ("History", "temoin history --json"),
    SchemaDocument.RECEIPT: ("Receipts", "read_only(…).receipt.text()"),
}


def _documents(document: SchemaDocument) -> dict[str, str]:
    """A page for each document that commands print, and its schema beside it."""
    title, command = _PRINTED[document]
    schema = schema_of(document)
    name = schema["properties"]["schema"]["const"]
    file = f"{name.replace('/', '-')}.schema.json"
    modules = (
        automation.core.verdicts,
        automation.core.signals,
        results,
        automation.core.mail,
        automation.core.receipts,
        automation.core.records,
        automation.storage.changes,
        automation.storage.history_rows,
    )
    writer = Writer(schema, _words(_classes(schema, modules)), for_input=False)
    page = [
        f"# {title}",
        f"What `{command}` prints: one document of the schema `{name}`. Every key is always there, no other is;",
        f"moments are in UTC. [The JSON Schema]({file}) (2020-12) is what `temoin flow schema {document}` prints.\n",
        writer.table(schema["properties"], []),
        "\n## Kinds\n",
        writer.definitions(),
    ]
    return {
        f"reference/{document}.md": "\n".join(page).replace("\n## Kinds", "\n\n## Kinds"),
        f"reference/{file}": json.dumps(schema, ensure_ascii=False, indent=2),
    }


# --- flows

_FILES = """# Files of a flow

The keys, written out from the code that reads them; an unknown one is an error. What they are for, and what a verdict
takes: [flows](../flows.md) and [the guard](../guard.md)."""


def _flow_files() -> str:
    files = {
        "flow.toml": (manifest._Manifest, "How one setting is read."),  # noqa: SLF001 - the shape of the whole file
        "site.toml": (site._SiteTable, "What the settings of one service share."),  # noqa: SLF001
        "[guard]": (guard_policy.GuardTable, "The table of that name in `site.toml`: what may leave the browser."),
        "[setting]": (one_file.Setting, "The table of that name in `flow.toml`, from which all other files follow."),
        "labels.toml": (LabelEntry, "One entry of `[[key.language]]`: words, and where they were seen."),
    }
    parts = [_FILES]
    kinds: dict[str, str] = {}
    for name, (model, about) in files.items():
        schema = model.model_json_schema(by_alias=True)
        classes = _classes(schema, (manifest, control_table, one_file, site, guard_policy, automation.core.verdicts))
        writer = Writer(schema, _words({**classes, model.__name__: model}))
        parts += [
            f"## `{name}`\n\n{about}",
            writer.table(schema["properties"], schema.get("required", []), model.__name__),
        ]
        for kind in schema.get("$defs", {}):
            kinds.setdefault(kind, writer.definition(kind))
    return "\n\n".join([*parts, "## Kinds", *kinds.values()])


def _classes(schema: Mapping[str, Any], modules: tuple[ModuleType, ...]) -> dict[str, type]:
    return {
        name: getattr(module, name)
        for name in schema.get("$defs", {})
        for module in modules
        if isinstance(getattr(module, name, None), type)
    }


def _words(kinds: Mapping[str, type]) -> dict[tuple[str, str], str]:
    """(Definition, key or word) → its docstring; members of an enum are named by their values."""
    found: dict[tuple[str, str], str] = {}
    for name, kind in kinds.items():
        said = docstrings.of_attributes(kind)
        members = getattr(kind, "__members__", {})
        found |= {(name, str(members[key]) if key in members else key): words for key, words in said.items()}
        found |= {(name, str(m)): m.sentence for m in members.values() if isinstance(m, SignalName)}
    return found
