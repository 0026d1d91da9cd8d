"""A registry as its users and its attackers have it: folders of files, a trust file, the program."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from automation.app import setup
from automation.app.registry import surveyed, use
from automation.app.setup import known_flows, looks_that_count, registry_folder, used_registry
from automation.config import Settings
from automation.core.looks import Look, Says, ShownKind
from automation.evidence.formats import dsse
from automation.evidence.formats.signed import sha256
from automation.evidence.keys.signing import SigningKey
from automation.evidence.keys.trust import Trust, TrustedKey
from automation.flow.looks import KeptLook, looks_text
from automation.flow.manifest import VerifiedEntry
from automation.registry.contributions import LARGEST_BYTES, Refusal, live_envelope, looks_envelope, withdrawal_envelope
from automation.registry.survey import SUFFIX, Survey
from tests.cli.conftest import Program, _own_place, temoin
from tests.documents import blocks

__all__ = ["_own_place", "temoin"]
TODAY = date(2026, 12, 2)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
A_DAY = NOON.date()
FLOW = "linkedin.ai_training"


def a_look(says: Says = Says.ACCEPTED, **changes: object) -> Look:
    """A letter that says yes, without anybody's name."""
    lines = (("we have honoured your objection.",),)
    look = Look(ShownKind.LETTER, says, "facebook.ai_objection", "en", lines, "", NOON, "0" * 64)
    return replace(look, **changes)  # type: ignore[arg-type]


def an_entry(day: date = A_DAY, **changes: object) -> VerifiedEntry:
    """A comparison of LinkedIn's setting."""
    known = {"locale": "en-GB", "kind": "profile", "evidence": "a" * 64, "revision": "2026-11-25", "date": day}
    return VerifiedEntry.model_validate({**known, **changes})


@dataclass
class People:
    """Contributors with a key each, their registry and the trust file that names them."""

    folder: Path
    keys: dict[str, SigningKey] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    changes: dict[str, dict[str, datetime]] = field(default_factory=dict)

    def key(self, name: str) -> SigningKey:
        """Somebody's key."""
        return self.keys.setdefault(name, SigningKey.of(Ed25519PrivateKey.generate()))

    def put(self, data: bytes, name: str = "") -> Path:
        """A file in the registry."""
        path = self.folder / f"{name or sha256(data)}{SUFFIX}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def says(self, *names: str, look: Look | None = None, entry: VerifiedEntry | None = None) -> None:
        """Each of them contributes this look, or this comparison."""
        for name in names:
            key = self.key(name)
            self.put(looks_envelope((look,), key) if look else live_envelope(FLOW, entry or an_entry(), key))

    def trust(self, *names: str) -> Path:
        """The trust file with these people."""
        since = datetime(2026, 11, 1, tzinfo=UTC)
        keys = tuple(
            TrustedKey(
                id=self.key(n).id, public_key=self.key(n).public, since=since, note=self.notes.get(n, n),
                **self.changes.get(n, {}),
            )
            for n in names
        )  # fmt: skip
        path = self.folder.parent / "contributors.json"
        path.write_text(Trust(keys=keys).text(), encoding="utf-8")
        return path

    def survey(self, *names: str) -> Survey:
        """What counts for somebody who believes these people."""
        return surveyed(self.folder, self.trust(*names), TODAY)[0]


@pytest.fixture(autouse=True)
def _machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    setup._used.cache_clear()
    yield
    setup._used.cache_clear()


@pytest.fixture
def people(tmp_path: Path) -> People:
    """Nobody yet, and an empty registry."""
    (tmp_path / "registry").mkdir()
    return People(tmp_path / "registry")


def refusals(found: Survey) -> list[Refusal]:
    """Why files do not count."""
    return [one.refusal for one in found.refused if one.refusal]


