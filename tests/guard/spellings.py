"""
Requests with what is right, written from the facts and from how servers parse, before the guard was asked.

PHP strips blanks before a name, takes ` `, `.` and a lone `[` for `_`, makes arrays of `a[]` and ends a name at NUL;
Rack and Perl split at `;`; ASP.NET ignores case and knows `%u0061`; servlets have path parameters (`;x`); Symfony, Rails,
Slim, Express and Salesforce read the method, and IIS and Zend the address, from headers and fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from automation.guard import Phase, Request
from tests.guard.builders import FORM, JSON

if TYPE_CHECKING:
    from collections.abc import Iterator

STAYS, LEAVES = False, True
FACEBOOK = "https://www.facebook.com"
INSTAGRAM = "https://www.instagram.com"
GRAPHQL = f"{FACEBOOK}/api/graphql/"
ROUTES = f"{FACEBOOK}/ajax/bulk-route-definitions/"
NAME = "fb_api_req_friendly_name"
READ = f"{NAME}=CometSupportFormQuery&doc_id=24512315571720158&variables=%7B%7D"
SUBMIT = "useCometSupportFormSubmitMutation"
SUBMIT_ID = "9817279538349938"
"""In the facts, and among the policy's `never_ids`."""


@dataclass(frozen=True)
class Asked:
    """One request, and whether it may leave."""

    right: bool
    why: str
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    service: str = "facebook"
    phase: Phase = Phase.CHECK
    resource: str = "Other"

    @property
    def request(self) -> Request:
        """As it stands: no parser of addresses comes between."""
        host, _, rest = self.url.removeprefix("https://").partition("/")
        path, _, query = rest.partition("?")
        return Request(self.method, host, f"/{path}", query, self.body, self.headers, self.resource)


def gets(right: bool, why: str, *urls: str, service: str = "facebook", phase: Phase = Phase.CHECK) -> Iterator[Asked]:
    """Addresses that are opened."""
    for url in urls:
        yield Asked(right, why, "GET", url, service=service, phase=phase)


def posted(right: bool, why: str, body: str, url: str = GRAPHQL, **headers: str) -> Asked:
    """A form that is posted while checking; a header's `_` is a hyphen, `__` an underscore."""
    named = {name.replace("__", "§").replace("_", "-").replace("§", "_"): text for name, text in headers.items()}
    return Asked(right, why, "POST", url, {**FORM, **named}, body.encode())


def field_names() -> Iterator[Asked]:
    """A parameter that acts, by every name under which some server finds it; and values, which are no names."""
    spelt = [
        *("action=x", "a=1&action=x&b=2", "fb_dtsg=x", "action", "fb_dtsg", "&&action=x", "=&action=x"),
        *("action[]=x", "action%5B%5D=x", "action[0]=x", "action[a][b]=x", "action%5b0%5d=x", "a[action]=x"),
        *("%20action=x", "+action=x", "a=1&%20action=x", "%20%20action=x", "action%20=x", "%09action=x", "%0Aaction=x"),
        *("action%0D%0A=x", "fb.dtsg=x", "fb%20dtsg=x", "fb+dtsg=x", "fb%2Edtsg=x", "fb[dtsg=x", "fb%5Bdtsg=x"),
        *("action%00=x", "action%00x=x", "fb_dtsg%00=x", "ac%C1%B4ion=x", "Action=x", "ACTION=x", "FB_DTSG=x"),
        *("a=1;action=x", ";action=x", "a=1;fb_dtsg=x", "a=1;%20action=x", "%41ction=x", "%2561ction=x"),
        *("%u0061ction=x", "%EF%BD%81ction=x", "action%255B%255D=x", "%EF%BB%BFaction=x", "%E2%80%8Baction=x"),
        *("ac%C2%ADtion=x", "action=view&action=x", "action=x&action=view"),
    ]
    yield from gets(STAYS, "longer than servers take", f"{FACEBOOK}/x?a={'b' * 100_001}", f"{FACEBOOK}/{'b/' * 60_000}")
    yield from gets(STAYS, "a parameter that acts", *(f"{FACEBOOK}/x?{query}" for query in spelt))
    read = [
        *("x?a=1%3Baction=x", "x?a=1?action=x", "x??action=x", "x?ref=logout", "x?reaction_count=1", "x?method=email"),
        *("login/?next=https%3A%2F%2Fwww.facebook.com%2Fx%3Faction%3Dx", "help/search/?query=how%20to%20sign%20out"),
        *("help/search/?q=mutation", "support/?tab=submitted", "ajax/dtsg/?__a=1", "settings/?tab=followers"),
        *("help/1896641480634370?helpref=faq_content", "ajax/bootloader-endpoint/?modules=A&fb_dtsg_ag=x"),
    ]
    yield from gets(LEAVES, "a value, or a name of its own", *(f"{FACEBOOK}/{page}" for page in read))


