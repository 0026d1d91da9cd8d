"""What may leave, by the policies that are shipped: a table of requests, and properties of any request."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from automation.guard import Allow, GuardPolicy, Phase, Refuse, Request, decide
from tests.guard.builders import FORM, GRAPHQL, JSON, a_request, an_operation, site_policy

FACEBOOK = "https://www.facebook.com"
INSTAGRAM = "https://www.instagram.com"
SUBMIT = "useCometSupportFormSubmitMutation"
UTF_16 = {"content-type": f"{FORM['content-type']}; charset=utf-16"}
TEXT = {"content-type": "text/plain"}
NAME = "fb_api_req_friendly_name"


def outcome(request: Request, phase: Phase = Phase.CHECK, service: str = "facebook") -> str:
    """The rule that lets it through, or `no: ` and the reason."""
    decision = decide(site_policy(service), phase, request)
    return decision.rule if isinstance(decision, Allow) else f"no: {decision.reason}"


def graphql(body: bytes | str | None, headers: dict[str, str] = FORM) -> Request:
    """A request to the GraphQL endpoint with exactly this body."""
    return a_request("POST", GRAPHQL, body, headers=headers)


def as_json(value: object) -> Request:
    """The same with a JSON body; a text is taken as it is."""
    return graphql(value if isinstance(value, str) else json.dumps(value), JSON)


READS = [
    ("GET", f"{FACEBOOK}/help/contact/6359191084165019", "get"),
    ("GET", "https://fr-fr.facebook.com/help/contact/712876720715583?locale=fr_FR", "get"),
    ("GET", "https://help.instagram.com/contact/233964459562201", "get"),
    ("GET", "https://help.meta.com/support/privacy/", "get"),
    ("GET", f"{FACEBOOK}/support/", "get"),
    ("GET", f"{FACEBOOK}/settings/?tab=privacy", "get"),
    ("GET", f"{FACEBOOK}/ajax/bootloader-endpoint/?modules=A&__a=1&jazoest=2&fb_dtsg_ag=x", "get"),
    ("GET", f"{FACEBOOK}/checkpoint/disabled", "get"),
    ("GET", f"{FACEBOOK}/login/?next=%2Fhelp%2Fcontact%2F1", "get"),
    ("GET", "https://static.xx.fbcdn.net/rsrc.php/v3/submit_logout.js?action=1", "get"),
    ("GET", "https://scontent.xx.fbcdn.net/v/t39/1.jpg", "get"),
    ("HEAD", f"{FACEBOOK}/", "get"),
    ("GET", "data:image/png,x", "local"),
    ("GET", "blob:https://www.facebook.com/1", "local"),
]
REFUSED = [
    ("GET", "https://example.org/", "host_not_listed"),
    ("GET", "https://facebook.com.example.org/", "host_not_listed"),
    ("GET", "https://notfacebook.com/", "host_not_listed"),
    ("GET", f"{FACEBOOK}:8443/", "host_not_listed"),
    ("GET", "http://www.facebook.com/", "not_https"),
    ("GET", "ftp://www.facebook.com/", "not_https"),
    ("GET", "chrome://settings/", "not_https"),
    ("GET", "wss://gateway.facebook.com/ws/realtime", "socket"),
    ("GET", f"{FACEBOOK}/tr/?id=1", "telemetry"),
    ("POST", f"{FACEBOOK}/ajax/bz?a=1", "telemetry"),
    ("POST", f"{FACEBOOK}/ajax/bnzai", "telemetry"),
    ("POST", f"{FACEBOOK}/AJAX/relay-ef/", "telemetry"),
    ("POST", f"{FACEBOOK}/ajax/webstorage/process_keys/?state=1", "telemetry"),
    ("POST", "https://graph.instagram.com/logging_client_events", "telemetry"),
    ("GET", f"{FACEBOOK}/logout.php?h=1", "get_that_writes"),
    ("GET", f"{FACEBOOK}//logout.php", "get_that_writes"),
    ("GET", f"{FACEBOOK}/x/%4Cogout", "get_that_writes"),
    ("GET", f"{FACEBOOK}/x%2Flogout", "odd_path"),
    ("GET", f"{FACEBOOK}/confirmemail.php?e=1", "get_that_writes"),
    ("GET", f"{FACEBOOK}/email/unsubscribe/?k=1", "get_that_writes"),
    ("GET", f"{FACEBOOK}/settings/?action=off", "get_that_writes"),
    ("GET", f"{FACEBOOK}/settings/?%61ction=off", "get_that_writes"),
    ("GET", f"{FACEBOOK}/help/contact/submit/page?reason=x", "get_that_writes"),
    ("GET", f"{FACEBOOK}/help/contact/1?fb_dtsg=token&reason=x", "get_that_writes"),
    ("GET", f"{FACEBOOK}/?privacy_mutation_token=x", "get_that_writes"),
    ("GET", f"{FACEBOOK}/ajax/nux/1/seen/", "get_that_writes"),
    ("GET", f"{GRAPHQL}?doc_id=1", "get_with_operation"),
    ("GET", f"{GRAPHQL}?fb%5Fapi_req_friendly_name=AQuery", "get_with_operation"),
    ("GET", f"{FACEBOOK}/?_method=delete", "method_override"),
    ("GET", "https://graph.facebook.com/me?method=POST", "method_override"),
    ("OPTIONS", GRAPHQL, "preflight"),
    ("PUT", f"{FACEBOOK}/", "write"),
    ("DELETE", f"{FACEBOOK}/", "write"),
    ("PURGE", f"{FACEBOOK}/", "write"),
    ("get", f"{FACEBOOK}/", "write"),
    ("POST", f"{FACEBOOK}/", "write"),
    ("POST", f"{FACEBOOK}/ajax/help/contact/submit/page", "write"),
    ("POST", f"{FACEBOOK}/ajax/nux/1/seen/", "write"),
    ("POST", f"{INSTAGRAM}/api/v1/web/accounts/set_private/", "write"),
    ("POST", f"{FACEBOOK}/ajax/navigation/..%2Fhelp", "odd_path"),
    ("POST", f"{FACEBOOK}//api/graphql/", "odd_path"),
    ("POST", f"{FACEBOOK}/api/graphql/extra", "write"),
    ("POST", "https://static.xx.fbcdn.net/api/graphql/", "write"),
]


@pytest.mark.parametrize(("method", "url", "rule"), READS)
@pytest.mark.parametrize("phase", Phase)
def test_reads_pass_in_every_phase(method: str, url: str, rule: str, phase: Phase) -> None:
    """Pages, scripts and pictures of listed hosts are let through, whatever the phase."""
    assert outcome(a_request(method, url), phase) == rule


@pytest.mark.parametrize(("method", "url", "reason"), REFUSED)
def test_refused_in_the_check_phase(method: str, url: str, reason: str) -> None:
    """What is not named stays, and the reason says why."""
    assert outcome(a_request(method, url)) == f"no: {reason}"


NAMED = [
    (an_operation("CometSupportFormQuery"), "operation"),
    (an_operation("CometSupportFormQuery", headers={"x-fb-friendly-name": "CometSupportFormQuery"}), "operation"),
    (an_operation("SupportInboxMainContainerQuery", url="https://accountscenter.meta.com/api/graphql/"), "operation"),
    (an_operation("CometHomeContactChannels_refetchable"), "operation"),
    (an_operation("AQuery", url=f"{INSTAGRAM}/graphql/query"), "operation"),
    (as_json({NAME: "AQuery", "doc_id": 1}), "operation"),
    (as_json([{NAME: "AQuery"}, {NAME: "BQuery"}]), "operation"),
    (a_request("POST", f"{FACEBOOK}/ajax/navigation/", "route=%2Fsupport%2F", headers=FORM), "read_path"),
    (a_request("POST", f"{FACEBOOK}/ajax/bulk-route-definitions/", "a=1&b=2", headers=FORM), "read_path"),
    (a_request("POST", f"{FACEBOOK}/ajax/route-definition/"), "read_path"),
    (an_operation(SUBMIT), "no: operation_mutation"),
    (an_operation("CustomSupportFormInnerSubmitMutation"), "no: operation_mutation"),
    (an_operation("UpdateUserLastActiveMutation"), "no: operation_mutation"),
    (an_operation("CometNotificationsUpdateSeenStateMutation"), "no: operation_mutation"),
    (an_operation("PublicEventCometRSVPMutationQuery"), "no: operation_mutation"),
    (an_operation("eventRsvpmutationQuery"), "no: operation_mutation"),
    (an_operation("GlobalSupportFormFieldValiadtionQuery"), "no: operation_acts"),
    (an_operation("SomethingNobodyKnows"), "no: operation_unknown"),
    (an_operation("SomeLiveSubscription"), "no: operation_subscription"),
    (an_operation("aquery"), "no: operation_unknown"),
    (an_operation("AQuery", doc_id="9817279538349938"), "no: operation_mutation"),
    (an_operation(), "no: operation_unnamed"),
    (an_operation("AQuery", "BQuery"), "no: unparsable_body"),
    (an_operation("AQuery", SUBMIT), "no: unparsable_body"),
    (an_operation("AQuery\n"), "no: unparsable_body"),
    (an_operation("A Query"), "no: unparsable_body"),
    (an_operation("AQuery", q="mutation { a }"), "no: operation_as_text"),
    (an_operation("AQuery", headers={"x-fb-friendly-name": SUBMIT}), "no: operation_mismatch"),
    (an_operation("AQuery", headers={"x-http-method-override": "PUT"}), "no: method_override"),
    (an_operation("AQuery", _method="put"), "no: method_override"),
    (an_operation("AQuery", headers={"content-encoding": "gzip"}), "no: unparsable_body"),
    (an_operation("AQuery", headers=TEXT), "no: unparsable_body"),
    (an_operation("AQuery", headers=UTF_16), "no: unparsable_body"),
    (an_operation("AQuery", url=f"{GRAPHQL}?{NAME}=AQuery"), "operation"),
    (an_operation("AQuery", url=f"{GRAPHQL}?{NAME}=BQuery"), "no: operation_mismatch"),
    (an_operation("AQuery", headers={"x-original-url": "/logout.php"}), "no: address_override"),
    (graphql(f"{NAME}=AQuery;{NAME}={SUBMIT}"), "no: unparsable_body"),
    (graphql(f"{NAME}=AQuery&{NAME}[]={SUBMIT}"), "no: unparsable_body"),
    (graphql(f"{NAME}=AQuery&fb.api_req.friendly_name={SUBMIT}"), "no: unparsable_body"),
    (graphql(f"{NAME}=AQuery&doc_id=1&doc_id=2"), "no: unparsable_body"),
    (graphql(b"\xff\xfe"), "no: unparsable_body"),
    (graphql(b""), "no: unparsable_body"),
    (graphql(None), "no: unparsable_body"),
    (graphql(f"{NAME}=AQuery", headers={}), "no: unparsable_body"),
    (graphql(gzip.compress(f"{NAME}=AQuery".encode())), "no: unparsable_body"),
    (graphql("--x\r\n", headers={"content-type": "multipart/form-data; boundary=x"}), "no: unparsable_body"),
    (as_json([{NAME: "AQuery"}, {NAME: SUBMIT}]), "no: operation_mutation"),
    (as_json([{NAME: "AQuery"}, {}]), "no: operation_unnamed"),
    (as_json([{NAME: "AQuery"}, 1]), "no: unparsable_body"),
    (as_json("[]"), "no: unparsable_body"),
    (as_json(f'{{"{NAME}":"AQuery","{NAME}":"{SUBMIT}"}}'), "no: unparsable_body"),
    (as_json({NAME: ["AQuery"]}), "no: unparsable_body"),
    (as_json({NAME: "AQuery", "query": "mutation"}), "no: operation_as_text"),
    (as_json({NAME: "AQuery", "doc_id": 9817279538349938}), "no: operation_mutation"),
    (as_json("[" * 5000), "no: unparsable_body"),
    (a_request("POST", f"{FACEBOOK}/ajax/navigation/", "_method=delete", headers=FORM), "no: method_override"),
    (a_request("POST", f"{FACEBOOK}/ajax/navigation/", f"{NAME}={SUBMIT}", headers=FORM), "no: unparsable_body"),
    (a_request("POST", f"{FACEBOOK}/ajax/navigation/", "x", headers=TEXT), "no: unparsable_body"),
    (a_request("GET", f"{FACEBOOK}/", b"x"), "no: get_with_body"),
    (a_request("GET", f"{FACEBOOK}/", headers={"x-fb-friendly-name": "AQuery"}), "no: get_with_operation"),
    (a_request("GET", f"{FACEBOOK}/", resource="WebSocket"), "no: socket"),
]


@pytest.mark.parametrize(("request_", "expected"), NAMED)
def test_bodies_are_read_exactly_or_refused(request_: Request, expected: str) -> None:
    """A POST passes as a read only if its body names reads and can be read in one way."""
    assert outcome(request_) == expected


SIGN_IN = [
    ("facebook", a_request("POST", f"{FACEBOOK}/login/?privacy_mutation_token=x", "email=a&pass=b", headers=FORM)),
    ("facebook", a_request("POST", f"{FACEBOOK}/login.php", "email=a", headers=FORM)),
    ("facebook", a_request("POST", f"{FACEBOOK}/login/device-based/regular/login/", "email=a", headers=FORM)),
    ("facebook", a_request("POST", f"{FACEBOOK}/two_step_verification/two_factor/", "code=1", headers=FORM)),
    ("facebook", a_request("POST", f"{FACEBOOK}/auth_platform/codesubmit/", "code=1", headers=FORM)),
    ("facebook", a_request("POST", f"{FACEBOOK}/cookie/consent/", "decline=1", headers=FORM)),
    ("facebook", an_operation("useTwoFactorLoginValidateCodeMutation")),
    ("facebook", an_operation("CookieSettingsCookieDialogMutation")),
    ("instagram", a_request("POST", f"{INSTAGRAM}/api/v1/web/accounts/login/ajax/", "username=a", headers=FORM)),
    ("instagram", a_request("POST", f"{INSTAGRAM}/accounts/login/", "username=a", headers=FORM)),
    ("instagram", a_request("POST", f"{INSTAGRAM}/auth_platform/codeentry/", "c=1", headers=FORM)),
    ("instagram", an_operation("useAuthPlatformSubmitCodeMutation", url=f"{INSTAGRAM}/api/graphql")),
]


@pytest.mark.parametrize(("service", "request_"), SIGN_IN)
def test_sign_in_writes_pass_while_signing_in_and_never_after(service: str, request_: Request) -> None:
    """The writes of signing in leave in the session phase alone, and are counted as writes."""
    for phase in (Phase.SESSION, Phase.LOGIN):
        allowed = decide(site_policy(service), phase, request_)
        assert isinstance(allowed, Allow)
        assert (allowed.rule, allowed.reads) == ("sign_in", False)
    for phase in (Phase.CHECK, Phase.ATTENDED):
        assert isinstance(decide(site_policy(service), phase, request_), Refuse)


@pytest.mark.parametrize(
    "request_",
    [
        an_operation(SUBMIT, doc_id="9817279538349938"),
        an_operation("useFXAccountsCenterGenAINonPublicDataUpdateNPDSettingMutation"),
        an_operation("useTwoFactorLoginValidateCodeMutationX"),
        a_request("POST", f"{FACEBOOK}/ajax/help/contact/submit/page", "a=1", headers=FORM),
        a_request("POST", f"{FACEBOOK}/login/device-based/async/remove/", "a=1", headers=FORM),
        a_request("POST", f"{FACEBOOK}/checkpoint/1501092823525282/", "a=1", headers=FORM),
        a_request("POST", f"{FACEBOOK}/ajax/bz", "a=1", headers=FORM),
        a_request("POST", f"{INSTAGRAM}/login/", "a=1", headers=FORM),
        a_request("POST", f"{FACEBOOK}/login/%2e%2e/settings", "a=1", headers=FORM),
        a_request("PUT", f"{FACEBOOK}/login/", "a=1", headers=FORM),
        a_request("GET", f"{FACEBOOK}/logout.php"),
    ],
)
def test_signing_in_opens_nothing_else(request_: Request) -> None:
    """The session phase lets no other write through; a person who signs in sends what neither `submit` nor `never` is."""
    assert isinstance(decide(site_policy("facebook"), Phase.SESSION, request_), Refuse)
    answers = request_.path in {"/checkpoint/1501092823525282/", "/login/"}
    assert isinstance(decide(site_policy("facebook"), Phase.LOGIN, request_), Allow) is answers


SERVICE = {
    "hosts": ["s.example", "*.s.example"],
    "sign_in": {"providers": ["accounts.provider.example"]},
    "guard": {
        "telemetry": ["/log"],
        "telemetry_query": ["action=tell"],
        "get_deny": {"segments": ["confirm*", "logout"]},
        "operations": {"paths": ["/graphql"], "name_fields": ["op"], "read": ["*Query"], "never": ["*Objection*"]},
        "submit": {"paths": ["/objection/send"]},
    },
}


@pytest.mark.parametrize(
    ("request_", "login"),
    [
        (a_request("POST", "https://s.example/session", "login=a", headers=FORM), "sign_in"),
        (a_request("PUT", "https://api.s.example/v1/passkey", "{}"), "sign_in"),
        (a_request("OPTIONS", "https://api.s.example/v1/passkey"), "sign_in"),
        (a_request("POST", "https://s.example/graphql", "op=SignInMutation", headers=FORM), "sign_in"),
        (a_request("GET", "https://s.example/confirm-email?token=1"), "get"),
        (a_request("GET", "https://accounts.provider.example/o/oauth2/auth?x=1"), "get"),
        (a_request("POST", "https://accounts.provider.example/signin/v2", "a=1", headers=FORM), "sign_in"),
        (a_request("POST", "https://other.example/signin", "a=1", headers=FORM), "no: host_not_listed"),
        (a_request("POST", "https://s.example/objection/send", "a=1", headers=FORM), "no: submit_not_released"),
        (a_request("PUT", "https://s.example/objection/send", "a=1", headers=FORM), "no: submit_not_released"),
        (a_request("POST", "https://s.example/x//objection/send", "a=1", headers=FORM), "no: odd_path"),
        (a_request("POST", "https://s.example/graphql", "op=SendObjection", headers=FORM), "no: operation_acts"),
        (a_request("POST", "https://s.example/graphql", "{", headers=FORM), "no: operation_unnamed"),
        (a_request("POST", "https://s.example/session?op=SendObjection", "a=1", headers=FORM), "no: unparsable_body"),
        (a_request("POST", "https://s.example/log", "a=1", headers=FORM), "no: telemetry"),
        (a_request("GET", "https://s.example/ajax?x=1;%20ACTION=tell"), "no: telemetry"),
    ],
)
def test_a_person_signs_in_by_whatever_the_service_asks_for(request_: Request, login: str) -> None:
    """No file lists how one signs in there: the service's hosts and its providers are open, the objection is not."""
    policy = GuardPolicy.parse(SERVICE)
    decision = decide(policy, Phase.LOGIN, request_)
    assert (decision.rule if isinstance(decision, Allow) else f"no: {decision.reason}") == login
    for phase in set(Phase) - {Phase.LOGIN}:
        assert isinstance(decide(policy, phase, request_), Refuse)


