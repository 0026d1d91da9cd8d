"""
Every command by the word that people look for, below four headings; and what was called otherwise before.

Imported by `--help`: it stays light.
"""

from __future__ import annotations

from automation.cli.group import Group, Place
from automation.text.catalogue import N_

_EVERYBODY, _EVIDENCE = N_("For everybody"), N_("Evidence")
_SERVICES, _BY_ITSELF = N_("Services"), N_("By itself")


def _in(module: str, **functions: str) -> dict[str, str]:
    """Commands, each with its function in a module of this room; `import_` is `import`, which Python keeps."""
    return {name.rstrip("_").replace("_", "-"): f"cli.{module}:{function}" for name, function in functions.items()}


_IDENTITY = Group(
    _in("keys", show="show", set="set_key"),
    "The key of the digests that stand for accounts: the same wherever the same accounts are checked.",
)
_KEYS = _in("keys", new="new", list="list_keys", rotate="rotate", revoke="revoke", export_trust="export_trust")
COMMANDS: dict[str, str | Place | Group] = {
    "ui": Place("web.app:ui", "Look after accounts in a window of your browser instead of here.", _EVERYBODY),
    "demo": Place("cli.demo:demo", "Show every verdict on a local stand-in of Facebook and Instagram.", _EVERYBODY),
    "doctor": Place("cli.doctor:doctor", "Say what is missing on this machine, and how to get it.", _EVERYBODY),
    "account": Group(
        _in("login", add="add", login="login")
        | _in("account", logout="logout", list="list_accounts")
        | _in("session", check="check", confirm="confirm")
        | _in("account", rename="rename_account", accept="accept_answer", remove="remove_accounts")
        | _in("session", export="export", import_="import_session")
        | {"key": Group(_in("session", show="show_key", new="new_key"), "The key that saved sessions are sealed to.")},
        "Your accounts: add them, sign in, name them, hand them on.",
        _EVERYBODY,
    ),
    "check": Place("cli.check:check", "Check accounts, read-only, and keep the evidence.", _EVERYBODY),
    "report": Place(
        "cli.report:report",
        "Write a report on the newest answer of each account, from what is stored. Nothing is visited.",
        _EVERYBODY,
    ),
    "look": Group(
        _in("look.command", at="look", list="list_looks", revoke="revoke", export="export", import_="import_file"),
        "Say once what a picture shows; it counts for all accounts that are shown it.",
        _EVERYBODY,
        "at",
    ),
    "object": Group(
        _in("object", file="object_to")
        | _in("cases", list="list_cases", confirm="confirm", letter="letter")
        | _in("inbox", mail="inbox"),
        "File objections, and follow each until it is answered.",
        _EVERYBODY,
    ),
    "history": Group(
        _in("history", show="show", diff="diff", stale="stale")
        | _in("verify", rejudge="rejudge")
        | _in("history", rebuild="rebuild"),
        "What was answered before, and what changed since. `temoin history` alone shows where each account stands.",
        _EVERYBODY,
        "show",
    ),
    "verify": Place("cli.verify:verify", "Verify evidence, offline.", _EVIDENCE),
    "evidence": Group(
        {
            "stamp": "cli.verify:stamp",
            "head": Group(
                _in("verify", export="export", compare="compare"),
                "Keep the end of the ledger elsewhere, and compare with it later.",
            ),
            **_in("evidence", pack="pack_evidence", unpack="unpack_evidence", prune="prune"),
            **_in("evidence", remove="remove_by_decision", export="export", parcel="parcel"),
            "import": "cli.report:take_in",
            "key": Group(
                _KEYS | _in("keys", backup="backup", restore="restore") | {"identity": _IDENTITY},
                "The keys that seal evidence.",
            ),
        },
        "Stamp, hand on, prune and remove evidence; its keys.",
        _EVIDENCE,
    ),
    "flow": Group(
        _in("flows", list="list_flows", show="show", check="check", test="try_flows", new="new_flow")
        | _in("record", record="record_flow")
        | _in("flows_verify", verify="verify_flow")
        | _in("demo", demo="demo_flow")
        | _in("report", schema="schema"),
        "What Témoin can read, and how well it is known.",
        _SERVICES,
    ),
    "registry": Group(
        _in("registry", check="check", use="take", contribute="contribute"),
        "Dates and looks that others share in a folder, such as a git repository.",
        _SERVICES,
    ),
    "schedule": Place("cli.schedule:app", "Print a ready file that checks on a schedule, or install it.", _BY_ITSELF),
    "fleet": Group(
        _in("fleet", enqueue="enqueue", work="worker", status="status", migrate="migrate", retire="retire"),
        "A fleet of workers: where it stands, its tables, its accounts. `temoin fleet` alone shows where it stands.",
        _BY_ITSELF,
        "status",
    ),
    "mcp": Place(
        "mcp:serve",
        "Answer an agent's questions over standard input and output (Model Context Protocol), until it hangs up.",
        _BY_ITSELF,
    ),
    "answer": Group(
        _in("cases", record="record", list="list_answers", withdraw="withdraw"),
        "Record what a person saw, where Témoin could not read it: temoin answer NAME objected --seen … --until …",
        "",
        "record",
    ),
}
"""In the order of the help."""

RENAMED = {
    "init": "account add",
    "login": "account login",
    "session": "account",
    "session forget": "account logout",
    "session recipient": "account key show",
    "session new-key": "account key new",
    "object": "object file",
    "cases": "object list",
    "cases list": "object list",
    "cases confirm": "object confirm",
    "cases letter": "object letter",
    "inbox": "object mail",
    "diff": "history diff",
    "stale": "history stale",
    "rejudge": "history rejudge",
    "stamp": "evidence stamp",
    "head": "evidence head",
    "bundle": "evidence",
    "keys": "evidence key",
    "import": "evidence import",
    "flows": "flow",
    "schema": "flow schema",
    "enqueue": "fleet enqueue",
    "worker": "fleet work",
    "words": "look",
}
"""How commands were called before → how they are now. The old words work for one version, unseen, with a hint."""
