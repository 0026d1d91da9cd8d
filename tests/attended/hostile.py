"""Pages that do what they should not while a person files an objection: scripts that stand inside the stand-in's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.authoring.replica.pages import Renderer

if TYPE_CHECKING:
    import pytest

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


def turn_hostile(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let the stand-in's own script do this beside what it does."""
    honest = Renderer.asset_text

    def hostile(renderer: Renderer, path: str) -> tuple[str, str] | None:
        if path == WORKER:
            return _WORKER_SCRIPT, "application/javascript"
        asset = honest(renderer, path)
        if asset is None or not asset[0].rstrip().endswith(_END):
            return asset
        return asset[0].rstrip().removesuffix(_END) + _SUBMIT + script + _END, asset[1]

    monkeypatch.setattr(Renderer, "asset_text", hostile)