BY_PERSON = [
    ("facebook", a_request("POST", f"{FACEBOOK}/checkpoint/1501092823525282/", "a=1", headers=FORM)),
    ("facebook", a_request("POST", f"{FACEBOOK}/x/checkpoint/1/", "a=1", headers=FORM)),
    ("facebook", a_request("POST", f"{FACEBOOK}/nt/screen/", "a=1", headers=FORM)),
    ("facebook", an_operation("useTwoFactorLoginRememberBrowserMutation")),
    ("facebook", an_operation("useAuthPlatformOfNextYearMutation")),
    ("instagram", a_request("POST", f"{INSTAGRAM}/challenge/action/AbCd/", "a=1", headers=FORM)),
    ("instagram", a_request("POST", f"{INSTAGRAM}/accounts/suspended/", "a=1", headers=FORM)),
    ("instagram", a_request("POST", f"{INSTAGRAM}/accounts/onetap/?next=%2F", "a=1", headers=FORM)),
    ("facebook", a_request("POST", f"{FACEBOOK}/two_factor/remember_browser/", "a=1", headers=FORM)),
    ("facebook", a_request("POST", f"{FACEBOOK}/login/save-device/", "a=1", headers=FORM)),
    ("instagram", an_operation("useAuthPlatformOfNextYearMutation", url=f"{INSTAGRAM}/api/graphql")),
]


