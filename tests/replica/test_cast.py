"""The made-up accounts and the words they read: what they declare, where it comes from, and what counts as a write."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.authoring.replica import Expectation, cast, load_site
from automation.authoring.replica.actors import Scenario, actors_of
from automation.authoring.replica.site import Network, Rule, WriteKind, load_words
from automation.core.accounts import AccountKind
from automation.core.errors import FlowError
from automation.core.verdicts import Reason, Verdict

SERVICES = ["facebook", "instagram"]


ACTORS = [actor for service in SERVICES for actor in cast(service)]


def test_an_expectation_is_a_real_answer() -> None:
    """Each expected answer is one that Témoin can give, and its reason belongs to its verdict."""
    for actor in ACTORS:
        expected = actor.expected
        for text in (f"{expected.verdict}/{expected.reason or ''}", *expected.also):
            verdict, _, reason = text.partition("/")
            assert verdict in set(Verdict), actor
            assert not reason or Reason(reason).verdict == verdict, actor


def test_a_service_may_have_more_settings_than_there_are_names() -> None:
    """Names never run out and never repeat, so a stand-in may show as many settings as its service has."""
    expected = {"en": Expectation("objected")}
    title = {"en": "Off", "fr": "Inactif"}
    scenarios = [Scenario(f"off_{number}", "acme.ai_training", title, {}, expected) for number in range(3000)]
    names = [actor.name for actor in actors_of("acme", scenarios)]
    assert len(set(names)) == len(names) == 3000


def test_the_demo_shows_everything() -> None:
    """The demo has all seven verdicts, English and French, both services, and at least a dozen accounts."""
    shown = [actor for actor in ACTORS if actor.demo]
    assert len(shown) >= 12
    assert {actor.verdict for actor in shown} == set(Verdict)
    assert {actor.locale.partition("-")[0] for actor in shown} >= {"en", "fr"}
    assert {actor.service for actor in shown} == set(SERVICES)
    assert all(actor.page for actor in shown if actor.kind == AccountKind.PAGE_ADMIN)
    assert any(actor.kind == AccountKind.PAGE_ADMIN for actor in shown)
    assert ("accepted", "fr-FR", "unknown", "locale_uncovered") in {
        (actor.scenario, actor.locale, actor.verdict, actor.reason) for actor in shown
    }


def test_objected_only_where_acceptance_is_known() -> None:
    """No account is expected to be `objected` in a language whose acceptance no source gives."""
    assert {actor.locale.partition("-")[0] for actor in ACTORS if actor.verdict == "objected"} == {"en", "es", "it"}


@pytest.mark.parametrize("service", SERVICES)
def test_accounts_can_be_told_apart(service: str) -> None:
    """No two accounts of a service share a name, an id or a session."""
    actors = cast(service)
    for values in (
        [actor.username for actor in actors],
        [actor.identity for actor in actors],
        [actor.token("session") for actor in actors],
    ):
        assert len(set(values)) == len(actors)


def test_a_session_outlives_the_replica() -> None:
    """An account's session is the same after its data is read anew, so a saved one stays good."""
    first, second = (load_site("facebook").cast[0] for _ in range(2))
    assert first.token("session") == second.token("session")
    assert first.password == second.password


def test_secrets_do_not_print() -> None:
    """Neither password nor one-time secret stands in an account's text."""
    actor = next(actor for actor in ACTORS if actor.totp_secret)
    assert actor.password not in repr(actor)
    assert str(actor.totp_secret) not in repr(actor)


@pytest.mark.parametrize(
    ("verdict", "reason", "right"),
    [
        ("unknown", "ambiguous", True),
        ("unknown", "timeout", False),
        ("pending", None, True),
        ("needs_human", "blocked", True),
        ("needs_human", "challenge", False),
    ],
)
def test_which_answers_are_right(verdict: str, reason: str | None, right: bool) -> None:
    """The expected answer is right, so is a listed other one, and nothing else."""
    expected = Expectation("unknown", "ambiguous", ("pending", "needs_human/blocked"))
    assert expected.allows(verdict, reason) is right


def test_options_are_checked() -> None:
    """Another generation of the login page is one word; a word that means nothing is refused."""
    site = load_site("facebook")
    assert site.having(login="2024").options["login"] == "2024"
    assert site.options["login"] == "2026"
    with pytest.raises(FlowError, match="no option"):
        site.having(logon="2024")


def test_a_service_without_replica_is_named() -> None:
    """Asking for a service that has no stand-in says which and where it would be."""
    with pytest.raises(FlowError, match=r"flows/nowhere/replica/site\.toml"):
        load_site("nowhere")


@pytest.mark.parametrize("service", SERVICES)
def test_every_word_says_where_it_is_from(service: str) -> None:
    """Each text names a section of the facts, or says that it is made up."""
    words = load_site(service).words
    for key, entry in words.entries.items():
        for locale, word in entry.items():
            assert word.text.strip(), (key, locale)
            assert word.source.startswith(("facts ", "made up")), (key, locale, word.source)