def paths() -> Iterator[Asked]:
    """Addresses that act, by every spelling; and pages that only look so."""
    spelt = [
        *("logout.php", "logout", "sign_out", "signout", "sign-out", "log-out", "log_out", "logoff", "x/sign_out/"),
        *("a/like.php?ft_ent_identifier=1", "a/comment.php", "a/unfriend.php", "a/friends/accept", "ufi/reaction/?i=1"),
        *("ufi/add/comment/", "ufi/delete/", "unfriend", "unfriend/1/", "save", "like", "unlike", "follow", "unfollow"),
        *("x/delete/", "x/remove/", "x/block/1", "x/unblock", "x/mute/", "x/report/submit", "reqs.php?confirm=1"),
        *("events/rsvp/", "join", "x/vote", "x/dismiss", "x/hide", "ajax/nux/3/seen/", "ajax/megaphone/dismiss_fbnux/"),
        *("login/device-based/async/remove/", "ajax/help/contact/submit/page", "share/dialog/submit/"),
        *(
            "logout%2Ephp",
            "LOGOUT.PHP",
            "%6cogout.php",
            "%6Cog%6Fut",
            "/logout.php",
            "./logout.php",
            "x/..%2flogout.php",
        ),
        *("x/%2e%2e/logout.php", "logout.php/", "logout.php/x.css", "logout.php;x=1", "logout;jsessionid=1"),
        *("logout.php%00", "logout.php%20", "logout.php.", "logout.php%3fx", "%256cogout.php", "\\logout.php"),
        *("%5clogout", "x%2Flogout", "logout%0a", "logout%09", "%EF%BD%8Cogout", "lo%C2%ADgout", "logout.php::$DATA"),
        *(
            "logout.aspx",
            "logout.do",
            "logout.php.html",
            "(S(x))/logout.aspx",
            ";a=b/logout",
            "logout,1",
            "%u006cogout",
        ),
        *("save;x", "save%3fx", "SAVE/", "%73ave", "%61/like.php", "ufi//reaction/", "x/../a/like.php"),
    ]
    yield from gets(STAYS, "an address that acts", *(f"{FACEBOOK}/{page}" for page in spelt))
    acts = ["accounts/logout/", "web/likes/1/like/", "web/friendships/1/follow/", "web/save/1/save/",
            "api/v1/web/restrict_action/restrict/", "api/v1/friendships/mute_posts_or_story_from_follow/",
            "api/v1/web/accounts/set_private/?is_private=false"]  # fmt: skip
    yield from gets(STAYS, "an address that acts", *(f"{INSTAGRAM}/{page}" for page in acts), service="instagram")
    yield from gets(STAYS, "telemetry", f"{FACEBOOK}/%74r/?id=1", f"{FACEBOOK}/TR?id=1", f"{FACEBOOK}//ajax//bz")
    pages = [
        *(
            "help/contact/712876720715583",
            "settings/?tab=privacy",
            "support/?item_id=1",
            "privacy/center/",
            "saved/",
            "me",
        ),
        *("privacy/guide/generative-ai/", "help/signing-out-help", "friends/suggestions/", "likes/", "events/"),
        *("groups/joins/", "atelier.dupont/followers", "settings", "marketplace/", "caf%C3%A9", "a%20b"),
    ]
    yield from gets(LEAVES, "a page", *(f"{FACEBOOK}/{page}" for page in pages))
    yield from gets(
        LEAVES,
        "files, where no cookie goes",
        "https://static.xx.fbcdn.net/rsrc.php/v4/yA/r/like.png",
        "https://scontent.xx.fbcdn.net/v/t39.30808-1/1_n.jpg?stp=dst-jpg&_nc_cat=1&oh=00_Af&oe=68",
    )
    yield from gets(
        LEAVES, "a page", f"{INSTAGRAM}/atelier.dupont/saved/", f"{INSTAGRAM}/accounts/edit/", service="instagram"
    )