@pytest.mark.parametrize(("service", "request_"), BY_PERSON)
def test_what_a_person_answers_passes_only_while_she_signs_in(service: str, request_: Request) -> None:
    """Answers to challenges and the trust in a browser leave where a person gives them, and in no other phase."""
    allowed = decide(site_policy(service), Phase.LOGIN, request_)
    assert isinstance(allowed, Allow)
    assert (allowed.rule, allowed.reads) == ("sign_in", False)
    for phase in set(Phase) - {Phase.LOGIN}:
        assert isinstance(decide(site_policy(service), phase, request_), Refuse)


def test_the_cookie_choice_leaves_a_token_in_the_address() -> None:
    """After the cookie choice the page's address carries a token: let through while signing in, not after."""
    request = a_request("GET", f"{FACEBOOK}/?privacy_mutation_token=abc")
    assert outcome(request, Phase.SESSION) == "get"
    assert outcome(request, Phase.CHECK) == "no: get_that_writes"


@pytest.mark.parametrize("service", ["facebook", "instagram"])
def test_a_declared_submit_is_not_let_through_by_itself(service: str) -> None:
    """The submit rule has a name, and no phase lets it through unreleased."""
    for request in (
        an_operation(SUBMIT, doc_id="9817279538349938"),
        a_request("POST", "https://help.instagram.com/ajax/help/contact/submit/page", "a=1", headers=FORM),
    ):
        assert outcome(request, Phase.ATTENDED, service) == "no: submit_not_released"
        for phase in Phase:
            assert isinstance(decide(site_policy(service), phase, request), Refuse)


