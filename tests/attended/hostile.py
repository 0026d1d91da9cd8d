"""Pages that do what they should not while a person files an objection: scripts that stand inside the stand-in's own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from automation.authoring.replica import Replica

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from automation.authoring.replica import ReplicaSite

SUBMISSION = "/ajax/help/contact/submit/page"
_END = "})();"
_SUBMIT = """
  if (location.pathname.indexOf('/help/contact/') !== 0) return;
  function main() { return document.querySelector('[role=main]'); }
  function same() { return fieldsOf(main()); }
  function send(fields) {
    quietly(operation('useCometSupportFormSubmitMutation', {
      input: { fields: fields, support_form_id: location.pathname.match(/([0-9]+)/)[1], client_mutation_id: '1' }
    }));
  }
  function whole() {
    return encode(common({
      fb_api_caller_class: 'RelayModern', fb_api_req_friendly_name: 'useCometSupportFormSubmitMutation',
      server_timestamps: 'true', doc_id: boot.doc_ids.useCometSupportFormSubmitMutation,
      variables: JSON.stringify({input: {
        fields: same(), support_form_id: location.pathname.match(/([0-9]+)/)[1], client_mutation_id: '1'
      }})
    })).toString();
  }
  var FORM = {'Content-Type': 'application/x-www-form-urlencoded'};
  function button() { return document.querySelector('[role=main] .primary, [role=main] [aria-label=Submit]'); }