def overrides() -> Iterator[Asked]:
    """A request that asks to be taken for another one, by header, address or body."""
    method = ["x-http-method-override", "x-http-method", "x-method-override", "x-original-method", "x-forwarded-method",
              "x-rewrite-method", "x_http_method_override", "x-http-method_override"]  # fmt: skip
    address = ["x-original-url", "x-rewrite-url", "x-original-uri", "x-forwarded-uri", "x-forwarded-url", "x-override-url",
               "x-original-path", "x-forwarded-path", "x_original_url", "x-forwarded-host", "x-original-host", "x-host",
               "forwarded"]  # fmt: skip
    for header in (*method, *address):
        said = {header: "POST" if "method" in header else "/logout.php"}
        yield Asked(STAYS, header, "GET", f"{FACEBOOK}/settings/", said)
        yield Asked(STAYS, header, "POST", GRAPHQL, {**FORM, **said}, READ.encode())
        yield Asked(STAYS, header, "POST", ROUTES, {**FORM, **said}, b"route_urls[0]=%2Fhelp%2F")
        yield Asked(STAYS, header, "POST", f"{FACEBOOK}/login/", {**FORM, **said}, b"email=a", phase=Phase.SESSION)
    said_in_fields = ["_method=DELETE", "__method=post", "_METHOD=PUT", "_HttpMethod=PATCH", "x-http-method-override=PATCH",
                      "X-HTTP-Method-Override=DELETE", "httpMethod=DELETE", "method=delete", "method=POST",
                      "_method[]=delete", "$method=delete", "request_method=POST", "%20_method=delete",
                      "_method=%20delete", "X-HTTP-Method=PUT"]  # fmt: skip
    for said_ in said_in_fields:
        yield from gets(STAYS, said_, f"{FACEBOOK}/x?{said_}")
        yield posted(STAYS, said_, READ, f"{GRAPHQL}?{said_}")
        yield posted(STAYS, said_, f"{READ}&{said_}")
        yield posted(STAYS, said_, f"route_urls[0]=%2Fhelp%2F&{said_}", ROUTES)
    yield Asked(
        STAYS,
        "another method while signing in",
        "POST",
        f"{FACEBOOK}/login/?_method=delete",
        FORM,
        b"email=a",
        phase=Phase.SESSION,
    )


def texts() -> Iterator[Asked]:
    """GraphQL's writing operations as text, in the policies of services that have no rule for GraphQL at all."""
    hosts = {"linkedin": "www.linkedin.com", "x": "x.com", "pinterest": "www.pinterest.com", "twitch": "www.twitch.tv",
             "quora": "www.quora.com", "github_copilot": "github.com", "facebook": "www.facebook.com"}  # fmt: skip
    written = [
        *("query=mutation{delete(id:1){id}}", "query=mutation%20A%20%7Ba%7D", "query=%0A%20mutation%7Ba%7D"),
        *("query=%23x%0Amutation%7Ba%7D", "query=query%20A%7Ba%7D%20mutation%20B%7Bb%7D&operationName=B"),
        *("query[]=mutation{a}", "a=1;query=mutation{a}", "query=%EF%BB%BFmutation{a}", "query=,,mutation{a}"),
        *("query=mutation($a:Int)%7Ba%7D", "query=mutation@x%7Ba%7D", "document=mutation{a}", "query=subscription{a}"),
        *("batch=[{%22query%22:%22mutation{a}%22}]", "query=fragment%20F%20on%20T{a}%20mutation{a}"),
        *("batch={%22q%22:%22%5Cnmutation{a}%22}", "batch={%22q%22:%22%5Cu006dutation{a}%22}"),
        *("query=query%7Ba(x:%22%23%22)%7Dmutation%23x%0A%7Bb%7D", "x={%22q%22:%22mutation%20%23c%5Cn{a}%22}"),
        *("x={%22q%22:%22query{a(x:%5C%22%23%5C%22)}%20mutation%23c%5Cn{b}%22}",),
        *("query=mutation()%7Ba%7D", "query=mutation%23x%0A%7Ba%7D", "query=mutation%0D%0AB%0D%0A(%24a:Int)%7Ba%7D"),
    ]
    read = ["q=mutation", "q=dna+mutation+(gene)", "a=my_mutation{x}", "q=%7Bsubscription"]
    for service, host in hosts.items():
        yield from gets(
            STAYS, "a writing operation", *(f"https://{host}/graphql?{q}" for q in written), service=service
        )
        plain = [q for q in read if service != "quora" or not q.startswith("q=")]  # its `q` names an operation
        yield from gets(LEAVES, "words", *(f"https://{host}/search?{q}" for q in plain), service=service)
    voyager, grok = "https://www.linkedin.com/voyager/api/graphql", "https://x.com/i/api/graphql"
    kept = [f"{voyager}?queryId=voyagerFeedDashThemes.1a2b3c&variables=(start:0)"]
    yield from gets(LEAVES, "kept by the server, where its own file says that GET only asks", *kept, service="linkedin")
    kept = [
        f"{grok}/G3KGOASz96M-Qu0nwmGXNg/UserByScreenName?variables=%7B%22screen_name%22%3A%22a%22%7D",
        f"{grok}/G3KG/Viewer",
    ]
    yield from gets(LEAVES, "kept by the server, where its own file says that GET only asks", *kept, service="x")
    acts = [
        "CreateTweet",
        "useSaveUserMutation",
        "UserUnfollow",
        "1a2b",
        "Delete_Account",
        "a/UserTweets",
        "UserTweets/",
        "%55serTweets%00",
        "createtweet",
        "Sendmessage",
        "TransferAccount",
        "ViewerBuy",
    ]
    named = [
        "UserTweets?extensions=%7B%22persistedQuery%22:%7B%22sha256Hash%22:%22a%22%7D%7D",
        "UserTweets?query=%7Bme%7D",
        "UserTweets?queryId=b",
        "UserTweets?doc_id=1",
        "UserTweets?operationName=CreateTweet",
        "UserTweets?query=mutation%7Ba%7D",
    ]
    yield from gets(STAYS, "a verb, or two names", *(f"{grok}/G3KG/{name}" for name in (*acts, *named)), service="x")
    yield from gets(STAYS, "another place", "https://x.com/graphql/G3KG/UserTweets", f"{grok}/UserTweets", service="x")
    twice = [
        "queryId=a.1a2b&queryId=voyagerFeed.1a2b",
        "queryId=12345",
        "queryId=voyagerCreateFeed.1a2b",
        "doc_id=1",
        "variables=(a:1)",
    ]
    yield from gets(
        STAYS, "a number, a verb, or two names", *(f"{voyager}?{query}" for query in twice), service="linkedin"
    )


