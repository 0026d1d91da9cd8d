"""Builders with defaults: say only what a test is about, get the rest true to life."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from automation.core.accounts import Account
from automation.core.flows import FlowGuide
from automation.core.observations import (
    ExposureItem,
    Field,
    Form,
    Probe,
    ProbeOutcome,
    Step,
)
from automation.core.records import Artifact, BundleRef, Environment, GuardRecord, RequestRecord, RuleCount
from automation.core.results import Result, Run, RunDocument, Timing, Verified, exit_code_of, outcome_of
from automation.core.signals import Signal, SignalName, Wording
from automation.core.verdicts import Reason, Verdict
from automation.evidence import Keys, Ledger, Sealer
from automation.session.means import Means
from automation.session.vault import Cooldown, Vault
from automation.session.vault_keys import new_key, open_key

A_MOMENT = datetime(2026, 11, 25, 7, 30, 12, 345678, tzinfo=UTC)
A_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
FORM_A = "https://www.facebook.com/help/contact/6359191084165019"
FORM_B = "https://www.facebook.com/help/contact/712876720715583"


def an_account(name: str = "atelier-facebook", **changes: Any) -> Account:
    """A profile on Facebook whose owner wants an objection."""
    account = Account(name, "facebook.ai_objection", "Atelier Dupont", "100080000000000", expect=Verdict.OBJECTED)
    return replace(account, **changes)


def a_signal(name: SignalName = SignalName.FORM_OPEN, **changes: Any) -> Signal:
    """The open form, as read on its page."""
    return replace(name.seen("form_a", quote="Submit"), **changes)


def a_field(label: str = "E-mail", **changes: Any) -> Field:
    """A required field for an e-mail address, filled in by the service."""
    return replace(Field(label, "email", required=True, filled=True, role="email"), **changes)


def a_form(**changes: Any) -> Form:
    """The European form of 2025: an e-mail address and an optional text."""
    form = Form(
        surface="form_a",
        form_id="6359191084165019",
        heading="Object to your information being used for AI at Meta",
        fields=(
            a_field(),
            a_field("How this impacts you", kind="textarea", required=False, filled=False, role="reason"),
        ),
        submit="Submit",
        submit_enabled=True,
        shape="eu_2025",
        fingerprint=A_DIGEST,
        dom="client",
    )
    return replace(form, **changes)


def a_probe(**changes: Any) -> Probe:
    """The first address of the form, which answered with it."""
    return replace(Probe("form_a", FORM_A, FORM_A, (), 200, ProbeOutcome.FORM), **changes)


def an_exposure(**changes: Any) -> ExposureItem:
    """New posts that everybody sees."""
    return replace(ExposureItem("default_audience", "Public", "shown", "audience"), **changes)


def a_step(number: int = 1, name: str = "home", **changes: Any) -> Step:
    """A step whose picture has the name that the bundle gives it."""
    step = Step(
        number=number,
        name=name,
        surface=name,
        url=f"https://www.facebook.com/{'' if name == 'home' else name}",
        at=A_MOMENT + timedelta(seconds=3 * number),
        picture=f"pictures/{number:02d}-{name}.png",
        status=200,
        locale="en-GB",
        seconds=1.2,
    )
    return replace(step, **changes)


def an_artifact(path: str = "result.json", **changes: Any) -> Artifact:
    """One file of the evidence folder; `.png` files are pictures."""
    picture = path.endswith(".png")
    artifact = Artifact(
        path=path,
        kind="picture" if picture else path.removesuffix(".json"),
        media_type="image/png" if picture else "application/json",
        sha256=A_DIGEST,
        size_bytes=48_213 if picture else 5_120,
        taken_at=A_MOMENT,
    )
    return replace(artifact, **changes)


def a_guard_record(**changes: Any) -> GuardRecord:
    """A guard that let reads through and stopped telemetry and one write."""
    record = GuardRecord(
        writes_let_through=0,
        sign_in_requests=0,
        allowed=(RuleCount("check", "get", 212), RuleCount("check", "operation", 18)),
        blocked=(RuleCount("check", "telemetry", 41), RuleCount("check", "write", 1)),
        requests=(
            RequestRecord("check", "POST", "www.facebook.com", "/ajax/bz", "telemetry", allowed=False, count=41),
        ),
        self_test="passed",
        phases=("check",),
    )
    return replace(record, **changes)


def an_environment(**changes: Any) -> Environment:
    """A headless Chromium on Linux, against the service itself."""
    environment = Environment(
        temoin="0.1.0",
        python="3.11.9",
        system="Linux 6.8 x86_64",
        browser="Chromium 156.0.7204.15",
        browser_path="/usr/bin/chromium",
        browser_source="system",
        arguments=("--headless=new", "--disable-extensions"),
        sandbox=True,
        viewport="1280×900 at scale 1",
        time_zone="Europe/Paris",
        proxy="none",
        stand_in=False,
    )
    return replace(environment, **changes)


def a_result(account: str = "atelier-facebook", verdict: Verdict = Verdict.NOT_OBJECTED, **changes: Any) -> Result:
    """
    The answer for one account: by default an open form and nothing filed, where an objection is wanted.

    A `reason` in the changes decides the verdict; outcome, sentence and next step follow from both.
    """
    reason: Reason | None = changes.pop("reason", None)
    verdict = reason.verdict if reason else verdict
    expect = changes.pop("expect", Verdict.OBJECTED)
    steps = (a_step(1, "home"), a_step(2, "form_a"), a_step(3, "support_inbox"))
    key = changes.pop("because_key", reason.value if reason else _KEYS.get(verdict, verdict.value))
    result = Result(
        account=account,
        owner="Atelier Dupont",
        kind="profile",
        page=None,
        flow="facebook.ai_objection",
        flow_revision="2026-11-25",
        flow_verified=Verified("current", "2026-11-02", 90),
        subject=A_DIGEST[::-1],
        verdict=verdict,
        reason=reason,
        because=reason.value if reason else "The objection form is open.",
        because_key=key,
        assumed_words=False,
        missing=(),
        next_step=reason.value if reason else verdict.value,
        expect=expect,
        outcome=outcome_of(verdict, expect),
        locale="en-GB",
        signals=(a_signal(picture="pictures/02-form_a.png", locale="en-GB", wording=Wording.SOURCED),),
        form=a_form() if verdict is Verdict.NOT_OBJECTED else None,
        probes=(a_probe(),),
        exposure=(an_exposure(),),
        steps=steps,
        guard=a_guard_record(),
        environment=an_environment(),
        bundle=BundleRef(account, A_DIGEST),
        evidence=(*(an_artifact(step.picture or "") for step in steps), an_artifact("result.json")),
        timings=(Timing("read", 9.4),),
        started_at=A_MOMENT,
        finished_at=A_MOMENT + timedelta(seconds=14),
    )
    return replace(result, **changes)


def a_run(**changes: Any) -> Run:
    """A run of twelve minutes that ended as wanted."""
    run = Run(
        id="2026-11-25T073012Z-4f1c",
        started_at=A_MOMENT,
        finished_at=A_MOMENT + timedelta(minutes=12),
        temoin="0.1.0",
        strict=False,
        exit_code=0,
        output="temoin-evidence/2026-11-25T073012Z",
        stand_in=False,
    )
    return replace(run, **changes)


def a_document(*results: Result, **changes: Any) -> RunDocument:
    """A run with these results, or with one; the exit code follows from them unless it is given."""
    given: Iterable[Result] = changes.pop("results", results or (a_result(),))
    kept = tuple(given)
    changes.setdefault("exit_code", int(exit_code_of(kept)))
    return RunDocument(run=a_run(**changes), results=kept)


def a_guide(**changes: Any) -> FlowGuide:
    """What Facebook's flow tells its readers, shortened."""
    guide = FlowGuide(
        id="facebook.ai_objection",
        title={
            "en": "Facebook: objection to AI training",
            "fr": "Facebook : opposition à l'entraînement de l'IA",
        },
        service="Facebook",
        form_urls=(FORM_A, FORM_B),
        states={
            "form_open_nothing_filed": {
                "en": "The objection form is open, and the Support Inbox holds no answer to an objection.",
                "fr": "Le formulaire d'opposition est ouvert, et l'espace d'assistance ne contient aucune réponse.",
            },
            "reply_accepted": {
                "en": "Meta answered in the Support Inbox that it honours the objection.",
                "fr": "Meta a répondu dans l'espace d'assistance qu'elle honore l'opposition.",
            },
        },
        remedies={
            "not_objected": {
                "en": (
                    "Sign in with this account and open the form at the address below.",
                    "Send the form yourself, and keep the confirmation.",
                ),
                "fr": (
                    "Connectez-vous avec ce compte et ouvrez le formulaire à l'adresse ci-dessous.",
                    "Envoyez vous-même le formulaire, et conservez la confirmation.",
                ),
            },
        },
        reason_text={
            "en": "I exercise my right to object to the processing of my personal data for this purpose.",
            "fr": "J'exerce mon droit d'opposition au traitement de mes données personnelles à cette fin.",
            "de": "Ich übe mein Recht auf Widerspruch aus.",
        },
        not_covered={
            "en": ("Content already used stays in the models that exist.",),
            "fr": ("Le contenu déjà utilisé reste dans les modèles existants.",),
        },
        surfaces={
            "home": {"en": "home page", "fr": "page d'accueil"},
            "settings_menu": {"en": "settings menu", "fr": "menu des paramètres"},
            "form_a": {"en": "objection form, first address", "fr": "formulaire d'opposition, première adresse"},
            "support_inbox": {"en": "support inbox", "fr": "espace d'assistance"},
        },
        shapes={
            "eu_2025": {
                "en": "shape of 2025: e-mail address, reason optional",
                "fr": "forme de 2025 : adresse e-mail, motif facultatif",
            },
        },
        exposure={
            "default_audience": {"en": "Who sees new posts", "fr": "Qui voit les nouvelles publications"},
            "region": {"en": "Country", "fr": "Pays"},
        },
        words={
            "settings_menu": {"en": "Settings & privacy", "fr": "Paramètres et confidentialité"},
            "privacy_centre": {"en": "Privacy Centre", "fr": "Centre de confidentialité"},
            "ai_topic": {"en": "AI at Meta"},
        },
    )
    return replace(guide, **changes)


_KEYS = {Verdict.NOT_OBJECTED: "form_open_nothing_filed", Verdict.OBJECTED: "reply_accepted"}


def some_means(data: Path, **changes: Any) -> Means:
    """Sessions, failed sign-ins and a key of their own, in a folder of the test."""
    secret, _ = new_key()
    return replace(Means(Vault(data / "sessions", open_key(SecretStr(secret))), Cooldown(data / "cooldown")), **changes)


def a_sealer(evidence: Path, data: Path) -> Sealer:
    """Seals into an evidence folder with a key of the test's own, without time stamps."""
    return Sealer(Keys(data / "keys"), (), Ledger(evidence))
