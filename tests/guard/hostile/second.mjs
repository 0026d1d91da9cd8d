// The hostile site over HTTP/2, by Node's own implementation: what arrives is told line by line, as JSON.
import {createSecureServer} from 'node:http2';
import {EventEmitter} from 'node:events';
import {readFileSync} from 'node:fs';

const pem = readFileSync(process.argv[2]);
const pages = {
  '/early': `<!doctype html><title>early</title>`,
  '/early-frame': `<!doctype html><title>frame</title><iframe src=/early></iframe>`,
  '/speculation': `<!doctype html><title>speculation</title><script type=speculationrules>${JSON.stringify({
    prefetch: [{urls: ['/logout.php?c=rules'], eagerness: 'immediate'}]})}</script>`,
};
const arrivals = new EventEmitter();
const HINT = '/logout.php?c=early', HINTS = 50, BETWEEN_HINTS_MS = 100;
const server = createSecureServer({key: pem, cert: pem, allowHTTP1: true, enableConnectProtocol: true,
  settings: {enableConnectProtocol: true, headerTableSize: 65536}});
server.on('stream', (stream, headers) => {
  const path = headers[':path'];
  arrivals.emit(path);
  let length = 0;
  stream.on('error', () => 0);
  const arrived = () => tell({method: headers[':method'], host: headers[':authority'], path, length,
    protocol: headers[':protocol'] ?? 'h2', headers: Object.keys(headers).length});
  if (headers[':method'] === 'CONNECT') {  // its end comes with the browser's
    arrived();
    return stream.respond({':status': 200});
  }
  stream.on('data', piece => { length += piece.length; });
  stream.on('end', arrived);
  const answer = () => {
    if (stream.destroyed) return;
    stream.respond({':status': 200, 'content-type': 'text/html', 'cache-control': 'no-store', ...binding(path)});
    stream.end(pages[path] ?? '<!doctype html><title>blank</title>');
  };
  if (!path.startsWith('/early')) return answer();
  // A browser passes over a hint that comes with the page, and one that comes before it has a process for the page.
  let left = HINTS;
  const hint = () => {
    if (stream.destroyed) return;
    if (left-- === 0) return answer();
    for (const place of [HINT, '/picture?c=early']) {
      stream.additionalHeaders({':status': 103, link: `<${place}>; rel=preload; as=image`});
    }
    again = setTimeout(hint, BETWEEN_HINTS_MS);
  };
  let again;
  hint();
  arrivals.once(HINT, () => {
    clearTimeout(again);
    answer();
  });
});
server.on('request', (request, response) => {
  if (request.httpVersionMajor === 2) return;
  tell({method: request.method, host: request.headers.host, path: request.url, protocol: 'http/1.1'});
  response.end();
});
server.on('upgrade', (request, socket) => {
  tell({method: request.method, host: request.headers.host, path: request.url, protocol: 'websocket'});
  socket.destroy();
});
const binding = path => path !== '/binding' ? {} : {
  'secure-session-registration': '(ES256 RS256);path="/registration?c=binding";challenge="abc"',
  'sec-session-registration': '(ES256 RS256);path="/registration?c=binding-old";challenge="abc"'};
const tell = arrival => process.stdout.write(JSON.stringify(arrival) + '\n');
server.listen(0, '127.0.0.1', () => tell({port: server.address().port}));