def numbers() -> Iterator[Asked]:
    """The number of the form that files the objection, by every spelling that a server may read as it."""
    spelt = [*("0", "000", "+", "%2B", "%20", "%0A", "%09", "%EF%BB%BF", "%C2%A0", "-0")]
    for before in spelt:
        yield posted(STAYS, before, f"{NAME}=AQuery&doc_id={before}{SUBMIT_ID}")
    for after in ("%20", "+", "%0A", ".0", ".", "%00", "abc", ",1", "%2F1", "%C2%AD", "a" * 16, "e0"):
        yield posted(STAYS, after, f"{NAME}=AQuery&doc_id={SUBMIT_ID}{after}")
    whole = ["9817%2C279538349938", "9.817279538349938e15", "0x22E0D7A2BA9132", f"%22{SUBMIT_ID}%22", f"'{SUBMIT_ID}'",
             "%EF%BC%99817279538349938", "%D9%A9817279538349938", f"%5B{SUBMIT_ID}%5D", "981_7279538349938",
             "981%207279538349938"]  # fmt: skip
    for value in whole:
        yield posted(STAYS, value, f"{NAME}=AQuery&doc_id={value}")
    # The one with 17 digits is one less than a listed number, and the same to whoever reads JSON as doubles.
    for value in (
        f"{SUBMIT_ID}",
        f"{SUBMIT_ID}.0",
        "25000658216262849",
        f'["{SUBMIT_ID}"]',
        f'"0{SUBMIT_ID}"',
        f'" {SUBMIT_ID}"',
        "true",
    ):
        yield Asked(STAYS, value, "POST", GRAPHQL, JSON, f'{{"{NAME}":"AQuery","doc_id":{value}}}'.encode())
    for value in ("24512315571720158", "3d5a1c2b4e6f708192a3b4c5d6e7f809"):
        yield posted(LEAVES, "a number of another operation", f"{NAME}=AQuery&doc_id={value}")


