import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderOf, INDEX, startSite } from './testing/site.ts';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const folder = folderOf({
  'index.html': INDEX,
  'favicon.svg': '<svg/>',
  '.env': 'secret',
  'assets/app-BxY_12-z.js': 'app()',
  'assets/app-BxY_12-z.js.br': 'brotli',
  'assets/app-BxY_12-z.js.gz': 'gzip',
  'assets/fonts/inter-abcdefgh.woff2': 'font',
});
const outside = folderOf({ 'secret.txt': 'secret' });
symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'));
symlinkSync(outside, join(folder, 'linked'));
const site = await startSite({ ui: { folder }, server: { httpPort: 0 } });

test('the page says where it lies, what it may do, and is new each time', async () => {
  const pages = await Promise.all([site.get('/'), site.get('/index.html'), site.get('/', HTML)]);
  const nonces = pages.map(({ status, headers, body }) => {
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    const [, nonce = ''] = /'nonce-([^']+)'/.exec(headers['content-security-policy']?.toString() ?? '') ?? [];
    assert.match(body, /<head lang="en"><base href="\/"><meta property="csp-nonce"/);
    assert.ok(!body.includes('/old/') && !body.includes('__CSP_NONCE__'), body);
    assert.ok(body.includes(`<link nonce="${nonce}">`));
    const hash = createHash('sha256').update('theme()').digest('base64');
    const policy = new Map(
      (headers['content-security-policy']?.toString() ?? '').split('; ').map((one) => {
        const [name = '', ...values] = one.split(' ');
        return [name, values.join(' ')];
      }),
    );
    assert.equal(policy.get('default-src'), "'none'");
    assert.equal(policy.get('script-src'), `'self' 'sha256-${hash}'`);
    assert.equal(policy.get('frame-ancestors'), "'none'");
    return nonce;
  });
  assert.equal(new Set(nonces).size, 3);
});

test('whoever asks for HTML gets the page, at any path; others what the HTTP API answers', async () => {
  for (const path of ['/namespaces/default/workflows', '/namespaces/a/workflows/order.1/run', '/no%2Fwhere.html']) {
    const { status, body } = await site.get(path, HTML);
    assert.equal(status, 200, path);
    assert.match(body, /csp-nonce/, path);
  }
  for (const path of ['/api/v1/namespaces/default/workflows', '/namespaces/default/workflows']) {
    const { status, headers, body } = await site.get(path);
    assert.deepEqual([status, headers['content-type'], body], [200, 'application/json', '{}\n'], path);
  }
  assert.equal((await site.get('/api/v1/nothing', HTML)).status, 404);
  assert.equal((await site.get('/assets/gone-12345678.js', HTML)).status, 404);
  assert.equal((await site.get('/nothing')).status, 404);
  for (const path of ['/', '/namespaces']) assert.match((await site.get(path)).body, /csp-nonce/, path);
  const head = await site.get('/', {}, 'HEAD');
  assert.deepEqual([head.status, head.body, Number(head.headers['content-length']) > 0], [200, '', true]);
});

test('files come in the smallest form that the client takes', async () => {
  const path = '/assets/app-BxY_12-z.js';
  const forms = [
    ['gzip, deflate, br', 'br', 'brotli'],
    ['gzip;q=1, br;q=0', 'gzip', 'gzip'],
    ['GZIP', 'gzip', 'gzip'],
    ['deflate', undefined, 'app()'],
    ['', undefined, 'app()'],
  ] as const;
  const etags = new Set();
  for (const [accepted, coding, content] of forms) {
    const { status, headers, body } = await site.get(path, { 'accept-encoding': accepted });
    assert.deepEqual([status, headers['content-encoding'], body], [200, coding, content]);
    assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(headers.vary, 'Accept-Encoding');
    etags.add(headers.etag);
  }
  assert.equal(etags.size, 3);
  const font = await site.get('/assets/fonts/inter-abcdefgh.woff2');
  assert.deepEqual([font.headers['content-type'], font.body], ['font/woff2', 'font']);
});

test('a file whose name says nothing of its content is asked for again, and sent if it has changed', async () => {
  const first = await site.get('/favicon.svg');
  assert.deepEqual([first.headers['cache-control'], first.headers['content-type']], ['no-cache', 'image/svg+xml']);
  const etag = first.headers.etag ?? '';
  for (const header of [etag, `"x", W/${etag}`, '*']) {
    const again = await site.get('/favicon.svg', { 'if-none-match': header });
    assert.deepEqual([again.status, again.body, again.headers.etag], [304, '', etag]);
  }
  assert.equal((await site.get('/favicon.svg', { 'if-none-match': '"x"' })).status, 200);
  const head = await site.get('/favicon.svg', {}, 'HEAD');
  assert.deepEqual([head.status, head.body, head.headers['content-length']], [200, '', '6']);
});