def test_two_people_make_it_count(people: People) -> None:
    """What one says alone does not count; what two say does, as a look of others, and by the older of two months."""
    people.says("anna", look=a_look())
    people.says("anna", entry=an_entry(date(2026, 11, 20)))
    alone = people.survey("anna", "ben")
    assert (alone.looks, alone.live, alone.alone) == ((), (), 2)
    people.says("ben", look=a_look())
    people.says("ben", entry=an_entry(date(2026, 10, 3)))
    found = people.survey("anna", "ben")
    assert [(look.id, look.imported, look.by) for look in found.looks] == [(a_look().id, True, "registry (2)")]
    ((flow, entry),) = found.live
    assert (flow, entry.date, entry.origin, found.refused) == (FLOW, date(2026, 10, 1), "registry", ())


def test_one_person_is_one_voice(people: People) -> None:
    """Several files, several keys of one name, in whatever spelling, and keys without a name are one person."""
    people.says("anna", "anna-2", entry=an_entry())
    people.says("anna", entry=an_entry(date(2026, 10, 3)))
    people.notes = {"anna": "Anna Berg", "anna-2": "  anna  BERG "}
    assert (people.survey("anna", "anna-2").live, people.survey("anna", "anna-2").alone) == ((), 1)
    people.notes = {"anna": "", "anna-2": ""}
    assert people.survey("anna", "anna-2").live == ()


def test_a_key_cannot_stand_under_two_names(people: People, temoin: Program) -> None:
    """A trust file in which one key stands twice, to be counted twice, is none."""
    people.says("anna", entry=an_entry())
    path = people.trust("anna")
    plain = json.loads(path.read_text())
    plain["keys"].append({**plain["keys"][0], "note": "ben"})
    path.write_text(json.dumps(plain))
    temoin("registry", "check", str(people.folder), "--trust", str(path)).ended(2, "no trust file")


def test_an_opposite_meaning_withholds_both(people: People) -> None:
    """Two say that a letter accepts and one that it refuses: none of it counts."""
    people.says("anna", "ben", look=a_look())
    people.says("cleo", look=a_look(Says.REFUSED))
    found = people.survey("anna", "ben", "cleo")
    assert (found.looks, found.contradicted) == ((), 1)


def _spoiled(people: People, what: str) -> None:
    """Ben's part of what Anna and Ben say, spoiled in one way."""
    data = live_envelope(FLOW, an_entry(), people.key("ben"))
    plain = json.loads(data)
    match what:
        case "stranger":
            data = live_envelope(FLOW, an_entry(), people.key("mallory"))
        case "another's key id":
            plain["signatures"][0]["keyid"] = people.key("cleo").id
            data = json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
        case "other words":
            said = base64.b64decode(plain["payload"]).replace(b"2026-11", b"2026-12")
            plain["payload"] = base64.b64encode(said).decode()
            data = json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
        case "another kind":
            data = dsse.sign(base64.b64decode(plain["payload"]), dsse.RUN, people.key("ben"))
        case "expired":
            data = live_envelope(FLOW, an_entry(date(2025, 1, 3)), people.key("ben"))
        case "future":
            data = live_envelope(FLOW, an_entry(date(2027, 1, 3)), people.key("ben"))
        case "huge":
            data = b'{"payload":"' + b"A" * LARGEST_BYTES + b'"}'
        case "deep":
            data = dsse.sign(b"x = " + b"[" * 60_000, dsse.LOOKS, people.key("ben"))
        case "traversal":
            data = live_envelope("../../etc/passwd\x1b[2J", an_entry(), people.key("ben"))
        case "personal":
            data = looks_envelope((a_look(lines=(("write to claire@example.org.",),)),), people.key("ben"))
        case "one account's":
            data = looks_envelope((a_look(subject="b" * 64),), people.key("ben"))
        case "named":
            text = looks_text([KeptLook(a_look(by="Claire Dupont"))])
            data = dsse.sign(text.encode(), dsse.LOOKS, people.key("ben"))
        case "link":
            (people.folder.parent / "elsewhere").write_bytes(data)
            (people.folder / f"link{SUFFIX}").symlink_to(people.folder.parent / "elsewhere")
            return
        case "folder":
            (people.folder / f"folder{SUFFIX}").mkdir()
            return
        case "revoked":
            people.changes["ben"] = {"revoked": datetime(2026, 11, 30, tzinfo=UTC)}
        case "given way":
            people.changes["ben"] = {"until": datetime(2026, 10, 1, tzinfo=UTC)}
    people.put(data)


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("stranger", Refusal.STRANGER),
        ("another's key id", Refusal.SIGNATURE),
        ("other words", Refusal.SIGNATURE),
        ("another kind", Refusal.NO_CONTRIBUTION),
        ("expired", Refusal.EXPIRED),
        ("future", Refusal.FUTURE),
        ("huge", Refusal.TOO_LARGE),
        ("deep", Refusal.NO_CONTRIBUTION),
        ("traversal", Refusal.NO_CONTRIBUTION),
        ("personal", Refusal.PERSONAL),
        ("one account's", Refusal.PERSONAL),
        ("named", Refusal.PERSONAL),
        ("link", Refusal.UNREADABLE),
        ("folder", Refusal.UNREADABLE),
        ("revoked", Refusal.REVOKED),
        ("given way", Refusal.REVOKED),
    ],
)
def test_a_spoiled_contribution_is_no_voice(people: People, what: str, why: Refusal) -> None:
    """It is refused with its reason, the rest is read on, and what only one is left to say does not count."""
    people.says("anna", entry=an_entry())
    _spoiled(people, what)
    found = people.survey("anna", "ben", "cleo")
    assert refusals(found) == [why]
    assert (found.live, found.looks) == ((), ())