def places() -> Iterator[Asked]:
    """An operation that is named in two places of one request, and says the same or not."""
    yield posted(LEAVES, "as the client sends it", f"av=1&__user=1&__a=1&{READ}&fb_dtsg=NAcM&jazoest=25&lsd=x")
    yield posted(LEAVES, "no operation in the address", READ, f"{GRAPHQL}?__a=1&locale=fr_FR")
    yield posted(LEAVES, "the same number", READ, f"{GRAPHQL}?doc_id=24512315571720158")
    yield posted(LEAVES, "the same name", READ, f"{GRAPHQL}?{NAME}=CometSupportFormQuery")
    yield posted(LEAVES, "the same name", READ, x_fb_friendly_name="CometSupportFormQuery")
    in_address = [
        *(f"doc_id={SUBMIT_ID}", "doc_id=31840054542276963", f"{NAME}={SUBMIT}", f"{NAME}=AQuery", "query=mutation{a}"),
        *("query=mutation%7Ba%7D", "q=mutation{a}", "queries=%7B%7D", "batch=[]", "query_params=%7B%7D", "mutation=a"),
        *("query[]=mutation{a}", f"doc_id[]={SUBMIT_ID}", f"doc.id={SUBMIT_ID}", f"%20doc_id={SUBMIT_ID}"),
        *(f"a=1;doc_id={SUBMIT_ID}", "operationName=B", "extensions=%7B%7D", "x=mutation{a}", f"doc_id=0{SUBMIT_ID}"),
        *("doc_id=024512315571720158", "doc_id=24512315571720158&doc_id=1", f"DOC_ID={SUBMIT_ID}"),
    ]
    for query in in_address:
        yield posted(STAYS, query, READ, f"{GRAPHQL}?{query}")
    for query in ("doc_id=1", f"{NAME}=AQuery", "action=x", "action[]=x", "query=mutation{a}", "fb.dtsg=x"):
        yield posted(STAYS, query, "route_urls[0]=%2Fhelp%2F", f"{ROUTES}?{query}")
    for said in (f"doc_id={SUBMIT_ID}", "query=mutation{a}", f"{NAME}=AQuery", "doc_id[]=1", "doc.id=1", "a;doc_id=1"):
        yield posted(STAYS, said, f"route_urls[0]=%2Fhelp%2F&{said}", ROUTES)
    for name in (SUBMIT, "CometIXSupportInboxHomeScreenQuery"):
        yield posted(STAYS, "another name in a header", READ, x_fb_friendly_name=name)
        yield posted(STAYS, "another name in a header", READ, x__fb__friendly__name=name)
    second = [
        *(f"doc_id[]={SUBMIT_ID}", f"doc_id[0]={SUBMIT_ID}", f"doc.id={SUBMIT_ID}", f"doc%20id={SUBMIT_ID}"),
        *(f"+doc_id={SUBMIT_ID}", f"doc_id%00={SUBMIT_ID}", f"doc_id%00x={SUBMIT_ID}", f"doc[id={SUBMIT_ID}"),
        *(f"DOC_ID={SUBMIT_ID}", f"doc-id={SUBMIT_ID}", f"query_hash={SUBMIT_ID}", "doc_id=24512315571720158"),
        *(f"{NAME}[]={SUBMIT}", f"fb.api.req.friendly.name={SUBMIT}", f"+{NAME}={SUBMIT}", f"{NAME}%00={SUBMIT}"),
        *(f"{NAME.upper()}={SUBMIT}", f"{NAME}={SUBMIT}", f"{NAME}=AQuery", "query=a", "q=a", "queries=a", "batch=a"),
        *("mutation=a", "query[]=a", "%20query=a", "QUERY=a", "que.ry=a&query=a", "document=a", "extensions=a"),
        *("operationName=a", "x=mutation%7Ba%7D"),
    ]
    for more in second:
        yield posted(STAYS, more, f"{READ}&{more}")
    yield posted(STAYS, "one pair or three", READ.replace("&", ";"))
    for encoding in ("gzip", "br"):
        yield posted(STAYS, encoding, READ, content_encoding=encoding)
    form = FORM["content-type"]
    types = [
        "application/json",
        "text/plain",
        f"{form}, application/json",
        f"{form}; charset=utf-16",
        f"{form}; charset=ibm037",
    ]
    for kind in types:
        yield posted(STAYS, kind, READ, content_type=kind)
    yield posted(LEAVES, "the usual type", READ, content_type=f"{form};charset=UTF-8")
    for url in (
        "/api/graphql/x",
        "/API/GRAPHQL/",
        "//api/graphql/",
        "/api/graphql;x/",
        "/api/graphqlbatch/",
        "/api/%67raphql/",
    ):
        yield posted(STAYS, url, READ, f"{FACEBOOK}{url}")
    part = f'--b\r\nContent-Disposition: form-data; name="{NAME}"\r\n\r\nAQuery\r\n--b--\r\n'
    yield posted(STAYS, "in parts", part, content_type="multipart/form-data; boundary=b")
    bodies = [
        f'{{"{NAME}":"AQuery","{NAME}":"{SUBMIT}"}}', f'[{{"{NAME}":"AQuery"}},{{"{NAME}":"{SUBMIT}"}}]',
        f'{{"{NAME}":"AQuery","Query":"a"}}', f'{{"{NAME}":"AQuery","x":"mutation{{a}}"}}',
        f'{{"{NAME}":"AQuery","x":{{"y":"\\u006dutation{{a}}"}}}}', f'{{"{NAME}":"AQuery","doc.id":"1"}}', "", "null",
    ]  # fmt: skip
    for body in bodies:
        yield Asked(STAYS, body, "POST", GRAPHQL, JSON, body.encode())
    yield Asked(
        LEAVES, "one read", "POST", GRAPHQL, JSON, f'{{"{NAME}":"AQuery","doc_id":1,"variables":{{"a":1}}}}'.encode()
    )