@pytest.mark.parametrize(
    ("url", "wanted", "expected"),
    [
        (f"{FACEBOOK}/api/prefs", "GET", "preflight"),
        (f"{FACEBOOK}/api/prefs", "POST", "no: preflight"),
        (f"{FACEBOOK}/api/prefs", "DELETE", "no: preflight"),
        (f"{FACEBOOK}/api/prefs", "", "no: preflight"),
        (f"{FACEBOOK}/logout.php?h=1", "GET", "no: get_that_writes"),
        (f"{FACEBOOK}/ajax/bz?a=1", "GET", "no: telemetry"),
        ("https://example.org/api/prefs", "GET", "no: host_not_listed"),
    ],
)
def test_a_browser_may_ask_whether_it_may_read(url: str, wanted: str, expected: str) -> None:
    """A preflight passes where the GET that comes next would; one for anything else stays, as that would."""
    headers = {"access-control-request-method": wanted} if wanted else {}
    assert outcome(a_request("OPTIONS", url, headers=headers)) == expected


def test_a_refused_operation_keeps_its_name() -> None:
    """The record can say which operation was stopped."""
    decision = decide(site_policy("facebook"), Phase.CHECK, an_operation(SUBMIT))
    assert decision == Refuse("operation_mutation", SUBMIT)


