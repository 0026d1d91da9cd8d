"""Making bundles without a browser: a made-up result, sealed by the real sealer."""

from __future__ import annotations

import asyncio
import io
import json
import re
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from automation.app.check import write_reports, write_results
from automation.core.mail import InboxDocument
from automation.core.records import Authority, BundleRef
from automation.core.verdicts import Verdict
from automation.evidence.formats import dsse, names
from automation.evidence.formats.ledger import Ledger
from automation.evidence.formats.ledger_line import NO_BUNDLE, read_line
from automation.evidence.formats.names import bag_info, manifest
from automation.evidence.formats.result_file import result_json
from automation.evidence.formats.signed import Subject, moment, read_statement, sha256, sha256_of
from automation.evidence.keys.signing import Keys
from automation.evidence.keys.trust import Trust, pinned
from automation.evidence.write.bag import BundleWriter, Scan
from automation.evidence.write.sealer import Sealer, name_reports, seal_run, token_files
from automation.messaging.keeping import Keeper
from tests.builders import a_document, a_result, a_step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from automation.core.results import Result, RunDocument


def _picture() -> bytes:
    """A small PNG."""
    data = io.BytesIO()
    Image.frombytes("L", (32, 32), bytes(range(256)) * 4).save(data, "PNG")
    return data.getvalue()


PICTURE = _picture()
RUNS = {
    "run-1": {"atelier-facebook": Verdict.NOT_OBJECTED, "paul-facebook": Verdict.REFUSED},
    "run-2": {"atelier-facebook": Verdict.NOT_OBJECTED, "paul-facebook": Verdict.REFUSED},
    "run-3": {"atelier-facebook": Verdict.NOT_OBJECTED},
}
"""Run → account → what its bundle says: a folder as checks leave it."""
MESSAGE = b'{"subject": "Your objection, [e-mail]"}\n'