@pytest.mark.parametrize("service", SERVICES)
def test_french_has_no_sourced_acceptance(service: str) -> None:
    """An acceptance is sourced in English, Spanish and Italian alone; everywhere else it is made up."""
    entry = load_site(service).words.entries["reply_accepted"]
    assert {locale for locale, word in entry.items() if not word.made_up} == {"en", "en-US", "es", "it"}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("key", ["reply_refused", "not_offered_title", "reply_review"])
def test_words_that_nobody_has_seen_are_marked(service: str, key: str) -> None:
    """No refusal, review or "not available" text is public, so each of ours says that it is made up."""
    assert all(word.made_up for word in load_site(service).words.entries[key].values())


@pytest.mark.parametrize("service", SERVICES)
def test_cookie_dialogs_in_nineteen_languages(service: str) -> None:
    """Both answers of the cookie dialog are there in all nineteen languages that the facts list."""
    words = load_site(service).words
    for key in ("cookie_allow", "cookie_decline"):
        assert len(words.entries[key]) == 19
        assert not any(word.made_up for word in words.entries[key].values())


def test_a_word_without_source_is_refused(tmp_path: Path) -> None:
    """A text that does not say where it is from stops the replica from loading, and is named."""
    file = tmp_path / "words.toml"
    file.write_text('[form_title]\nen = "Object"\n', encoding="utf-8")
    with pytest.raises(FlowError, match=r"\[form_title\] en has no source"):
        load_words([file])


def test_locale_then_language_then_fallback(tmp_path: Path) -> None:
    """A text is looked up by exact locale, then by language, then in the entry's own fallback language."""
    file = tmp_path / "words.toml"
    file.write_text(
        '[a]\nsource = "facts"\nfallback = "en"\nen = "one"\nen-US = "two"\nfr = "trois"\n'
        '[b]\nsource = "facts"\nen = "one"\n',
        encoding="utf-8",
    )
    words = load_words([file])
    assert [words.text("a", tag) for tag in ("en-US", "en-GB", "fr-CA", "hu-HU")] == ["two", "one", "trois", "one"]
    with pytest.raises(FlowError, match="'b' say nothing in fr-FR"):
        words.text("b", "fr-FR")


NOTHING: frozenset[str] = frozenset()


@pytest.mark.parametrize("service", ["facebook", "instagram"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_what_is_on_no_list_is_a_write(service: str, method: str) -> None:
    """A method other than GET and HEAD counts as a write unless the replica's own list says that it reads."""
    network = load_site(service).network
    assert network.kind(method, "/somewhere/new/", NOTHING, "", signed_in=True) is WriteKind.WRITE


@pytest.mark.parametrize(
    ("path", "operation", "kind"),
    [
        ("/api/graphql/", "CometSupportFormQuery", WriteKind.READ),
        ("/api/graphql", "CometIXSupportInboxHomeScreenQuery", WriteKind.READ),
        ("/ajax/bulk-route-definitions/", "", WriteKind.READ),
        ("/api/graphql/", "useCometSupportFormSubmitMutation", WriteKind.WRITE),
        ("/api/graphql/", "PublicEventCometRSVPMutationQuery", WriteKind.WRITE),
        ("/api/graphql/", "", WriteKind.WRITE),
        ("/ajax/bz", "", WriteKind.WRITE),
        ("/ajax/help/contact/submit/page", "", WriteKind.WRITE),
    ],
)
def test_reads_sent_as_post(path: str, operation: str, kind: WriteKind) -> None:
    """Named reads do not count; mutations, telemetry and calls without a name do."""
    network = load_site("facebook").network
    assert network.kind("POST", path, NOTHING, operation, signed_in=True) is kind


@pytest.mark.parametrize(
    ("service", "path", "query", "kind"),
    [
        ("facebook", "/support/", NOTHING, WriteKind.PAGE),
        ("facebook", "/logout.php", NOTHING, WriteKind.WRITE),
        ("facebook", "/support/", frozenset({"action"}), WriteKind.WRITE),
        ("facebook", "/ajax/nux/12/seen/", NOTHING, WriteKind.WRITE),
        ("instagram", "/accounts/logout/", NOTHING, WriteKind.WRITE),
        ("instagram", "/api/v1/web/restrict_action/restrict/", NOTHING, WriteKind.WRITE),
        ("instagram", "/accounts/edit/", NOTHING, WriteKind.PAGE),
    ],
)
def test_a_get_that_changes_something_is_a_write(
    service: str, path: str, query: frozenset[str], kind: WriteKind
) -> None:
    """Signing out, `?action=` links and the like count although they are sent as GET."""
    assert load_site(service).network.kind("GET", path, query, "", signed_in=True) is kind


def test_signing_in_is_counted_apart_only_before_there_is_a_session() -> None:
    """The same request is signing in without a session and a write with one."""
    network = Network(sign_in=(Rule("/login"),))
    assert network.kind("POST", "/login/", NOTHING, "", signed_in=False) is WriteKind.SIGN_IN
    assert network.kind("POST", "/login/", NOTHING, "", signed_in=True) is WriteKind.WRITE
