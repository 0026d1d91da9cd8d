// The script of the stand-in pages. It does what such pages do: brings the content late, follows links without
// a new page, and sends a good deal that nobody asked for.
(function () {
  'use strict';

  function scripts() {
    return Array.prototype.map.call(document.querySelectorAll('script[data-sjs]'), function (node) {
      return JSON.parse(node.textContent);
    });
  }

  function defined(name) {
    var value = null;
    scripts().forEach(function (script) {
      script.require.forEach(function (call) {
        if (call[0] !== 'ScheduledServerJS') return;
        (call[3][0].__bbox.define || []).forEach(function (entry) {
          if (entry[0] === name) value = entry[2];
        });
      });
    });
    return value;
  }

  var boot = defined('ClientBoot');
  var me = defined('CurrentUserInitialData');
  var root = document.querySelector('[data-x="root"]');
  var actions = boot.actions;
  var asked = 0;

  // ---- sending ---------------------------------------------------------------------------------------------

  function encode(fields) {
    var body = new URLSearchParams();
    Object.keys(fields).forEach(function (key) { body.append(key, fields[key]); });
    return body;
  }

  function common(more) {
    asked += 1;
    var fields = {
      av: me.USER_ID, __user: me.ACCOUNT_ID, __a: '1', __req: asked.toString(36), __comet_req: '15',
      fb_dtsg: boot.tokens.dtsg, jazoest: boot.tokens.jazoest, lsd: boot.tokens.lsd
    };
    if (boot.sso) fields.sso = boot.sso;
    Object.keys(more).forEach(function (key) { fields[key] = more[key]; });
    return fields;
  }

  function operation(name, variables) {
    return fetch(boot.endpoint, {
      method: 'POST',
      credentials: 'include',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-FB-Friendly-Name': name,
        'X-FB-LSD': boot.tokens.lsd
      },
      body: encode(common({
        fb_api_caller_class: 'RelayModern',
        fb_api_req_friendly_name: name,
        server_timestamps: 'true',
        variables: JSON.stringify(variables),
        doc_id: boot.doc_ids[name] || '9000000000000000'
      }))
    }).then(function (response) {
      if (!response.ok) throw new Error(String(response.status));
      return response.json();
    });
  }

  function quietly(promise) { promise.catch(function () {}); }

  function log(path, text) {
    quietly(fetch(path, { method: 'POST', credentials: 'include', body: encode(common({ q: text })), mode: 'no-cors' }));
  }

  // ---- showing ---------------------------------------------------------------------------------------------

  function actionOf(node) {
    var key = node.getAttribute('data-x');
    if (key === null || key === 'root') return null;
    return boot.shell[key] || actions[Number(key)];
  }

  function show(result, keep) {
    var extensions = result.extensions || {};
    if (extensions.redirect) { location.assign(extensions.redirect); return; }
    if (!extensions.view) throw new Error('nothing to show');
    if (keep) {
      // More of the same list: its actions follow those that are there.
      var shift = actions.length;
      var holder = document.createElement('div');
      holder.innerHTML = extensions.view.markup;
      Array.prototype.forEach.call(holder.querySelectorAll('[data-x]'), function (node) {
        node.setAttribute('data-x', String(Number(node.getAttribute('data-x')) + shift));
      });
      actions = actions.concat(extensions.view.actions);
      keep.replaceWith(holder);
      mount(holder);
      return;
    }
    actions = extensions.view.actions;
    document.title = extensions.view.title;
    root.innerHTML = extensions.view.markup;
    mount(root);
  }

  function mount(scope) {
    Array.prototype.forEach.call(scope.querySelectorAll('[data-x]'), function (node) {
      var action = actionOf(node);
      if (!action) return;
      if (action[0] === 'value') {
        if ('value' in node) node.value = action[1]; else node.textContent = action[1];
      } else if (action[0] === 'fires') {
        quietly(operation(action[1], action[2] || {}));
      } else if (action[0] === 'polls') {
        var ask = function () {
          operation(action[1], {}).catch(function () { return {}; }).then(function (result) {
            // Only after the answer: a question that comes behind the one that signs in is a write of its own.
            if (result.data && result.data.uri) location.assign(result.data.uri); else setTimeout(ask, 500);
          });
        };
        setTimeout(ask, 500);
      } else if (action[0] === 'later') {
        setTimeout(function () { quietly(load(action[1], action[2], node)); }, action[3]);
      } else if (action[0] === 'submits') {
        setTimeout(function () { submitNow(node, action[2], action[3]); }, action[1]);
      }
    });
  }

  function failed() {
    root.innerHTML = '<div role="main" class="' + boot.strings.error_class + '"><div role="alert"></div></div>';
    root.querySelector('[role=alert]').textContent = boot.strings.error;
  }

  function load(name, route, keep) {
    return operation(name, { route: route, scale: 1 }).then(function (result) { show(result, keep); });
  }

  function navigate(url) {
    var body = common({ 'route_urls[0]': url, routing_namespace: 'fb_comet' });
    return fetch('/ajax/bulk-route-definitions/', { method: 'POST', credentials: 'include', body: encode(body) })
      .then(function (response) {
        if (!response.ok) throw new Error(String(response.status));
        return response.text();
      })
      .then(function (text) {
        var payload = JSON.parse(text.replace('for (;;);', '')).payload.payloads[url];
        if (payload.error) throw new Error('no such route');
        history.pushState({}, '', url);
        return load(payload.result.exports.preload, url);
      })
      .then(function () { window.scrollTo(0, 0); })
      .catch(function () { location.assign(url); });
  }

  // ---- controls --------------------------------------------------------------------------------------------

  function fieldsOf(node) {
    var scope = node.closest('[role=main]') || document;
    return Array.prototype.map.call(
      scope.querySelectorAll('input, textarea, select, [role=textbox], [role=combobox]'),
      function (field) { return 'value' in field ? field.value : field.textContent; }
    );
  }

  function submitNow(node, name, id) {
    var form = node.closest('form');
    if (form) { form.submit(); return; }
    var input = { fields: fieldsOf(node), support_form_id: id, client_mutation_id: '1' };
    quietly(operation(name, { input: input }).then(show));
  }

  function close(layer) { if (layer) layer.remove(); }

  function open(name) {
    var layers = document.querySelectorAll('[data-layer]');
    Array.prototype.forEach.call(layers, close);
    var template = document.querySelector('template[data-t="' + name + '"]');
    var layer = document.createElement('div');
    layer.setAttribute('data-layer', '');
    layer.appendChild(template.content.cloneNode(true));
    document.body.appendChild(layer);
    mount(layer);
  }

  function choose(node, options) {
    var list = document.createElement('div');
    list.setAttribute('role', 'listbox');
    list.className = boot.strings.list_class;
    options.forEach(function (option) {
      var row = document.createElement('div');
      row.setAttribute('role', 'option');
      row.tabIndex = 0;
      row.textContent = option;
      row.addEventListener('click', function () {
        node.firstElementChild.textContent = option;
        node.setAttribute('aria-expanded', 'false');
        list.remove();
        draft();
      });
      list.appendChild(row);
    });
    node.setAttribute('aria-expanded', 'true');
    node.after(list);
  }

  function press(node, action) {
    var kind = action[0];
    if (kind === 'go') navigate(action[1]);
    else if (kind === 'load') location.assign(action[1]);
    else if (kind === 'open') open(action[1]);
    else if (kind === 'close') close(node.closest('[data-layer]') || node.closest('[role=dialog]'));
    else if (kind === 'mutate') {
      quietly(operation(action[1], action[2] || {}));
      if (action[3] === 'close') close(node.closest('[data-layer]') || node.closest('[role=dialog]'));
    } else if (kind === 'toggle') {
      var on = node.getAttribute('aria-checked') === 'true';
      node.setAttribute('aria-checked', String(!on));
      quietly(operation(action[1], { input: { value: !on } }));
    } else if (kind === 'submit') submitNow(node, action[1], action[2]);
    else if (kind === 'form') node.closest('form').requestSubmit();
    else if (kind === 'code' || kind === 'code_click') code(node, action[1]);
    else if (kind === 'ask') ask(action[1], action[2] || {});
    else if (kind === 'signin') signin(node.closest('form'), action[1]);
    else if (kind === 'login') login(node.closest('form'), action[1], action[2]);
    else if (kind === 'private') {
      var isPrivate = node.getAttribute('aria-checked') !== 'true';
      node.setAttribute('aria-checked', String(isPrivate));
      quietly(fetch(action[1], { method: 'POST', credentials: 'include', body: encode(common({ is_private: String(isPrivate) })) }));
    }
    else if (kind === 'more') quietly(load(action[1], action[2], node));
    else if (kind === 'unfold') { node.nextElementSibling.hidden = !node.nextElementSibling.hidden; }
    else if (kind === 'choose') choose(node, action[1]);
  }

  function tell(text) {
    var note = document.querySelector('[role=alert]');
    note.textContent = text;
    note.hidden = false;
  }

  function login(form, url, next) {
    var fields = {
      username: form.querySelector('input[type=text]').value,
      password: form.querySelector('input[type=password]').value,
      next: next
    };
    fetch(url, { method: 'POST', credentials: 'include', body: encode(common(fields)) })
      .then(function (response) { return response.json(); })
      .then(function (result) {
        if (result.uri) location.assign(result.uri);
        else tell(result.error);
      })
      .catch(function () { tell(boot.strings.error); });
  }

  function ask(name, input) {
    operation(name, { input: input, route: boot.route }).then(function (result) {
      if (result.data && result.data.uri) location.assign(result.data.uri);
      else if (result.data && result.data.error) tell(result.data.error);
    }).catch(failed);
  }

  function code(node, name) { ask(name, { code: document.querySelector('input').value }); }

  // Nobody is let in this way: it stands for a sign-in that the guard does not know.
  function signin(form, name) {
    operation(name, { input: { email: form.querySelector('input[type=text]').value } })
      .catch(function () { tell(boot.strings.error); });
  }

  var writing = 0;
  function draft() {
    clearTimeout(writing);
    writing = setTimeout(function () {
      quietly(operation('useSupportFormDraftSaveMutation', { input: { fields: fieldsOf(document.body) } }));
    }, 250);
  }

  document.addEventListener('click', function (event) {
    for (var node = event.target; node && node !== document.body; node = node.parentElement) {
      var action = node.getAttribute && actionOf(node);
      if (action && ['value', 'fires', 'polls', 'submits'].indexOf(action[0]) < 0) {
        event.preventDefault();
        press(node, action);
        return;
      }
      if (node.tagName === 'A' && node.href && !node.target && node.origin === location.origin &&
          !event.metaKey && !event.ctrlKey && boot.routed) {
        event.preventDefault();
        navigate(node.pathname + node.search);
        return;
      }
    }
  }, false);

  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Enter') return;
    var target = event.target;
    if (target.getAttribute('role') === 'button') { target.click(); event.preventDefault(); return; }
    if (target.tagName !== 'INPUT') return;
    var scope = target.closest('form') || target.closest('[role=main]') || document;
    var button = scope.querySelector('[role=button][data-x]');
    if (button && ['login', 'signin'].indexOf((actionOf(button) || [])[0]) >= 0) {
      event.preventDefault();
      button.click();
    } else if (button && scope.tagName === 'FORM' && !scope.querySelector('button[type=submit], input[type=submit]')) {
      event.preventDefault();
      scope.requestSubmit();
    } else if (button && scope.tagName !== 'FORM' && (actionOf(button) || [])[0] === 'code') {
      button.click();
    }
  }, false);

  document.addEventListener('input', function () { if (boot.drafts) draft(); }, false);
  window.addEventListener('popstate', function () { location.reload(); });

  // ---- what nobody asked for -------------------------------------------------------------------------------

  function unasked() {
    boot.own.forEach(function (name) { quietly(operation(name, { input: { actor_id: me.USER_ID } })); });
    boot.logs.forEach(function (path) { log(path, 'start'); });
    setInterval(function () { boot.logs.slice(0, 1).forEach(function (path) { log(path, 'tick'); }); }, 4000);
    boot.sockets.forEach(function (url) {
      try {
        var socket = new WebSocket(url);
        socket.binaryType = 'arraybuffer';
        socket.onopen = function () { socket.send(new Uint8Array([16, 1, 0, 6])); };
      } catch (error) { log(boot.logs[0], 'socket'); }
    });
    document.addEventListener('visibilitychange', function () {
      if (document.visibilityState === 'hidden') navigator.sendBeacon(boot.logs[0], encode(common({ q: 'hidden' })));
    });
    window.addEventListener('pagehide', function () {
      boot.logs.slice(0, 2).forEach(function (path) { navigator.sendBeacon(path, encode(common({ q: 'bye' }))); });
    });
  }

  mount(document);
  if (boot.noisy) unasked();
  if (boot.result) {
    setTimeout(function () { show(boot.result); }, 60);
  } else if (boot.operation) {
    load(boot.operation, boot.route).catch(function () { if (!boot.silent) failed(); });
  }
})();
