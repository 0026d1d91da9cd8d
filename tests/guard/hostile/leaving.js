// Ways out that take the page away with them: one for each page.
const fill = (method, action, attributes = {}) => {
  const made = Object.assign(document.createElement('form'), {method, action, ...attributes});
  made.innerHTML = '<input name=a value=1><button>x</button>';
  document.body.append(made);
  return made;
};
const LEAVING = {
  form_submit: ({hit}) => fill('post', hit).submit(),
  form_button: ({hit}) => fill('post', hit).querySelector('button').click(),
  form_multipart: ({hit}) => fill('post', hit, {enctype: 'multipart/form-data'}).submit(),
  form_text: ({hit}) => fill('post', hit, {enctype: 'text/plain'}).submit(),
  form_near: ({near}) => fill('post', near).submit(),
  form_away: ({away}) => fill('post', away).submit(),
  form_redirected_307: ({read}) => fill('post', read(307)).submit(),
  form_redirected_308: ({read}) => fill('post', read(308)).submit(),
  form_top_from_frame: ({hit}) => {
    const made = document.createElement('iframe');
    made.srcdoc = `<form method=post target=_top action="${hit}"></form><script>document.forms[0].submit()</` + 'script>';
    document.body.append(made);
  },
  form_enter: ({hit}) => fill('post', hit).requestSubmit(),
  location_away: ({away}) => { location.href = away; },
  location_replace_away: ({away}) => location.replace(away),
  location_redirected_away: ({readAway}) => { location.href = readAway; },
  link_away: ({away}) => Object.assign(document.body.appendChild(document.createElement('a')), {href: away}).click(),
  meta_refresh_away: ({away}) => document.head.insertAdjacentHTML('beforeend', `<meta http-equiv=refresh content="0;url=${away}">`),
  navigation_api_away: ({away}) => { navigation.navigate(away).finished.catch(() => 0); },
  location_script: ({hit}) => { location.href = `javascript:void fetch('${hit}', {method: 'POST', body: 'x'})`; },
  location_logout: ({tag}) => { location.href = '/logout.php?' + tag; },
  // Stays, but browsers prefetch only for a page that is seen: the last one of its own.
  rules: ({tag}) => rules('/logout.php?' + tag),
};