def test_a_replayed_file_is_no_second_voice(people: People) -> None:
    """The same bytes under other names, and what somebody takes back, stay what they are."""
    people.says("anna", "ben", entry=an_entry())
    data = live_envelope(FLOW, an_entry(), people.key("ben"))
    people.put(data, "once-more")
    assert len(people.survey("anna", "ben").live) == 1
    people.put(withdrawal_envelope(sha256(data), people.key("cleo")))  # not hers to take back
    assert len(people.survey("anna", "ben", "cleo").live) == 1
    people.put(withdrawal_envelope(sha256(data), people.key("ben")))
    found = people.survey("anna", "ben", "cleo")
    assert (found.live, refusals(found)) == ((), [Refusal.WITHDRAWN] * 2)


def _use(people: People, *names: str) -> None:
    found, trust = surveyed(people.folder, people.trust(*names), TODAY)
    use(found, trust, TODAY)
    setup._used.cache_clear()


def test_what_was_taken_back_or_revoked_stays_so(people: People) -> None:
    """A later copy from which a withdrawal was taken out, or a trust file without a revocation, brings nothing back."""
    people.says("anna", "ben", entry=an_entry())
    withdrawal = people.put(
        withdrawal_envelope(sha256(live_envelope(FLOW, an_entry(), people.key("ben"))), people.key("ben"))
    )
    _use(people, "anna", "ben")
    withdrawal.unlink()
    _use(people, "anna", "ben")
    assert used_registry().live == ()
    people.says("cleo", entry=an_entry())
    _use(people, "anna", "ben", "cleo")
    assert len(used_registry().live) == 1
    people.changes["cleo"] = {"revoked": datetime(2026, 11, 30, tzinfo=UTC)}
    _use(people, "anna", "ben", "cleo")
    people.changes.clear()
    _use(people, "anna", "ben", "cleo")
    assert used_registry().live == ()