# Pieces that real requests and evasions are made of, so that the search gets past the first checks.
_PATHS = st.sampled_from(["/", "/login/", "/api/graphql/", "/ajax/navigation/", "/graphql/query", "/help/contact/1"])
_NAMES = st.sampled_from(["AQuery", SUBMIT, "XMutationQuery", "Unknown", "useTwoFactorLoginValidateCodeMutation", ""])
_FIELDS = st.sampled_from([NAME, "doc_id", "_method", "q", f"{NAME}[]", "variables", "method"])
_BODIES = st.one_of(
    st.none(),
    st.binary(max_size=40),
    st.lists(st.tuples(_FIELDS, _NAMES), max_size=4).map(lambda pairs: "&".join("=".join(p) for p in pairs).encode()),
    st.lists(st.dictionaries(_FIELDS, _NAMES, max_size=3), max_size=3).map(lambda value: json.dumps(value).encode()),
)
_HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "content-type",
            "content-encoding",
            "x-fb-friendly-name",
            "x-http-method-override",
            "access-control-request-method",
        ]
    ),
    st.sampled_from([FORM["content-type"], "application/json", "gzip", "AQuery", SUBMIT, "text/plain", "GET", "POST"]),
    max_size=3,
)
_REQUESTS = st.builds(
    Request,
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "FOO"]) | st.text(max_size=6),
    host=st.sampled_from(["www.facebook.com", "instagram.com", "example.org"]) | st.text(max_size=12),
    path=_PATHS | st.text(max_size=20).map(lambda text: f"/{text}"),
    query=st.sampled_from(["", "a=1", "doc_id=1", "action=off", "_method=put"]) | st.text(max_size=20),
    body=_BODIES,
    headers=_HEADERS,
    resource=st.sampled_from(["Document", "XHR", "Ping", "Image", "Other"]),
    navigation=st.booleans(),
    scheme=st.sampled_from(["https", "https", "https", "http", "wss", "blob", "data", "file"]),
)


