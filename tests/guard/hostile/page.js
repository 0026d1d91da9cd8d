// Runs the ways out of this page at its moment, each with addresses that name it.
const parameters = new URLSearchParams(location.search);
const moment = parameters.get('moment');
const only = parameters.get('only');
const jobs = only ? {[only]: LEAVING[only]} : parameters.get('table') === 'FURTHER' ? FURTHER : QUIET;
const at = name => {
  const id = `${moment}.${name}`;
  const hit = `https://site.test/hit/${id}`;
  const away = `https://away.test/hit/${id}`;
  const read = (status, then) => `https://site.test/read?status=${status}&then=${encodeURIComponent(then)}`;
  return {
    hit, away, bye: `https://site.test/logout.php?c=${id}`, near: `https://near.site.test/hit/${id}`, nearOrigin: 'https://near.site.test', tag: `c=${id}`,
    read: status => read(status, hit), readAway: read(307, away),
    datagrams: parameters.get('datagrams'), raw: parameters.get('raw'),
  };
};
function run() {
  if (window.ran) return;
  window.ran = Object.keys(jobs);
  for (const [name, job] of Object.entries(jobs)) {
    try { Promise.resolve(job(at(name))).catch(() => 0); } catch { /* this browser lacks it */ }
  }
}
const act = () => { run(); document.title = 'ran'; };
document.getElementById('go').addEventListener('click', act);
if (moment === 'load') addEventListener('load', () => setTimeout(act));
if (['leave', 'close', 'context'].includes(moment)) addEventListener('pagehide', run);
document.title = 'ready';
