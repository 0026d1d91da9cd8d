"""Every page of every account, without a browser: it can be made, and it holds what it should."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from automation.authoring.replica import Actor, ReplicaSite, load_site
from tests.replica.asking import Asker, Reply

SITES = {service: load_site(service) for service in ("facebook", "instagram")}
PLACES: dict[str, dict[str, Any]] = {
    "facebook": {
        "a": "https://www.facebook.com/help/contact/6359191084165019/",
        "b": "https://www.facebook.com/help/contact/712876720715583/",
        "inbox": "https://www.facebook.com/support/",
        "others": (
            "https://www.facebook.com/",
            "https://www.facebook.com/settings/",
            "https://www.facebook.com/settings/?tab=privacy",
            "https://www.facebook.com/settings/?tab=language",
            "https://www.facebook.com/privacy/center/",
            "https://www.facebook.com/privacy/guide/generative-ai/",
            "https://www.facebook.com/privacy/guide/genai",
            "https://www.facebook.com/privacy/genai",
            "https://www.facebook.com/privacy/dialog/how-generative-ai-models-work/",
            "https://www.facebook.com/help/contact/1994830130782319/",
            "https://www.facebook.com/help/contact/510058597920541/",
            "https://accountscenter.facebook.com/",
            "https://accountscenter.facebook.com/genai_non_public_data/",
            "https://help.meta.com/support/privacy/",
            "https://www.facebook.com/nowhere/",
        ),
    },
    "instagram": {
        "a": "https://help.instagram.com/contact/233964459562201/",
        "b": "https://help.instagram.com/contact/767264225370182/",
        "inbox": "https://www.instagram.com/support/",
        "others": (
            "https://www.instagram.com/",
            "https://www.instagram.com/accounts/edit/",
            "https://www.instagram.com/accounts/who_can_see_your_content/",
            "https://privacycenter.instagram.com/",
            "https://privacycenter.instagram.com/guide/generative-ai/",
            "https://privacycenter.instagram.com/privacy/genai",
            "https://privacycenter.instagram.com/dialog/how-generative-ai-models-work",
            "https://help.instagram.com/contact/117037592428568/",
            "https://help.instagram.com/contact/510058597920541/",
            "https://accountscenter.instagram.com/",
            "https://help.meta.com/support/privacy/",
        ),
    },
}
FAILING_ON_PURPOSE = {"failing", "inbox_500", "inbox_error", "skeleton", "inbox_never"}


class Visit:
    """One signed-in account walking through the replica."""

    def __init__(self, site: ReplicaSite, actor: Actor) -> None:
        self.site = site
        self.ask = Asker(site)
        self.cookies = site.session_cookies(actor)

    async def open(self, url: str) -> tuple[Reply, str]:
        """A page after its redirects, and where they ended."""
        for _ in range(6):
            reply = await self.ask(url, cookies=self.cookies)
            self.cookies |= reply.cookies
            if not reply.location:
                return reply, url
            parts = urlsplit(url)
            url = reply.location if "://" in reply.location else f"https://{parts.netloc}{reply.location}"
        raise AssertionError(f"{url} goes round in circles")

    async def content(self, url: str) -> dict[str, Any]:
        """What a page shows in the end, wherever it comes from: `status`, `data`, `markup`, `url`."""
        reply, url = await self.open(url)
        boot: dict[str, Any] = {"operation": ""}
        if "data-sjs" in reply.text:
            boot = reply.defined("ClientBoot")
        if not boot["operation"]:
            return {"status": reply.status, "data": {}, "markup": reply.text, "url": url}
        if boot["result"]:
            result, status = boot["result"], reply.status
        else:
            late = await self.ask(
                f"https://{urlsplit(url).netloc}{boot['endpoint']}",
                method="POST",
                cookies=self.cookies,
                form={
                    "fb_api_req_friendly_name": boot["operation"],
                    "variables": json.dumps({"route": boot["route"]}),
                },
            )
            if late.status != 200:
                return {"status": late.status, "data": {}, "markup": "", "url": url}
            result, status = json.loads(late.text), late.status
        return {
            "status": status,
            "data": result["data"],
            "markup": result["extensions"]["view"]["markup"],
            "url": url,
        }


def actors(service: str, *scenarios: str) -> list[Actor]:
    """Accounts of some scenarios, or all."""
    return [actor for actor in SITES[service].cast if not scenarios or actor.scenario in scenarios]


def everyone() -> list[Any]:
    """All accounts but those whose answers are slow on purpose."""
    return [
        pytest.param(actor, id=f"{actor.service}-{actor.scenario}-{actor.locale}")
        for service in SITES
        for actor in actors(service)
        if not actor.world.get("slow_s")
    ]


@pytest.mark.parametrize("actor", everyone())
async def test_every_page_can_be_made(actor: Actor) -> None:
    """No page of any account fails unless it is meant to, none lacks a word, and looking at them writes nothing."""
    visit = Visit(SITES[actor.service], actor)
    places = PLACES[actor.service]
    for url in (places["a"], places["b"], places["inbox"], *places["others"]):
        shown = await visit.content(url)
        if shown["status"] >= 500:
            assert actor.scenario in FAILING_ON_PURPOSE, (url, shown)
        for edge in (shown["data"] or {}).get("viewer", {}).get("support_inbox_items", {}).get("edges", ()):
            detail = f"{places['inbox']}view_details/?id={edge['node']['id']}"
            assert (await visit.content(detail))["data"]["support_inbox_item"]["title"] == edge["node"]["title"]
    assert visit.ask.ledger.faults == []
    assert visit.ask.ledger.writes == []


OPEN = [
    pytest.param(actor, id=f"{actor.service}-{actor.scenario}-{actor.locale}")
    for service in SITES
    for actor in actors(service, "open", "open_legacy", "open_divs", "open_2024", "open_brazil", "open_embedded")
]


@pytest.mark.parametrize("actor", OPEN)
@pytest.mark.parametrize("which", ["a", "b"])
async def test_the_form_has_its_shape(actor: Actor, which: str) -> None:
    """A form has its title, a prefilled address, a submit button, and a country exactly in the shapes that ask."""
    visit = Visit(SITES[actor.service], actor)
    reply, _ = await visit.open(PLACES[actor.service][which])
    shown = await visit.content(PLACES[actor.service][which])
    words = SITES[actor.service].words
    world = {**SITES[actor.service].options, **actor.world}
    page = shown["markup"].replace("&#39;", "'")
    for key in ("form_title", "form_submit", "form_email", "form_reason"):
        assert words.text(key, actor.locale) in page
    asks_country = world["shape"] in {"2024", "brazil"}
    assert words.text("form_country", actor.locale) in page if asks_country else "combobox" not in page
    assert ("<form" in page) is (world["dom"] == "legacy")
    assert ('name="support_form_id"' in page) is (world["dom"] == "legacy")
    if world["dom"] == "legacy":
        assert actor.email in page
    else:
        assert actor.email not in page, "the script sets it, so the page's text does not hold it"
        assert actor.email in json.dumps(await _actions(visit, reply))


async def _actions(visit: Visit, reply: Reply) -> Any:
    boot = reply.defined("ClientBoot")
    if boot["result"]:
        return boot["result"]["extensions"]["view"]["actions"]
    late = await visit.ask(
        f"https://{'www.facebook.com' if visit.site.service == 'facebook' else 'help.instagram.com'}{boot['endpoint']}",
        method="POST",
        cookies=visit.cookies,
        form={"fb_api_req_friendly_name": boot["operation"], "variables": json.dumps({"route": boot["route"]})},
    )
    return json.loads(late.text)["extensions"]["view"]["actions"]


@pytest.mark.parametrize("service", SITES)
async def test_class_names_say_nothing(service: str) -> None:
    """No readable class name reaches the page, and each that does is one that the style sheet has."""
    actor = actors(service, "open")[0]
    visit = Visit(SITES[service], actor)
    reply, _ = await visit.open(PLACES[service]["inbox"])
    names = {name for found in reply.text.split('class="')[1:] for name in found.partition('"')[0].split()}
    assert names
    assert all(len(name) == 8 and name[0] == "x" and int(name[1:], 16) >= 0 for name in names)


async def test_pages_say_who_is_signed_in() -> None:
    """Embedded data names the account; acting as a Page it names the Page beside the person."""
    site = SITES["facebook"]
    for scenario in ("open", "acting_as_page", "other_identity"):
        actor = actors("facebook", scenario)[0]
        reply, _ = await Visit(site, actor).open("https://www.facebook.com/")
        me = reply.defined("CurrentUserInitialData")
        if scenario == "open":
            assert (me["ACCOUNT_ID"], me["USER_ID"], me["NAME"]) == (actor.identity, actor.identity, actor.name)
        elif scenario == "acting_as_page":
            assert (me["ACCOUNT_ID"], me["USER_ID"], me["NAME"]) == (actor.identity, actor.page_id, actor.page)
        else:
            assert me["ACCOUNT_ID"] not in {actor.identity, "0"}


async def test_a_filed_objection_shows_in_the_inbox() -> None:
    """Sending the form is counted as one write, is confirmed, and leaves an answer in the inbox."""
    site = SITES["facebook"]
    actor = actors("facebook", "open_legacy")[0]
    visit = Visit(site, actor)
    sent = await visit.ask(
        "https://www.facebook.com/ajax/help/contact/submit/page",
        method="POST",
        cookies=visit.cookies,
        form={"support_form_id": "712876720715583"},
    )
    assert site.words.text("confirm_title", actor.locale) in sent.text
    shown = await visit.content("https://www.facebook.com/support/")
    assert len(shown["data"]["viewer"]["support_inbox_items"]["edges"]) == 1
    assert [write.path for write in visit.ask.ledger.writes] == ["/ajax/help/contact/submit/page"]


@pytest.mark.parametrize("scenario", ["open", "open_2024_client", "open_2024", "open_brazil"])
async def test_filing_with_and_without_a_code(scenario: str) -> None:
    """The forms of 2024 and of Brazil ask for a code before they confirm; that of 2025 confirms at once."""
    actor = actors("facebook", scenario)[0]
    words = SITES["facebook"].words
    visit = Visit(SITES["facebook"], actor)
    asked = [] if scenario == "open" else [words.text("form_code_title", actor.locale)]
    for title in (*asked, words.text("confirm_title", actor.locale)):
        if actor.world.get("dom") == "legacy":
            url, form = "https://www.facebook.com/ajax/help/contact/submit/page", {"support_form_id": "1"}
        else:
            url, form = (
                "https://www.facebook.com/api/graphql/",
                {"fb_api_req_friendly_name": "useCometSupportFormSubmitMutation"},
            )
        reply = await visit.ask(url, method="POST", form=form, cookies=visit.cookies)
        assert title in reply.text or json.dumps(title).strip('"') in reply.text
    assert len(visit.ask.ledger.writes) == len(asked) + 1
    assert visit.ask.ledger.faults == []