def _names_as_a_server_reads_them(body: bytes) -> list[str]:
    """The operations in a body, by other code than the guard's: the standard library's parsers."""
    try:
        document = json.loads(body)
        entries = document if isinstance(document, list) else [document]
        return [str(entry[NAME]) for entry in entries if NAME in entry]
    except (ValueError, TypeError):
        pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True)
        return [value for name, value in pairs if name.partition("[")[0] == NAME]


@given(request=_REQUESTS, phase=st.sampled_from(list(Phase)))
def test_nothing_but_named_reads_and_sign_in_writes_is_ever_let_through(request: Request, phase: Phase) -> None:
    """Whatever the request: what passes is a read, or a write while somebody signs in; no fault is raised."""
    decision = decide(site_policy("facebook"), phase, request)
    if isinstance(decision, Refuse) or request.scheme in {"blob", "data", "about"}:
        return
    assert request.scheme == "https"
    assert request.host in {"www.facebook.com", "instagram.com"}
    if phase is Phase.LOGIN and not decision.reads:  # a person sends what signing in takes, by any method
        assert decision.rule == "sign_in"
        assert decision.operation != SUBMIT
        assert not request.path.startswith("/ajax/help/contact/submit")
        return
    assert request.method in {"GET", "HEAD", "POST", "OPTIONS"}
    if request.method == "OPTIONS":
        assert request.headers["access-control-request-method"] == "GET"
        assert request.body is None
    assert "x-http-method-override" not in request.headers
    if not decision.reads:
        assert phase is Phase.SESSION
        assert decision.rule == "sign_in"
        assert decision.operation != SUBMIT
    elif request.method == "POST" and "graphql" in request.path:
        names = _names_as_a_server_reads_them(request.body or b"")
        assert names
        assert all(name.endswith("Query") and "mutation" not in name.lower() for name in names)
    elif request.method == "POST":
        assert request.path == "/ajax/navigation/"
        assert SUBMIT not in _names_as_a_server_reads_them(request.body or b"")