def names() -> Iterator[Asked]:
    """Names of operations, most of them real (docs/sources.md, section 6.1): the last part says what they are."""
    acting = [
        *("useRequestWhatsAppSMBPhoneCodeBusinessSettingsQuery_RequestWhatsAppSMBPhoneCodeBusinessSettingsQuery",),
        *("useGenerateImageForPromptQuery", "useConnectPayPalQuery", "useBillingMIOSubmitApplicationQuery"),
        *("PartnershipAdsHubPartnersPageOptimizedRootTestimonialBannerImpressionQuery", "useLogFooImpressionQuery"),
        *("PublicEventCometRSVPMutationQuery", "StoriesCreateMusicSelectorMutationQuery", SUBMIT, "FooSubscription"),
        *(
            "GlobalSupportFormFieldValiadtionQuery",
            "CometSupportFormCaptchaDialogQuery",
            "MarkAsSeenQuery",
            "query",
            "",
        ),
        *(
            "useSendCodeQuery",
            "useUpdateStatusQuery",
            "UpdateUserLastActiveMutation",
            "FooMutation_refetchable",
            "A*Query",
        ),
        *("CometSupportFormQuery%00Mutation", "CometSupportFormQuery%0A", "%20AQuery", "FooQueryMutation", "Aquery"),
        *("fooSUBMITMUTATIONQuery", "CometMutation_query"),
    ]
    reading = [
        *("CometSupportFormQuery", "CustomSupportFormQuery", "CometIXSupportInboxItemsListScreenQuery"),
        *(
            "FXAccountsCenterSubscriptionsRootQuery",
            "BillingCancelSubscriptionStateQuery",
            "RoboticsRobotSubscriptionQuery",
        ),
        *("CometMarketplaceYouSubmittedOffersDetailsDialogQuery", "useFBGComponentCommentSubscriptionAppQuery"),
        *("ProdashCometContentProtectIneligibleContentSubmitDisputePageQuery", "CometHomeContactChannels_refetchable"),
        *("FXSettingsAdTopicsControlDDTSectionRefetchableFragment", "WorkKnowledgeCategoryMetadataInfoQuery_refetch"),
        *(
            "GroupsCometViewMaxCapacityChatsDialogQuery_group",
            "BillingWizardNameUtilsRefetch",
            "useSavedCustomContextQuery",
        ),
        *(
            "useBVAddressTypeaheadQuery",
            "useLinksInPostPaygatingQuery",
            "useGetWhatsAppBusinessAccountAssignedAssetsQuery",
        ),
        *("useGroupsCometRemoveMessageUpsellDialogQuery", "CometProfessionalDashboardSubscriptionsEmailTableFragment"),
    ]
    for name in acting:
        yield posted(STAYS, name, f"{NAME}={name}&doc_id=123")
    for name in reading:
        yield posted(LEAVES, name, f"{NAME}={name}&doc_id=123")