"""
BESIDE = {
    "other_forms": "addEventListener('pointerdown', function () { send(['everything']); send(same().concat('and more')); "
    "quietly(operation('useSupportFormDraftSaveMutation', {input: {fields: same()}})); }, true);",
    "by_itself": "setInterval(function () { send(same()); }, 300);",
    "second_tab": "addEventListener('click', function () { var other = window.open(location.href); "
    "other.fetch('/api/graphql/', {method: 'POST', body: new URLSearchParams("
    "{fb_api_req_friendly_name: 'useCometSupportFormSubmitMutation', variables: JSON.stringify({input: {fields: same(), "
    "support_form_id: location.pathname.match(/([0-9]+)/)[1]}})})}); }, true);",
    "service_worker": "navigator.serviceWorker.register('/worker.js').catch(function () {});"
    "addEventListener('pointerdown', function () { var worker = new Worker(URL.createObjectURL(new Blob(["
    '\'fetch("https://www.facebook.com/api/graphql/", {method: "POST", body: new URLSearchParams('
    '{fb_api_req_friendly_name: "useCometSupportFormSubmitMutation"})})\']))); worker.name; }, true);',
    "beacons": "addEventListener('pointerdown', function () { for (var i = 0; i < 5; i++) {"
    "navigator.sendBeacon('/ajax/help/contact/submit/page', new URLSearchParams({support_form_id: '1'}));"
    "fetch('/api/graphql/', {method: 'POST', keepalive: true, body: new URLSearchParams("
    "{fb_api_req_friendly_name: 'useCometSupportFormSubmitMutation'})}); } }, true);",
    "worker_of_its_own": "addEventListener('pointerdown', function () { new Worker(URL.createObjectURL(new Blob(["
    "'fetch(\"https://www.facebook.com/api/graphql/\", ' + JSON.stringify({method: 'POST', headers: FORM, body: whole()}) + "
    "')']))); }, true);",
    "empty_frame": "addEventListener('pointerdown', function () { var frame = document.createElement('iframe'); "
    "document.body.append(frame); frame.contentWindow.fetch('/api/graphql/', {method: 'POST', headers: FORM, body: whole()});"
    " }, true);",
}
"""What goes on beside an honest press: exactly one submission arrives all the same."""
WORKER = "/worker.js"
_WORKER_SCRIPT = """
function send() {
  return fetch('/ajax/help/contact/submit/page', {method: 'POST', body: new URLSearchParams({support_form_id: '1'})});
}
addEventListener('install', function (event) { skipWaiting(); event.waitUntil(send()); });
addEventListener('activate', function (event) { event.waitUntil(clients.claim()); });
addEventListener('fetch', function (event) {
  if (event.request.method !== 'POST') return;
  event.respondWith(fetch(event.request.clone()).then(function (answer) { send(); fetch(event.request); return answer; }));
});
"""
"""Sends a form of its own as soon as it is there, and every submission of the page twice."""
INSTEAD = {
    "another_value": "addEventListener('pointerdown', function () { document.querySelector('textarea').value = 'I agree.'; "
    "}, true);",
    "another_button": "new MutationObserver(function () { var old = button(); "
    "if (!old || old.dataset.copy || !old.style.outline) return; var copy = old.cloneNode(true); copy.dataset.copy = '1'; "
    "old.replaceWith(copy); }).observe(document, {subtree: true, attributes: true, attributeFilter: ['style']});",
}
"""What the page exchanges between review and press: nothing arrives."""
INSTEAD |= {
    "another_account": "addEventListener('pointerdown', function () { me.ACCOUNT_ID = me.USER_ID = '100080000000001'; }, true);",
    "another_number": "addEventListener('pointerdown', function () { "
    "boot.doc_ids.useCometSupportFormSubmitMutation = '24512315571720158'; }, true);",
    "words_in_a_token": "addEventListener('pointerdown', function () { boot.tokens.lsd = 'delete everything'; }, true);",
    "an_empty_name": "addEventListener('pointerdown', function () { var old = encode; "
    "encode = function (fields) { fields.delete_account_0 = ''; return old(fields); }; }, true);",
}
OTHER_COOKIE = "addEventListener('pointerdown', function () { document.cookie = "
OTHER_COOKIE += "'c_user=100080000000001; domain=.facebook.com; path=/; secure'; }, true);"
"""The cookies name another account before the press; the body is the one that was reviewed."""
INSTEAD_LEGACY = {
    "another_action": "addEventListener('pointerdown', function () { document.forms[0].action = '/ajax/other/'; }, true);",
    "another_host": "addEventListener('pointerdown', function () { document.forms[0].action = "
    "'https://m.facebook.com/ajax/help/contact/submit/page'; }, true);",
    "another_target": "addEventListener('pointerdown', function () { document.forms[0].target = '_blank'; }, true);",
    "a_field_more": "addEventListener('pointerdown', function () { var field = document.createElement('input'); "
    "field.type = 'hidden'; field.name = 'agree'; field.value = 'on'; document.forms[0].append(field); }, true);",
    "a_hidden_value": "addEventListener('pointerdown', function () { "
    "document.forms[0].elements.support_form_hidden_fields.value = '{\"agree\":1}'; }, true);",
}


SENDING = "addEventListener('submit', function () { setTimeout(function () { main().textContent = 'Sending...'; }); });"
"""The page changes as soon as the button is pressed, long before the service has answered."""


class TurnedReplica(Replica):
    """A stand-in that can be turned against the person: its answers are changed on their way out."""

    def __init__(self, sites: Sequence[ReplicaSite]) -> None:
        super().__init__(sites)
        self.script = ""
        """What the stand-in's own script does beside what it does."""
        self.redirects_submission = 0
        """The status by which a submission is sent on to another address; 0: it is answered."""
        self.takes_submissions = asyncio.Event()
        """Whether a submission is taken; until then it waits at the door."""
        self.takes_submissions.set()
        self.fails_submissions = False
        """Whether the server fails over each submission, and takes nothing of it."""
        honest: Callable[..., Awaitable[None]] = self._app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            answer: list[Any] = []

            async def keep(message: Any) -> None:
                answer.append(message)

            if scope.get("path") == SUBMISSION:
                await self.takes_submissions.wait()
                if self.fails_submissions:
                    raise RuntimeError("the server fails, and answers with status 500")
            await honest(scope, receive, keep)
            for message in self._turned(scope["path"], answer) if scope["type"] == "http" else answer:
                await send(message)

        self._app = app  # type: ignore[assignment]

    def _turned(self, path: str, answer: list[Any]) -> list[Any]:
        begin, *rest = answer
        if self.redirects_submission and path == SUBMISSION:
            headers = [(b"location", f"https://www.facebook.com{SUBMISSION}".encode()), (b"content-length", b"0")]
            return [{**begin, "status": self.redirects_submission, "headers": headers}, {"type": rest[0]["type"]}]
        if self.script and path == WORKER:
            headers = [(b"content-type", b"application/javascript"), (b"content-length", b"%d" % len(_WORKER_SCRIPT))]
            return [
                {**begin, "status": 200, "headers": headers},
                {"type": rest[0]["type"], "body": _WORKER_SCRIPT.encode()},
            ]
        body = b"".join(message.get("body", b"") for message in rest)
        if not self.script or not body.rstrip().endswith(_END.encode()):
            return answer
        turned = body.rstrip().removesuffix(_END.encode()) + (_SUBMIT + self.script + _END).encode()
        headers = [(name, value) for name, value in begin["headers"] if name != b"content-length"]
        headers.append((b"content-length", str(len(turned)).encode()))
        return [{**begin, "headers": headers}, {"type": rest[0]["type"], "body": turned}]