@dataclass
class Place:
    """An evidence folder with its keys."""

    folder: Path
    authorities: tuple[Authority, ...] = ()

    @property
    def root(self) -> Path:
        """The evidence folder, which holds the ledger."""
        return self.folder / "evidence"

    @property
    def keys(self) -> Keys:
        """The keys that seal here."""
        return Keys(self.folder / "keys")

    @property
    def ledger(self) -> Ledger:
        """The ledger of the evidence folder."""
        return Ledger(self.root)

    @property
    def sealer(self) -> Sealer:
        """What seals here."""
        return Sealer(self.keys, self.authorities, self.ledger, timeout_s=3)

    @property
    def trust(self) -> Trust:
        """Whom to believe: the keys of this place, and its authorities."""
        return self.keys.trust().pinning(map(pinned, self.authorities))

    def trust_file(self) -> Path:
        """The same as a file."""
        path = self.folder / "trust.json"
        path.write_text(self.trust.text())
        return path

    async def bundle(
        self,
        run: str = "run-1",
        account: str = "atelier-facebook",
        *,
        change: Callable[[Result], Result] = lambda result: result,
        files: Mapping[str, bytes] | None = None,
        original: bytes | None = None,
        text: Callable[[str], str] = lambda text: text,
        masks: Mapping[str, int] | None = None,
        scan: Scan | None = None,
    ) -> BundleRef:
        """
        Seal one bundle.

        Args:
            run: the run's folder.
            account: its name.
            change: what to change of the result before it is written.
            files: more files, by path in the payload.
            original: the encrypted, unmasked copy.
            text: what to change of the text of `result.json`.
            masks: of the statement.
            scan: looks for secrets.
        """
        bundle = await BundleWriter.open(self.root / run, account, self.sealer)
        started = datetime.now(UTC)
        picture = bundle.add("pictures/01-form_a.png", PICTURE, "picture", "image/png")
        for path, data in (files or {}).items():
            bundle.add(path, data, "text", "text/plain")
        if original is not None:
            bundle.add_original(original)
        step = a_step(1, "form_a", at=datetime.now(UTC), picture=picture.path)
        result = a_result(
            account, steps=(step,), started_at=started, finished_at=datetime.now(UTC), evidence=bundle.artifacts
        )
        signals = tuple(replace(signal, picture=picture.path) for signal in result.signals)
        result = change(replace(result, bundle=None, signals=signals))
        bundle.add("result.json", text(result_json(result)).encode(), "result", "application/json")
        return await bundle.publish(verdict=result.verdict, outcome=result.outcome, masks=masks, scan=scan)

    def sealed(self, run: str = "run-1", **arguments: object) -> Path:
        """Seal one bundle and return its folder."""
        reference = asyncio.run(self.bundle(run, **arguments))  # type: ignore[arg-type]
        return self.root / run / reference.path

    def copy_to(self, folder: Path) -> Place:
        """The same place elsewhere, to be spoiled."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Place(folder, self.authorities)

    def bundles(self) -> list[Path]:
        """All bundles, in the order of the ledger."""
        lines = [json.loads(line) for line in self.ledger.path.read_text().splitlines()]
        return [self.root / line["bundle"] for line in lines if line["outcome"] not in NO_BUNDLE]

    def run(self, run: str, verdicts: Mapping[str, Verdict], *, sealed: bool = True) -> RunDocument:
        """
        A whole run as `temoin check` leaves it: a bundle an account, the results, the reports.

        Args:
            run: its folder.
            verdicts: account → what its bundle says.
            sealed: whether the run came to its end.
        """
        results = []
        for account, verdict in verdicts.items():
            told: list[Result] = []

            def change(result: Result, verdict: Verdict = verdict, told: list[Result] = told) -> Result:
                fresh = a_result(result.account, verdict)
                kept = {
                    name: getattr(result, name)
                    for name in ("signals", "steps", "started_at", "finished_at", "evidence")
                }
                told.append(replace(fresh, **kept, bundle=None))
                return told[-1]

            reference = asyncio.run(self.bundle(run, account, change=change))
            results.append(replace(told[0], bundle=reference))
        output = self.root / run
        document = a_document(
            *results, id=run, output=str(output), started_at=results[0].started_at, finished_at=datetime.now(UTC)
        )
        write_results(document)
        write_reports(document, {}, "en")
        if sealed:
            seal_run(output, self.sealer)
        else:
            name_reports(output)
        return document

    def digest(self, path: Path) -> str:
        """SHA-256 of a file."""
        return sha256_of(path)

    def stamp_again(self, folder: Path) -> None:
        """New closing tokens of the real authorities in the place of the old ones."""
        for path in (folder / "seal").glob("close-*"):
            path.unlink()
        envelope = (folder / names.ENVELOPE).read_bytes()
        for path, data in token_files(self.sealer.stamps(envelope), names.closing_token).items():
            (folder / path).write_bytes(data)

    def list_again(self, folder: Path) -> None:
        """Make the result's list of its evidence fit what lies in the folder; it has to be signed again then."""
        path = folder / names.RESULT
        plain = json.loads(path.read_text())
        known = {one["path"]: one for one in plain["evidence"]}
        files = [found for found in sorted((folder / names.PAYLOAD).rglob("*")) if found.is_file() and found != path]
        listed = {found.relative_to(folder).as_posix(): sha256_of(found) for found in files}
        usual = plain["evidence"][0]
        plain["evidence"] = [{**known.get(name, usual), "path": name, "sha256": d} for name, d in listed.items()]
        path.write_text(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")

    def sign_again(self, folder: Path, *, bag: bytes | None = None, **changes: object) -> None:
        """
        Make manifests, statement and signature fit what lies in the folder, with the key of this place.

        Args:
            folder: the bundle.
            bag: what `bag-info.txt` is to say; None makes it fit.
            changes: what else the statement is to say.
        """
        old = read_statement((folder / names.STATEMENT).read_bytes())
        predicate = old.predicate.model_copy(update=changes)
        payload = [p.relative_to(folder).as_posix() for p in (folder / "data").rglob("*") if p.is_file()]
        size_bytes = sum((folder / path).stat().st_size for path in payload)
        info = bag_info(predicate.bundle, predicate.opened_at, size_bytes, len(payload))
        (folder / names.BAG_INFO).write_bytes(info if bag is None else bag)
        (folder / names.MANIFEST).write_bytes(manifest({p: sha256_of(folder / p) for p in payload}))
        tags = (names.BAGIT, names.BAG_INFO, names.MANIFEST)
        (folder / names.TAG_MANIFEST).write_bytes(manifest({p: sha256_of(folder / p) for p in tags}))
        signed = (names.MANIFEST, names.TAG_MANIFEST, names.SUBJECTS[old.predicate.kind])
        subjects = tuple(Subject(name=n, digest={"sha256": sha256((folder / n).read_bytes())}) for n in signed)
        payload_bytes = old.model_copy(update={"subject": subjects, "predicate": predicate}).encoded()
        key = self.keys.signing()
        (folder / names.STATEMENT).write_bytes(payload_bytes)
        (folder / names.ENVELOPE).write_bytes(dsse.sign(payload_bytes, dsse.IN_TOTO, key))
        (folder / names.SIGNER).write_text(key.public)


def sealed_without_its_line(place: Place, run: str) -> None:
    """Seal the last run again as if it had been so from the first: no line tells of the seal before."""
    lines = place.ledger.path.read_text().splitlines(keepends=True)
    place.ledger.path.write_text("".join(lines[:-1]))
    place.ledger._sign(read_line(lines[-2].rstrip("\n").encode()), place.keys.signing())
    seal_run(place.root / run, place.sealer)


def moments_moved(folder: Path, by: timedelta) -> None:
    """Move every moment in a bundle's result; it has to be signed again then."""

    def moved(found: re.Match[str]) -> str:
        return moment(datetime.fromisoformat(found[0].strip('"')) + by).join('""')

    path = folder / names.RESULT
    path.write_text(re.sub(r'"20\d\d-\d\d-\d\dT[\d:.]+Z"', moved, path.read_text()))


def an_hour(earlier: datetime) -> datetime:
    """The moment an hour before."""
    return earlier - timedelta(hours=1)


def a_look(place: Place, number: int = 1, **changes: object) -> Path:
    """Seal a look that found one message; its bundle."""
    opened = place.sealer.open()
    at = datetime.now(UTC)
    document = InboxDocument(
        id=f"inbox-{number}", started_at=at, finished_at=at, temoin="0", since=at, accounts=("atelier-facebook",),
        folders=(), answers=(), unanswered=("atelier-facebook",), exit_code=3, output=str(place.root / f"inbox-{number}"),
    )  # fmt: skip
    kept = Keeper(place.sealer, ("a-secret-of-ours",)).keep(
        replace(document, **changes), {"message-01.json": MESSAGE}, opened
    )
    assert kept.bundle is not None
    return Path(kept.output) / kept.bundle.path
