// What of `config doctor` needs no server that answers: the name of the host, the connection, TLS and certificates.

import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { untilAborted } from '../../client/client.ts';
import { hostAndPort } from '../../client/connect.ts';
import { clientCertificate, tlsOptions } from '../../client/tls-options.ts';
import type { ClientSettings } from '../../config/resolve.ts';
import { type CertificateInfo, certificateInfo, validityOf } from './certificate.ts';
import { CheckError, codeOf, type Finding, whence } from './check.ts';

export interface Probe {
  readonly settings: ClientSettings;
  /** Of one step. @throws the reason that it is aborted for */
  readonly signal: () => AbortSignal;
  readonly nowMs: number;
}

export async function lookUp({ settings, signal }: Probe): Promise<Finding> {
  const { host } = hostAndPort(settings.address);
  if (isIP(host) !== 0) return { detail: `${host} is an address, no name` };
  const { lookup } = await import('node:dns/promises');
  const found = await untilAborted(lookup(host, { all: true }), signal());
  return { detail: `${host} is ${found.map(({ address }) => address).join(', ')}` };
}

export function adviceOnHost(settings: ClientSettings) {
  return (error: Error): string | undefined => {
    if (/^(EAI_AGAIN|ETIMEOUT|ETIMEDOUT)$/.test(codeOf(error)))
      return 'look whether this machine reaches its name server';
    return `correct the address, ${whence(settings, 'address')}`;
  };
}

export async function reach({ settings, signal }: Probe): Promise<Finding> {
  const { host, port } = hostAndPort(settings.address);
  const socket = connect({ host, port });
  await connected(socket, 'connect', signal());
  const { remoteAddress = host } = socket;
  socket.destroy();
  return { detail: `${isIP(remoteAddress) === 6 ? `[${remoteAddress}]` : remoteAddress}:${port} takes connections` };
}

export function adviceOnConnection(settings: ClientSettings) {
  return (error: Error): string | undefined => {
    if (codeOf(error) === 'ECONNREFUSED') {
      return `nothing listens there: start a server (perdure server start-dev), or correct the address, ${whence(settings, 'address')}`;
    }
    return `look whether a firewall or a VPN is in between, and whether the address is right, ${whence(settings, 'address')}`;
  };
}

export async function presentCertificate({ settings, nowMs }: Probe): Promise<Finding> {
  const found = await clientCertificate(settings);
  if (found === undefined) throw new Error('there is no certificate to present');
  const certificate = certificateInfo(found.certificate, nowMs);
  const validity = validityOf(certificate, nowMs);
  const finding = { detail: `it goes with its key, and is ${validityText(validity)}`, certificate };
  if (validity === 'valid') return finding;
  const advice = validity === 'not yet valid' ? 'look at the clock of this machine' : 'have it renewed';
  if (validity === 'ends soon') return { ...finding, advice, isWarning: true };
  throw new CheckError({ ...finding, advice });
}

export function adviceOnClientCertificate(): string {
  return 'correct --tls-cert-path and --tls-key-path, or where else they are set';
}

function validityText(validity: ReturnType<typeof validityOf>): string {
  return validity === 'ends soon' ? 'valid, but not for long' : validity === 'over' ? 'valid no more' : validity;
}

/** Looks at the certificate also where the client would refuse it. */
export async function shakeHands({ settings, signal, nowMs }: Probe): Promise<Finding> {
  const { host, port } = hostAndPort(settings.address);
  const { rejectUnauthorized, ...options } = await tlsOptions(settings);
  const tls = await import('node:tls');
  const socket = tls.connect({ host, port, ...options, ALPNProtocols: ['h2'], rejectUnauthorized: false });
  await connected(socket, 'secureConnect', signal());
  const peer = socket.getPeerX509Certificate();
  const name = options.servername ?? host;
  const protocol = socket.getProtocol() ?? 'TLS';
  // Node.js has an error here only if it is one, whatever the types say.
  const refusal = socket.authorizationError as Error | string | null | undefined;
  socket.destroy();
  if (peer === undefined) throw new CheckError({ detail: 'the server shows no certificate' });
  const mismatch = tls.checkServerIdentity(name, peer.toLegacyObject());
  const certificate = { ...certificateInfo(peer, nowMs), isForHost: mismatch === undefined };
  if (rejectUnauthorized === false) return unverified(certificate, protocol);
  if (refusal) throw new CheckError({ ...refused(String(refusal), name), certificate });
  const detail = `${protocol}, and the certificate is that of ${name}`;
  if (validityOf(certificate, nowMs) === 'valid') return { detail, certificate };
  const advice = 'have the certificate of the server renewed';
  return { detail: `${detail}, but not for long`, certificate, advice, isWarning: true };
}

function unverified(certificate: CertificateInfo, protocol: string): Finding {
  const advice = 'leave out --tls-disable-host-verification where it matters who answers';
  return { detail: `${protocol}, and any certificate will do`, certificate, advice, isWarning: true };
}

/** @param reason a code of OpenSSL, or a message of Node.js */
function refused(reason: string, name: string): Finding {
  const [, detail, advice] =
    REFUSALS.find(([pattern]) => pattern.test(reason)) ??
    ([/./, `the certificate is refused: ${reason}`, undefined] as const);
  return { detail: detail.replace('NAME', () => name), advice };
}

const REFUSALS: readonly (readonly [reason: RegExp, detail: string, advice: string])[] = [
  [
    /ALTNAME/,
    'the certificate is not that of NAME',
    'name the server as its certificate does with --tls-server-name, or correct the address',
  ],
  [/CERT_HAS_EXPIRED/, 'the certificate of the server has expired', 'have the certificate of the server renewed'],
  [/CERT_NOT_YET_VALID/, 'the certificate of the server is not valid yet', 'look at the clock of this machine'],
  [
    /SELF_SIGNED|UNABLE_TO|UNTRUSTED/,
    'this machine does not trust who certifies the server',
    'name who certifies it with --tls-ca-path',
  ],
];

export function adviceOnTls(error: Error): string | undefined {
  const advices: readonly [RegExp, string][] = [
    [
      /alert/i,
      'the server refuses the handshake: it may want a certificate of the client (--tls-cert-path and --tls-key-path)',
    ],
    [
      /wrong version number|packet length|EPROTO/i,
      'the server does not speak TLS there: switch it off (--tls=false), or correct the address',
    ],
    [
      /ECONNRESET|disconnected before/i,
      'the server ends the handshake: it may not speak TLS there, or want another name (--tls-server-name)',
    ],
  ];
  return advices.find(([pattern]) => pattern.test(`${codeOf(error)} ${error.message}`))?.[1];
}

/** @throws {Error} it does not come so far. @throws the reason of the signal */
async function connected(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  try {
    await untilAborted(once(socket, event), signal);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
