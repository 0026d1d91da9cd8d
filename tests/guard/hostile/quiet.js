// Ways out that leave the page where it is. Each gets addresses of its own:
// hit: a listed host; near: a listed host of another origin; away: a host that is not listed;
// read(status): a permitted read on a listed host which redirects to `hit`.
const post = (extra = {}) => ({method: 'POST', body: 'a=1', ...extra});
const form = {'Content-Type': 'application/x-www-form-urlencoded'};
const element = (tag, attributes = {}, parent = document.body) => {
  const made = Object.assign(document.createElement(tag), attributes);
  parent?.append(made);
  return made;
};
const markup = html => document.body.insertAdjacentHTML('beforeend', html);
const frame = attributes => element('iframe', {hidden: true, ...attributes});
const script = code => `<script>${code}</` + 'script>';
const blobUrl = (text, type) => URL.createObjectURL(new Blob([text], {type}));
const worker = (code, options) => new Worker(blobUrl(code, 'text/javascript'), options);
const postCode = url => `fetch('${url}', {method: 'POST', body: 'a=1', mode: 'no-cors'}).catch(() => 0)`;
const socketCode = url => `try { new WebSocket('${url.replace('https', 'wss')}').onopen = e => e.target.send('x') } catch {}`;
const submitIn = (target, attributes = {}) => {
  const made = element('form', {method: 'post', target, ...attributes});
  element('input', {name: 'a', value: '1'}, made);
  made.submit();
};
const named = prefix => frame({name: prefix + Math.random().toString(36).slice(2)}).name;
const graphql = ({tag}, fields, headers = form) =>
  fetch('/api/graphql/?' + tag, {method: 'POST', headers, body: typeof fields === 'string' ? fields : new URLSearchParams(fields)});