@given(request=_REQUESTS)
@example(request=Request("POST", "www.facebook.com", "/login/", query="doc_id=1"))  # an operation, by its number
def test_a_check_lets_through_no_more_than_a_sign_in(request: Request) -> None:
    """Whatever passes in the check phase passes while signing in too: the check phase is the stricter one."""
    policy: Any = site_policy("facebook")
    if isinstance(decide(policy, Phase.CHECK, request), Allow):
        assert isinstance(decide(policy, Phase.SESSION, request), Allow)
    if isinstance(decide(policy, Phase.SESSION, request), Allow):
        assert isinstance(decide(policy, Phase.LOGIN, request), Allow)


@pytest.mark.parametrize(
    ("host", "stands_by"),
    [
        ("fonts.example", True),
        ("a.fonts.example", False),
        ("ads.example", True),
        ("a.b.ads.example", True),
        ("badads.example", False),
        ("app.test", False),
    ],
)
def test_a_host_of_others_that_brings_nothing_is_told_by_its_whole_name_or_its_end(host: str, stands_by: bool) -> None:
    """A host as it is written, or a domain with all below it; a name that only ends alike is another."""
    policy = GuardPolicy.parse({"hosts": ["app.test"], "guard": {"bystanders": ["fonts.example", "*.ads.example"]}})
    assert policy.is_bystander(host) is stands_by
