import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { resolveSettings } from '../../config/resolve.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { readOptions } from '../../table/options.ts';
import { CLIENT, GLOBAL } from '../../table/sets.ts';
import { type Check, tried } from './check.ts';
import * as network from './network-checks.ts';
import { EXPIRED_CERT, EXPIRED_KEY } from './testing/expired-certificate.ts';

const VALID_MS = Date.parse('2020-01-10T00:00:00Z');

async function probeOf(args: readonly string[], more: Partial<network.Probe> = {}): Promise<network.Probe> {
  const given = readOptions([...args, '--disable-config-file'], { ...GLOBAL, ...CLIENT }, '');
  const settings = await resolveSettings({ given, env: {} });
  return { settings, nowMs: VALID_MS, signal: () => new AbortController().signal, ...more };
}

async function listening(t: TestContext, server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // The client goes as it likes.
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function tlsServer(t: TestContext): Promise<string> {
  const server = createTlsServer({ cert: EXPIRED_CERT, key: EXPIRED_KEY, ALPNProtocols: ['h2'] });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return listening(t, server);
}

async function tls(args: readonly string[], more?: Partial<network.Probe>): Promise<Check> {
  const probe = await probeOf(args, more);
  return tried('TLS', () => network.shakeHands(probe), network.adviceOnTls);
}

test('an address needs no look-up, and a name of nobody is not found', async () => {
  const found = async (address: string) => {
    const probe = await probeOf(['--address', address]);
    return tried('DNS', () => network.lookUp(probe), network.adviceOnHost(probe.settings));
  };
  assert.equal((await found('[::1]:1')).detail, '::1 is an address, no name');
  assert.match((await found('localhost:1')).detail, /^localhost is .*(127\.0\.0\.1|::1)/);
  const wrong = await found('a:99999');
  assert.deepEqual([wrong.state, wrong.advice], ['failed', 'correct the address, which comes from --address']);
  assert.equal(wrong.detail, 'the address must be HOST:PORT, it is "a:99999"');
});

test('a port where nothing listens, and one where something does', async (t) => {
  const reached = async (address: string) => {
    const probe = await probeOf(['--address', address]);
    return tried('TCP', () => network.reach(probe), network.adviceOnConnection(probe.settings));
  };
  const server = createServer();
  const address = await listening(t, server);
  const name = 'TCP';
  assert.deepEqual(await reached(address), { name, state: 'ok', detail: `${address} takes connections` });
  server.close();
  await once(server, 'close');
  const { state, detail, advice = '' } = await reached(address);
  assert.deepEqual([state, detail], ['failed', `connect ECONNREFUSED ${address}`]);
  assert.match(advice, /^nothing listens there: .*, which comes from --address$/);
});

test('the certificate of the server is shown, whatever is wrong with it', async (t) => {
  const address = ['--address', await tlsServer(t), '--tls'];
  const name = ['--tls-server-name', 'expired.test'];
  const expired = await tls([...address, ...name, '--tls-ca-data', EXPIRED_CERT]);
  assert.deepEqual([expired.state, expired.detail], ['failed', 'the certificate of the server has expired']);
  assert.equal(expired.advice, 'have the certificate of the server renewed');
  assert.deepEqual(expired.certificate, {
    ...{ subject: 'CN=expired.test', issuer: 'CN=expired.test', names: ['DNS:expired.test'], daysLeft: 22 },
    ...{ validFrom: '2020-01-01T00:00:00.000Z', validTo: '2020-02-01T00:00:00.000Z', isForHost: true },
  });
  const other = await tls([...address, '--tls-disable-host-verification']);
  assert.equal(other.state, 'warning');
  assert.match(other.detail, /^TLSv1\.3, and any certificate will do$/);
  assert.equal(other.certificate?.isForHost, false);
});

test('who does not speak TLS is found out', async (t) => {
  const plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const spoken = await tls(['--address', await listening(t, plain), '--tls']);
  assert.match(`${spoken.state}: ${spoken.advice}`, /^failed: the server does not speak TLS there/);
  const closing = createServer((socket) => socket.destroy());
  const closed = await tls(['--address', await listening(t, closing), '--tls']);
  assert.match(`${closed.state}: ${closed.advice}`, /^failed: the server ends the handshake/);
  const reason = new CommandError('no answer within 5 s', exitCode.TIMEOUT);
  const ending = new AbortController();
  const silent = createServer(() => ending.abort(reason));
  const waited = await tls(['--address', await listening(t, silent), '--tls'], { signal: () => ending.signal });
  assert.deepEqual([waited.state, waited.detail], ['failed', 'no answer within 5 s']);
});

test('the certificate of the client must be one, with its key, and of today', async () => {
  const present = async (args: readonly string[], nowMs = VALID_MS) => {
    const probe = await probeOf(args, { nowMs });
    const work = () => network.presentCertificate(probe);
    const { state, detail } = await tried('client certificate', work, network.adviceOnClientCertificate);
    return [state, detail];
  };
  const pair = ['--tls-cert-data', EXPIRED_CERT, '--tls-key-data', EXPIRED_KEY];
  assert.deepEqual(await present(pair), ['ok', 'it goes with its key, and is valid']);
  const soon = ['warning', 'it goes with its key, and is valid, but not for long'];
  assert.deepEqual(await present(pair, Date.parse('2020-01-30T00:00:00Z')), soon);
  const over = ['failed', 'it goes with its key, and is valid no more'];
  assert.deepEqual(await present(pair, Date.parse('2020-03-01T00:00:00Z')), over);
  const early = ['failed', 'it goes with its key, and is not yet valid'];
  assert.deepEqual(await present(pair, Date.parse('2019-12-31T00:00:00Z')), early);
  const [state, detail] = await present(['--tls-cert-data', 'x', '--tls-key-data', EXPIRED_KEY]);
  assert.equal(state, 'failed');
  assert.match(detail ?? '', /^the text of --tls-cert-data is not a certificate in PEM: /);
  const alone = ['failed', 'a certificate of the client needs its key, and the key its certificate'];
  assert.deepEqual(await present(['--tls-cert-data', EXPIRED_CERT]), alone);
});