const QUIET = {
  // fetch
  fetch_post_text: ({hit}) => fetch(hit, post()),
  fetch_post_form: ({hit}) => fetch(hit, post({headers: form})),
  fetch_post_params: ({hit}) => fetch(hit, post({body: new URLSearchParams({a: 1})})),
  fetch_post_multipart: ({hit}) => { const data = new FormData(); data.append('a', '1'); return fetch(hit, post({body: data})); },
  fetch_post_file: ({hit}) => { const data = new FormData(); data.append('f', new Blob(['x']), 'x.txt'); return fetch(hit, post({body: data})); },
  fetch_post_blob: ({hit}) => fetch(hit, post({body: new Blob(['a=1'], {type: form['Content-Type']})})),
  fetch_post_bytes: ({hit}) => fetch(hit, post({body: new Uint8Array([0, 255])})),
  fetch_post_json: ({hit}) => fetch(hit, post({headers: {'Content-Type': 'application/json'}, body: '{}'})),
  fetch_post_empty: ({hit}) => fetch(hit, {method: 'POST'}),
  fetch_post_large: ({hit}) => fetch(hit, post({body: 'a='.padEnd(300000, 'x')})),
  fetch_put: ({hit}) => fetch(hit, post({method: 'PUT'})),
  fetch_patch: ({hit}) => fetch(hit, post({method: 'PATCH'})),
  fetch_delete: ({hit}) => fetch(hit, {method: 'DELETE'}),
  fetch_custom_method: ({hit}) => fetch(hit, {method: 'PURGE'}),
  fetch_keepalive: ({hit}) => fetch(hit, post({keepalive: true})),
  fetch_keepalive_no_cors: ({near}) => fetch(near, post({keepalive: true, mode: 'no-cors'})),
  fetch_credentials: ({hit}) => fetch(hit, post({credentials: 'include'})),
  fetch_no_cors_near: ({near}) => fetch(near, post({mode: 'no-cors'})),
  fetch_no_cors_away: ({away}) => fetch(away, post({mode: 'no-cors'})),
  fetch_preflighted: ({near}) => fetch(near, post({headers: {'X-Own': '1'}})),
  fetch_get_preflighted: ({near}) => fetch(near, {headers: {'X-Own': '1'}}),
  fetch_stream: ({hit}) => fetch(hit, post({body: new Blob(['a=1']).stream(), duplex: 'half'})),
  fetch_request_object: ({hit}) => fetch(new Request(hit, post())),
  fetch_priority: ({hit}) => fetch(hit, post({priority: 'high', cache: 'no-store'})),
  fetch_later: ({hit}) => window.fetchLater?.(hit, post({activateAfter: 0})),
  fetch_from_timer: ({hit}) => { setTimeout(() => fetch(hit, post()), 100); },
  fetch_from_idle: ({hit}) => { requestIdleCallback(() => fetch(hit, post()), {timeout: 50}); },
  fetch_from_string: ({hit}) => { new Function(postCode(hit))(); },
  fetch_redirected_307: ({read}) => fetch(read(307), post({headers: form})),
  fetch_redirected_308: ({read}) => fetch(read(308), post({headers: form})),
  fetch_redirected_away: ({readAway}) => fetch(readAway, post({headers: form, mode: 'no-cors'})),
  // XMLHttpRequest
  xhr_post: ({hit}) => { const x = new XMLHttpRequest(); x.open('POST', hit); x.send('a=1'); },
  xhr_post_sync: ({hit}) => { const x = new XMLHttpRequest(); x.open('POST', hit, false); x.send('a=1'); },
  xhr_put: ({hit}) => { const x = new XMLHttpRequest(); x.open('PUT', hit); x.send('a=1'); },
  xhr_upload: ({near}) => { const x = new XMLHttpRequest(); x.open('POST', near); x.upload.onprogress = () => 0; x.send('a=1'); },
  xhr_document: ({hit}) => { const x = new XMLHttpRequest(); x.open('POST', hit); x.send(document); },
  xhr_redirected: ({read}) => { const x = new XMLHttpRequest(); x.open('POST', read(307)); x.setRequestHeader('Content-Type', form['Content-Type']); x.send('a=1'); },
  // beacons and pings
  beacon_text: ({hit}) => { navigator.sendBeacon(hit, 'x'); },
  beacon_empty: ({hit}) => { navigator.sendBeacon(hit); },
  beacon_form: ({hit}) => { const data = new FormData(); data.append('a', '1'); navigator.sendBeacon(hit, data); },
  beacon_blob: ({hit}) => { navigator.sendBeacon(hit, new Blob(['x'], {type: 'text/plain'})); },
  beacon_near: ({near}) => { navigator.sendBeacon(near, 'x'); },
  beacon_away: ({away}) => { navigator.sendBeacon(away, 'x'); },
  ping: ({hit}) => element('a', {href: '#ping', ping: hit}).click(),
  ping_area: ({hit}) => { markup(`<map name=m><area href="#a" ping="${hit}"></map>`); document.querySelector(`area[ping="${hit}"]`).click(); },
  // forms into frames
  form_frame: ({hit}) => submitIn(named('f'), {action: hit}),
  form_frame_multipart: ({hit}) => submitIn(named('m'), {action: hit, enctype: 'multipart/form-data'}),
  form_frame_text: ({hit}) => submitIn(named('t'), {action: hit, enctype: 'text/plain'}),
  form_frame_away: ({away}) => submitIn(named('a'), {action: away}),
  form_frame_redirected: ({read}) => submitIn(named('r'), {action: read(307)}),
  form_formaction: ({hit}) => { markup(`<form target="${named('b')}" action="#"><button formmethod=post formaction="${hit}">x</button></form>`); document.querySelector(`[formaction="${hit}"]`).click(); },
  form_request_submit: ({hit}) => { markup(`<form method=post target="${named('q')}" action="${hit}"><input name=a value=1></form>`); document.querySelector(`form[action="${hit}"]`).requestSubmit(); },
  form_dialog: ({hit}) => { markup(`<dialog open><form method=dialog target="${named('d')}"><button formmethod=post formaction="${hit}">x</button></form></dialog>`); document.querySelector(`[formaction="${hit}"]`).click(); },
  form_image: ({hit}) => { markup(`<form method=post target="${named('i')}" action="${hit}"><input type=image alt=x></form>`); document.querySelector(`form[action="${hit}"] input`).click(); },
  form_shadow: ({hit}) => { const root = element('div').attachShadow({mode: 'closed'}); const made = element('form', {method: 'post', action: hit, target: named('s')}, root); element('button', {}, made).click(); },
  form_label: ({hit}) => { markup(`<form method=post target="${named('l')}" action="${hit}" id="l${hit}"></form><button form="l${hit}">x</button>`); document.querySelector(`button[form="l${hit}"]`).click(); },
  form_noopener_popup: ({hit}) => submitIn('_blank', {action: hit, rel: 'noopener'}),
  form_popup: ({hit}) => submitIn('_blank', {action: hit}),
  // frames that write
  frame_srcdoc: ({hit}) => frame({srcdoc: script(postCode(hit))}),
  frame_srcdoc_form: ({hit}) => frame({srcdoc: `<form method=post action="${hit}"></form>` + script('document.forms[0].submit()')}),
  frame_srcdoc_beacon: ({hit}) => frame({srcdoc: script(`navigator.sendBeacon('${hit}', 'x')`)}),
  frame_blank: ({hit}) => { frame({}).contentWindow.fetch(hit, post()); },
  frame_blob: ({hit}) => frame({src: blobUrl(script(postCode(hit)), 'text/html')}),
  frame_data: ({hit}) => frame({src: 'data:text/html,' + encodeURIComponent(script(postCode(hit)))}),
  frame_data_form: ({hit}) => frame({src: 'data:text/html,' + encodeURIComponent(`<form method=post action="${hit}"></form>` + script('document.forms[0].submit()'))}),
  frame_script_url: ({hit}) => frame({src: `javascript:${postCode(hit)}`}),
  frame_sandboxed: ({hit}) => frame({sandbox: 'allow-scripts', srcdoc: script(postCode(hit))}),
  frame_sandboxed_forms: ({hit}) => frame({sandbox: 'allow-scripts allow-forms', srcdoc: `<form method=post action="${hit}"></form>` + script('document.forms[0].submit()')}),
  frame_same_site: ({hit}) => frame({src: '/echo?code=' + encodeURIComponent(postCode(hit))}),
  frame_near: ({hit, nearOrigin}) => frame({src: nearOrigin + '/echo?code=' + encodeURIComponent(postCode(hit))}),
  frame_nested: ({hit}) => frame({srcdoc: `<iframe srcdoc="${script(postCode(hit)).replaceAll('"', '&quot;')}"></iframe>`}),
  frame_detached: ({hit}) => { const made = frame({}); const send = made.contentWindow.fetch.bind(made.contentWindow); send(hit, post({keepalive: true})).catch(() => 0); made.remove(); },
  object_page: ({hit}) => { element('object', {data: '/echo?code=' + encodeURIComponent(postCode(hit)), type: 'text/html'}); },
  embed_page: ({hit}) => { element('embed', {src: '/echo?code=' + encodeURIComponent(postCode(hit)), type: 'text/html'}); },
  popup_writes: ({hit}) => { window.open('/echo?code=' + encodeURIComponent(postCode(hit))); },
  popup_noopener: ({hit}) => { window.open('/echo?code=' + encodeURIComponent(postCode(hit)), '_blank', 'noopener'); },
  popup_blank: ({hit}) => { const made = window.open('about:blank'); made?.fetch(hit, post()); },
  popup_form: ({hit}) => { const made = window.open('about:blank'); if (made) { made.document.write(`<form method=post action="${hit}"></form>`); made.document.forms[0].submit(); } },
  // workers
  worker_blob: ({hit}) => { worker(postCode(hit)); },
  worker_module: ({hit}) => { worker(postCode(hit), {type: 'module'}); },
  worker_file: ({hit}) => { new Worker('/echo.js?code=' + encodeURIComponent(postCode(hit))); },
  worker_nested: ({hit}) => { worker(`new Worker(URL.createObjectURL(new Blob([${JSON.stringify(postCode(hit))}])))`); },
  worker_keepalive: ({hit}) => { worker(postCode(hit).replace('mode', 'keepalive: true, mode')); },
  worker_xhr: ({hit}) => { worker(`const x = new XMLHttpRequest(); x.open('POST', '${hit}', false); x.send('a')`); },
  worker_import: ({away}) => { worker(`importScripts('${away}')`); },
  worker_shared: ({hit}) => { new SharedWorker('/echo.js?code=' + encodeURIComponent(postCode(hit))); },
  worker_shared_blob: ({hit}) => { new SharedWorker(blobUrl(postCode(hit), 'text/javascript')); },
  worker_service: ({hit}) => navigator.serviceWorker.register('/echo.js?code=' + encodeURIComponent(postCode(hit)), {scope: '/scope/' + Math.random()}),
  // sockets and streams
  socket: ({hit}) => { new Function(socketCode(hit))(); },
  socket_away: ({away}) => { new Function(socketCode(away))(); },
  socket_frame: ({hit}) => frame({srcdoc: script(socketCode(hit))}),
  socket_data_frame: ({hit}) => frame({src: 'data:text/html,' + encodeURIComponent(script(socketCode(hit)))}),
  socket_worker: ({hit}) => { worker(socketCode(hit)); },
  socket_worker_file: ({hit}) => { new Worker('/echo.js?code=' + encodeURIComponent(socketCode(hit))); },
  socket_worker_nested: ({hit}) => { worker(`new Worker(URL.createObjectURL(new Blob([${JSON.stringify(socketCode(hit))}])))`); },
  socket_shared_worker: ({hit}) => { new SharedWorker('/echo.js?code=' + encodeURIComponent(socketCode(hit))); },
  socket_stream: ({hit}) => { new WebSocketStream(hit.replace('https', 'wss')).opened.catch(() => 0); },
  transport: ({datagrams}) => { new WebTransport(`https://site.test:${datagrams}/hit`).ready.catch(() => 0); },
  rtc_stun: ({datagrams}) => rtc({urls: `stun:127.0.0.1:${datagrams}`}),
  rtc_stun_name: ({datagrams}) => rtc({urls: `stun:site.test:${datagrams}`}),
  rtc_turn_tcp: ({raw}) => rtc({urls: `turn:127.0.0.1:${raw}?transport=tcp`, username: 'a', credential: 'b'}),
  rtc_turn_tcp_name: () => rtc({urls: 'turn:site.test:443?transport=tcp', username: 'a', credential: 'b'}),
  rtc_turns: () => rtc({urls: 'turns:site.test:443?transport=tcp', username: 'a', credential: 'b'}),
  // what the browser sends without asking the interception
  rules_document: ({tag}) => frame({src: '/status/200?code=' + encodeURIComponent(`(${rules})('/logout.php?${tag}')`)}),
  rules_popup: ({tag}) => { window.open('/status/200?code=' + encodeURIComponent(`(${rules})('/logout.php?${tag}')`)); },
  socket_300: ({hit}) => frame({src: '/status/300?code=' + encodeURIComponent(`(${workerSocket})('${hit}')`)}),
  socket_302: ({hit}) => frame({src: '/status/302?code=' + encodeURIComponent(`(${workerSocket})('${hit}')`)}),
  socket_308: ({hit}) => frame({src: '/status/308?code=' + encodeURIComponent(`(${workerSocket})('${hit}')`)}),
  socket_300_popup: ({hit}) => { window.open('/status/300?code=' + encodeURIComponent(`(${workerSocket})('${hit}')`)); },
  socket_999: ({hit}) => frame({src: '/status/999?code=' + encodeURIComponent(`(${workerSocket})('${hit}')`)}),
  binding: ({tag}) => fetch('/binding?' + tag),
  binding_frame: ({tag}) => frame({src: '/binding?' + tag}),
  rtc_turns_words: () => rtc({urls: 'turns:site.test:443?transport=tcp', username: document.title.repeat(9), credential: 'b'}),
  rtc_turns_near: () => rtc({urls: 'turns:near.site.test:443?transport=tcp', username: 'a', credential: 'b'}),
  key_of_near: ({nearOrigin}) => navigator.credentials.get({publicKey: {challenge: new Uint8Array(16), rpId: new URL(nearOrigin).host, timeout: 500}}),
  key_of_away: ({away}) => navigator.credentials.get({publicKey: {challenge: new Uint8Array(16), rpId: new URL(away).host, timeout: 500}}),
  // what a server may take for a write whatever the method is
  override_header: ({hit}) => fetch(hit, {headers: {'X-HTTP-Method-Override': 'POST'}}),
  override_query: ({hit}) => fetch(hit + '?_method=delete'),
  override_method: ({hit}) => fetch(hit + '?method=post'),
  override_in_read: ({tag}) => fetch('/read?' + tag, post({headers: form, body: '_method=delete'})),
  get_logout: ({tag}) => fetch('/logout.php?' + tag),
  get_action: ({tag}) => { new Image().src = '/settings?action=off&' + tag; },
  get_confirm: ({tag}) => { new Image().src = '/x/Confirm%2Fnow?' + tag; },
  get_token: ({tag}) => fetch('/settings?fb_dtsg=abc&' + tag),
  get_operation: ({tag}) => fetch('/api/graphql/?' + tag + '&doc_id=1&fb_api_req_friendly_name=useSaveMutation'),
  graphql_mutation: at => graphql(at, {fb_api_req_friendly_name: 'useSaveMutation', doc_id: 1}),
  graphql_mutation_query: at => graphql(at, {fb_api_req_friendly_name: 'SaveMutationQuery', doc_id: 1}),
  graphql_two_names: at => graphql(at, 'fb_api_req_friendly_name=AQuery&fb_api_req_friendly_name=useSaveMutation'),
  graphql_semicolon: at => graphql(at, 'fb_api_req_friendly_name=AQuery;fb_api_req_friendly_name=useSaveMutation'),
  graphql_header_differs: at => graphql(at, {fb_api_req_friendly_name: 'AQuery'}, {...form, 'X-FB-Friendly-Name': 'useSaveMutation'}),
  graphql_name_in_query: ({tag}) => fetch('/api/graphql/?' + tag + '&fb_api_req_friendly_name=useSaveMutation', post({headers: form, body: 'fb_api_req_friendly_name=AQuery'})),
  graphql_multipart: ({tag}) => { const data = new FormData(); data.append('fb_api_req_friendly_name', 'useSaveMutation'); return fetch('/api/graphql/?' + tag, post({body: data})); },
  graphql_batch: at => graphql(at, '[{"fb_api_req_friendly_name":"AQuery"},{"fb_api_req_friendly_name":"useSaveMutation"}]', {'Content-Type': 'application/json'}),
  graphql_json_twice: at => graphql(at, '{"fb_api_req_friendly_name":"AQuery","fb_api_req_friendly_name":"useSaveMutation"}', {'Content-Type': 'application/json'}),
  graphql_text: at => graphql(at, {fb_api_req_friendly_name: 'AQuery', query: 'mutation useSaveMutation { save }'}),
  graphql_unnamed: at => graphql(at, {doc_id: 1, variables: 'useSaveMutation'}),
  graphql_known_number: at => graphql(at, {fb_api_req_friendly_name: 'AQuery', doc_id: 666}),
  graphql_compressed: at => graphql(at, 'useSaveMutation', {...form, 'Content-Encoding': 'gzip'}),
  graphql_blob: ({tag}) => fetch('/api/graphql/?' + tag, post({body: new Blob(['fb_api_req_friendly_name=useSaveMutation'], {type: form['Content-Type']})})),
  read_graphql: at => graphql(at, {fb_api_req_friendly_name: 'AQuery', doc_id: 1}),
  sign_in_write: ({tag}) => fetch('/login/?' + tag, post({headers: form, body: 'email=useSaveMutation'})),
  // reading from hosts that are not listed
  away_fetch: ({away}) => fetch(away, {mode: 'no-cors'}),
  away_image: ({away}) => { new Image().src = away; },
  away_srcset: ({away}) => { element('img', {srcset: away}); },
  away_script: ({away}) => { element('script', {src: away}); },
  away_module: ({away}) => import(away),
  away_style: ({away}) => { element('link', {rel: 'stylesheet', href: away}); },
  away_style_import: ({away}) => { element('style', {textContent: `@import url('${away}');`}); },
  away_style_image: ({away}) => { element('div', {style: `background:url('${away}');width:9px;height:9px`}); },
  away_font: ({away}) => new FontFace('f', `url('${away}')`).load(),
  away_video: ({away}) => { element('video', {src: away, preload: 'auto'}); },
  away_poster: ({away}) => { element('video', {poster: away}); },
  away_audio: ({away}) => { new Audio(away).load(); },
  away_track: ({away}) => { const video = element('video', {src: 'data:video/mp4,'}); element('track', {src: away, default: true, kind: 'captions'}, video).track.mode = 'showing'; },
  away_object: ({away}) => { element('object', {data: away}); },
  away_embed: ({away}) => { element('embed', {src: away}); },
  away_frame: ({away}) => frame({src: away}),
  away_popup: ({away}) => { window.open(away); },
  away_svg_image: ({away}) => markup(`<svg><image href="${away}" width=9 height=9 /></svg>`),
  away_svg_filter: ({away}) => markup(`<svg><filter id=f><feImage href="${away}"/></filter><rect width=9 height=9 filter="url(#f)"/></svg>`),
  away_input_image: ({away}) => { element('input', {type: 'image', src: away}); },
  away_events: ({away}) => { new EventSource(away); },
  away_prefetch: ({away}) => { element('link', {rel: 'prefetch', href: away}); },
  away_preload: ({away}) => { element('link', {rel: 'preload', as: 'image', href: away}); },
  away_modulepreload: ({away}) => { element('link', {rel: 'modulepreload', href: away}); },
  away_prerender: ({away}) => { element('link', {rel: 'prerender', href: away}); },
  away_preconnect: ({away}) => { element('link', {rel: 'preconnect', href: new URL(away).origin}); },
  away_speculation: ({away}) => { element('script', {type: 'speculationrules', textContent: JSON.stringify({prefetch: [{urls: [away]}], prerender: [{urls: [away]}]})}); },
  away_icon: ({away}) => { element('link', {rel: 'icon', href: away}, document.head); },
  away_manifest: ({away}) => { element('link', {rel: 'manifest', href: away}, document.head); },
  away_payment: ({away}) => { new PaymentRequest([{supportedMethods: away}], {total: {label: 'x', amount: {currency: 'EUR', value: '1'}}}).canMakePayment().catch(() => 0); },
  away_attribution: ({away}) => { element('img').setAttribute('attributionsrc', away); },
  away_redirected: ({readAway}) => fetch(readAway, {mode: 'no-cors'}),
  away_cache: ({away}) => caches.open('c').then(cache => cache.add(new Request(away, {mode: 'no-cors'}))),
  away_identity: ({away}) => navigator.credentials.get({identity: {providers: [{configURL: away, clientId: 'x'}]}}),
  away_get_form: ({away}) => submitIn(named('g'), {method: 'get', action: away}),
  away_compression: ({away}) => { element('link', {rel: 'compression-dictionary', href: away}); },
};

function rules(address) {
  const made = document.createElement('script');
  made.type = 'speculationrules';
  made.textContent = JSON.stringify({prefetch: [{urls: [address], eagerness: 'immediate'}], prerender: [{urls: [address], eagerness: 'immediate'}]});
  document.head.append(made);
}
function workerSocket(address) {
  const code = `new WebSocket('${address.replace('https', 'wss')}').onopen = e => e.target.send('x')`;
  new Worker(URL.createObjectURL(new Blob([code])));
}
function rtc(server) {
  const peer = new RTCPeerConnection({iceServers: [server]});
  peer.createDataChannel('d');
  return peer.createOffer().then(offer => peer.setLocalDescription(offer));
}