test('nothing outside of the folder is served, nor what is hidden in it', async () => {
  const paths = ['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/.env'];
  paths.push('/link.txt', '/linked/secret.txt', '/assets', '/assets/', '//etc/passwd', '/favicon.svg/x', '/a%00b');
  paths.push(`/${'x'.repeat(300)}`, '/assets/..%5c..%5csecret.txt');
  for (const path of paths) {
    const { status, body } = await site.get(path);
    assert.equal(status, 404, path);
    assert.ok(!body.includes('secret'), path);
  }
  assert.equal((await site.get('/%zz')).status, 400);
});

test('pages of other origins, and names that may be of the internet, are refused', async () => {
  for (const path of ['/', '/favicon.svg', '/ui-api/v1/info', '/api/v1/system-info']) {
    for (const headers of [{ host: 'evil.example.com' }, { origin: 'http://evil.example.com' }]) {
      const { status, body } = await site.get(path, headers);
      assert.equal(status, 403, path);
      assert.equal((JSON.parse(body) as { code: number }).code, 7);
    }
    assert.equal((await site.get(path, { origin: site.url })).status, 200, path);
  }
});

test('no cache keeps what the API says', async () => {
  for (const path of ['/api/v1/system-info', '/api/v1/namespaces/nowhere', '/ui-api/v1/info']) {
    assert.equal((await site.get(path)).headers['cache-control'], 'no-store', path);
  }
});

test('below a base path, and nowhere else', async () => {
  const below = await startSite({ ui: { basePath: '/tools/perdure/' } });
  assert.match((await below.get('/tools/perdure/')).body, /<base href="\/tools\/perdure\/">/);
  assert.match((await below.get('/tools/perdure/namespaces/x', HTML)).body, /<base href="\/tools\/perdure\/">/);
  assert.equal((await below.get('/tools/perdure/api/v1/system-info?pretty')).status, 200);
  assert.equal((await below.get('/tools/perdure/ui-api/v1/info')).status, 200);
  for (const path of ['/', '/tools/perdure']) {
    const { status, headers } = await below.get(path);
    assert.deepEqual([status, headers.location], [302, '/tools/perdure/']);
  }
  for (const path of ['/api/v1/system-info', '/tools/perdurex/', '/tools']) {
    assert.equal((await below.get(path, HTML)).status, 404, path);
  }
});

test('without a built UI the server says how to make it, and serves its API', async () => {
  const empty = await startSite({ ui: { folder: join(folder, 'missing') } });
  const { status, body } = await empty.get('/');
  assert.equal(status, 503);
  assert.match(body, /npm run build/);
  assert.equal((await empty.get('/api/v1/system-info')).status, 200);
});

test('the page learns that this is more than the HTTP API, unless that is switched off', async () => {
  const { status, body, headers } = await site.get('/ui-api/v1/info');
  assert.equal(status, 200);
  assert.equal(headers['cache-control'], 'no-store');
  const info = JSON.parse(body) as { name: string; addresses: Record<string, string>; defaultNamespace: string };
  assert.deepEqual([info.name, info.defaultNamespace], ['perdure', 'default']);
  const { address, httpAddress } = site.server;
  const http = `http://127.0.0.1:${httpAddress?.port}`;
  assert.deepEqual(info.addresses, { grpc: `127.0.0.1:${address.port}`, http });
  const post = await site.get('/ui-api/v1/info', {}, 'POST');
  assert.deepEqual([post.status, post.headers.allow], [405, 'GET, HEAD']);
  assert.equal((await site.get('/ui-api/v1/info', {}, 'HEAD')).status, 200);
  for (const path of ['/ui-api/v1/', '/ui-api/v2/info', '/ui-api/v1/info/x']) {
    assert.equal((await site.get(path, HTML)).status, 404, path);
  }
  const plain = await startSite({ config: { global: { uiExtras: false } }, ui: { codecEndpoint: 'http://codec' } });
  assert.equal((await plain.get('/ui-api/v1/info')).status, 404);
  assert.equal((await plain.get('/api/v1/system-info')).status, 200);
});

test('where the port is taken, the next free one will do, if the caller says so', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const address = blocker.address();
  assert.ok(address !== null && typeof address === 'object');
  await assert.rejects(startSite({ ui: { port: address.port } }), { code: 'EADDRINUSE', port: address.port });
  const next = await startSite({ ui: { port: address.port, orNextFree: true } });
  blocker.close();
  assert.ok((next.server.uiAddress?.port ?? 0) > address.port);
});