def signing_in() -> Iterator[Asked]:
    """A test account signs in without anybody: no trust is given, and nothing that resembles it passes."""
    trust = ["login/save-device/", "two_factor/remember_browser/", "login/save-device", "two_factor/remember_browser",
             "login/SAVE-DEVICE/", "login//save-device/", "login/save-device;x/", "login/save%2Ddevice/",
             "login/x/../save-device/", "login/save_device/", "login/device-based/update-nonce/async/",
             "login/device-based/create/", "login/device-based/async/remove/", "two_factor/passkey/create/"]  # fmt: skip
    for path in trust:
        yield Asked(STAYS, "trust", "POST", f"{FACEBOOK}/{path}", FORM, b"a=1", phase=Phase.SESSION)
    for path in ("login/save-device/", "two_factor/remember_browser/"):
        yield Asked(LEAVES, "given by a person", "POST", f"{FACEBOOK}/{path}", FORM, b"a=1", phase=Phase.LOGIN)
        yield from gets(LEAVES, "the page that asks for it", f"{FACEBOOK}/{path}", phase=Phase.SESSION)
    onetap = f"{INSTAGRAM}/accounts/onetap/?next=%2F"
    for phase in (Phase.SESSION, Phase.LOGIN):
        yield Asked(phase is Phase.LOGIN, "trust", "POST", onetap, FORM, b"a=1", service="instagram", phase=phase)
    for path in ("login/", "login/device-based/regular/login/?login_attempt=1", "login/device-based/login/"):
        yield Asked(LEAVES, "signing in", "POST", f"{FACEBOOK}/{path}", FORM, b"email=a&pass=b", phase=Phase.SESSION)
        yield Asked(STAYS, "not while checking", "POST", f"{FACEBOOK}/{path}", FORM, b"email=a&pass=b")
    code = f"{NAME}=useTwoFactorLoginValidateCodeMutation&doc_id="
    for number, query, right in (
        ("5", "", True),
        ("5", "?doc_id=6", False),
        (f"0{SUBMIT_ID}", "", False),
        (SUBMIT_ID, "", False),
    ):
        body = f"{code}{number}".encode()
        yield Asked(right, f"{number}{query}", "POST", f"{GRAPHQL}{query}", FORM, body, phase=Phase.SESSION)
    for phase in (Phase.ATTENDED, Phase.LOGIN):
        yield Asked(STAYS, SUBMIT, "POST", GRAPHQL, FORM, f"{NAME}={SUBMIT}&doc_id={SUBMIT_ID}".encode(), phase=phase)


def hidden_signs() -> Iterator[Asked]:
    """A method's field with signs in its name that nobody sees, in addresses and in bodies of every kind."""
    for name in ("%E2%80%8B_method", "_method%E2%80%8B", "_met%C2%ADhod", "_method%00", "_method%00x", "%EF%BB%BF_method",
                 "%5Fmethod", "_%6Dethod", "_METHOD%E2%81%A0", "_method%EF%B8%8F"):  # fmt: skip
        yield from gets(STAYS, name, f"{FACEBOOK}/x?{name}=DELETE")
        yield posted(STAYS, name, f"{READ}&{name}=DELETE")
        yield posted(STAYS, name, f"route_urls[0]=%2Fhelp%2F&{name}=DELETE", ROUTES)
        form = f"email=a&{name}=DELETE".encode()
        for phase in (Phase.SESSION, Phase.LOGIN):
            yield Asked(STAYS, name, "POST", f"{FACEBOOK}/login/", FORM, form, phase=phase)
            yield Asked(STAYS, name, "POST", f"{FACEBOOK}/login/?{name}=DELETE", FORM, b"email=a", phase=phase)
    for kind, body in (
        ("application/json", b'{"email":"a","_method":"DELETE"}'),
        ("application/json", '{"_met\u200bhod":"DELETE"}'.encode()),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="_method"\r\n\r\nDELETE\r\n--b--',
        ),
    ):
        for phase in (Phase.SESSION, Phase.LOGIN):
            yield Asked(STAYS, kind, "POST", f"{FACEBOOK}/login/", {"content-type": kind}, body, phase=phase)
    kept = b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\n_method\r\n--b--'
    parts = {"content-type": "multipart/form-data; boundary=b"}
    yield Asked(LEAVES, "a text", "POST", f"{FACEBOOK}/login/", parts, kept, phase=Phase.SESSION)