def test_what_is_used_counts_and_never_strictly(people: People) -> None:
    """A shared comparison has a state of its own, which strict does not take; a look is marked as another's."""
    today = datetime.now(UTC).date()
    flow = known_flows(()).flows[FLOW]
    recent = an_entry(today.replace(day=1), revision=flow.revision)
    assert flow.verification(today).state == "never"
    people.says("anna", "ben", entry=recent)
    people.says("anna", "ben", look=a_look())
    found, trust = surveyed(people.folder, people.trust("anna", "ben"), today)
    use(found, trust, today)
    setup._used.cache_clear()
    flow = known_flows(()).flows[FLOW]
    assert flow.verification(today).state == "shared"  # strict takes `current` alone
    own = replace(flow, verified=(*flow.verified, recent.model_copy(update={"origin": "own"})))
    assert own.verification(today).state == "current"
    late = today + timedelta(days=flow.max_age_days + 31)
    assert flow.verification(late).state == "stale"
    looks = looks_that_count(Settings(config=people.folder.parent / "temoin.toml"))
    assert [(look.id, look.imported) for look in looks] == [(a_look().id, True)]


def test_the_page_gives_commands_that_work(people: People, tmp_path: Path, temoin: Program) -> None:
    """What docs/registry.md says to run ends well, in its order, with a registry that says something."""
    people.says("anna", "ben", entry=an_entry())
    people.trust("anna", "ben").rename(tmp_path / "contributors.json")
    (tmp_path / "temoin.toml").write_text("")
    page = [block.text for block in blocks("sh") if block.page.name == "registry.md"]
    for line in "".join(page).replace("REGISTRY", str(people.folder)).splitlines():
        ended = temoin(*line.split()[1:], piped="y\n")
        assert (line, ended.code) == (line, 0)
    assert registry_folder().is_dir()


def test_the_commands(people: People, tmp_path: Path, temoin: Program) -> None:
    """Empty at first; used after a yes, seen in the list of flows with its origin; contributing shows every byte."""
    folder, trust = str(people.folder), str(people.trust("anna", "ben"))
    temoin("registry", "check", folder).ended(2, "whose contributions")
    temoin("registry", "check", folder, "--trust", trust).ended(0, out=("Counting: 0 looks and 0 comparisons",))
    today = datetime.now(UTC).date().replace(day=1)
    people.says("anna", "ben", entry=an_entry(today, revision=known_flows(()).flows[FLOW].revision))
    temoin("registry", "use", folder, "--trust", trust, piped="n\n").ended(2, "Do you believe these contributors?")
    assert not registry_folder().exists()
    temoin("registry", "use", folder, "--trust", trust, "--yes").ended(0, out=(f"✓ {FLOW}", "anna", "ben"))
    setup._used.cache_clear()
    assert f"{today}" in temoin("flow", "list").out
    assert "a registry" in temoin("flow", "list").out
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "verified.toml").write_text(
        f'[["{FLOW}"]]\nlocale = "fr-FR"\nkind = "profile"\ndate = 2026-11-17\nrevision = "2026-11-25"\n'
        f'evidence = "{"c" * 64}"\n[["{FLOW}"]]\nlocale = "de-DE"\nkind = "profile"\ndate = 2026-11-18\n'
        f'revision = "2026-11-25"\nevidence = "{"d" * 64}"\nstand_in = true\n'
    )
    (tmp_path / "temoin.toml").write_text('flow_paths = ["ours"]\n')
    before = set(people.folder.iterdir())
    refused = temoin("registry", "contribute", folder, piped="n\n")
    assert (refused.code, set(people.folder.iterdir())) == (2, before)
    made = temoin("registry", "contribute", folder, "--yes")
    (new,) = set(people.folder.iterdir()) - before
    assert new.read_text() in made.out
    said = json.loads(dsse.opened(new.read_bytes(), dsse.IN_TOTO).payload)
    assert said["predicate"] == {"kind": "profile", "locale": "fr-FR", "month": "2026-11", "revision": "2026-11-25"}
    assert "2026-11-17" not in made.out
    temoin("registry", "contribute", folder, "--yes").ended(0, "nothing new")
    temoin("registry", "contribute", folder, "--withdraw", "../contributors.json").ended(2, "no such contribution")
    temoin("registry", "contribute", folder, "--withdraw", new.name, "--yes").ended(0, out=("withdrawal",))
    stranger = temoin("registry", "check", folder)
    assert (stranger.code, stranger.out.count("no contributor of the trust file signed it")) == (1, 2)