def anywhere() -> Iterator[Asked]:
    """The number of the form that files the objection, as the value of any field or header."""
    yield from gets(STAYS, "a value", f"{FACEBOOK}/x?id={SUBMIT_ID}", f"{FACEBOOK}/x?a=%39817279538349938")
    for more in (f"x={SUBMIT_ID}", f"variables=%7B%22a%22%3A{SUBMIT_ID}%7D", f"x=0{SUBMIT_ID}", f"x=a%2C{SUBMIT_ID}"):
        yield posted(
            STAYS, more, f"{READ}&{more}".replace("&variables=%7B%7D", "") if "variables" in more else f"{READ}&{more}"
        )
        yield posted(STAYS, more, f"route_urls[0]=%2Fhelp%2F&{more}", ROUTES)
    yield posted(STAYS, "a header", READ, x_id=SUBMIT_ID)
    nested = f'{{"{NAME}":"AQuery","variables":{{"a":[{{"b":{SUBMIT_ID}}}]}}}}'
    yield Asked(STAYS, nested, "POST", GRAPHQL, JSON, nested.encode())
    yield posted(LEAVES, "a longer number", f"{READ}&x=1{SUBMIT_ID}")


def at_every_service() -> Iterator[Asked]:
    """What acts wherever it stands, at services whose own file says nothing of it; and what only looks so."""
    hosts = {"linkedin": "www.linkedin.com", "x": "x.com", "pinterest": "www.pinterest.com", "quora": "www.quora.com",
             "substack": "substack.com", "facebook": "www.facebook.com"}  # fmt: skip
    acts = ["p/1/like", "p/1/unlike", "u/unfollow", "u/follow", "settings/save", "settings/update", "plan/cancel",
            "account/disable", "x?op=delete", "x?unsub=1", "x?cmd=remove", "x?unsubscribe=1", "list;op=delete", "list;unsub=1",
            "x?operation=update", "settings/save.php/x", "x?follow=1", "x?task=like", "SAVE", "x?op[]=delete", "u/block"]  # fmt: skip
    reads = [
        "x?op=list",
        "saved/",
        "likes/1",
        "x?sort=update",
        "followers",
        "x?q=how+to+delete",
        "updates",
        "x?mode=dark",
    ]
    for service, host in hosts.items():
        yield from gets(STAYS, "acts anywhere", *(f"https://{host}/{page}" for page in acts), service=service)
        yield from gets(
            LEAVES,
            "a page",
            *(f"https://{host}/{page}" for page in reads if service != "quora" or "q=" not in page),
            service=service,
        )
    persisted = ["api/graphql?queryId=a.1", "graphql?operationName=A&variables=%7B%7D", "gql?doc_id=1", "graphql/1a2b/CreateTweet",
                 "graphql?extensions=%7B%22persistedQuery%22:%7B%22sha256Hash%22:%22a%22%7D%7D"]  # fmt: skip
    for service in ("linkedin", "x", "pinterest", "substack"):
        addresses = (f"https://{hosts[service]}/{page}" for page in persisted)
        yield from gets(STAYS, "kept by the server", *addresses, service=service)
    elsewhere = ROUTES.replace(FACEBOOK, "https://static.xx.fbcdn.net"), ROUTES.replace(FACEBOOK, INSTAGRAM)
    for url in elsewhere:
        yield posted(STAYS, "a read of another host", "route_urls[0]=%2Fhelp%2F", url)
    yield from gets(STAYS, "what follows a script", f"{FACEBOOK}/o.php/x", f"{FACEBOOK}/o.php/x/y.css")


def files() -> Iterator[Asked]:
    """A page's scripts and style sheets may be called by a word that acts; Rails takes `/logout.js` for `/logout`."""
    plain = [
        "update.js",
        "a/block.css",
        "a/like.mjs",
        "delete-row.3fa92b1c.js",
        "submit-form.min.js",
        "logout.0123abcd.js",
    ]
    acting = ["logout.js", "delete_account.js", "sign_out.css", "update/a.js", "update", "update.php", "logout.php.js",
              "update.js?op=delete", "update.js/x", "a%2Fupdate.js", "save;x.js", "x/..%2flogout.min.js"]  # fmt: skip
    for name in plain:
        for kind, right in (("Script", LEAVES), ("Stylesheet", LEAVES), ("XHR", STAYS), ("Image", STAYS)):
            url = f"https://www.linkedin.com/{name}"
            yield Asked(right, f"as {kind}", "GET", url, service="linkedin", resource=kind)
    for name in acting:
        yield Asked(STAYS, name, "GET", f"https://www.linkedin.com/{name}", service="linkedin", resource="Script")


GROUPS = (
    files,
    hidden_signs,
    anywhere,
    at_every_service,
    field_names,
    paths,
    overrides,
    texts,
    numbers,
    places,
    names,
    signing_in,
)
