// Certificates and keys of the configuration, read and looked at before they are used: what is wrong with them is said by
// their names.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RpcTlsOptions } from '@perdure/server/rpc-client';
import type { ClientSettings } from '../config/resolve.ts';
import { CommandError, exitCode } from '../exit.ts';

/** @throws {CommandError} a file cannot be read, is not PEM, or does not go with another */
export async function tlsOptions(settings: ClientSettings): Promise<RpcTlsOptions> {
  const [client, ca] = await Promise.all([clientCertificate(settings), pem(settings, 'ca')]);
  if (ca !== undefined) parsed(ca, 'a certificate in PEM', (text) => new X509Certificate(text));
  const servername = settings.text('tls-server-name');
  return {
    ...(client && { cert: client.cert, key: client.key }),
    ...(ca && { ca: ca.text }),
    ...(servername === undefined ? {} : { servername }),
    rejectUnauthorized: settings.text('tls-disable-host-verification') !== 'true',
  };
}

export interface ClientCertificate {
  /** PEM, as the key is. */
  readonly cert: string;
  readonly key: string;
  readonly certificate: X509Certificate;
}

/** Undefined: there is none. @throws {CommandError} */
export async function clientCertificate(settings: ClientSettings): Promise<ClientCertificate | undefined> {
  const [cert, key] = await Promise.all([pem(settings, 'cert'), pem(settings, 'key')]);
  if ((cert === undefined) !== (key === undefined)) {
    throw new CommandError('a certificate of the client needs its key, and the key its certificate', exitCode.USAGE);
  }
  if (cert === undefined || key === undefined) return undefined;
  const certificate = parsed(cert, 'a certificate in PEM', (text) => new X509Certificate(text));
  const privateKey = parsed(key, 'a private key in PEM without a passphrase', createPrivateKey);
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CommandError(`the key ${key.name} is not that of the certificate ${cert.name}`, exitCode.FAILED);
  }
  return { cert: cert.text, key: key.text, certificate };
}

interface Pem {
  readonly text: string;
  /** Where it comes from. */
  readonly name: string;
}

async function pem(settings: ClientSettings, which: 'cert' | 'key' | 'ca'): Promise<Pem | undefined> {
  const [dataOption, pathOption] = [`tls-${which}-data`, `tls-${which}-path`] as const;
  const data = settings.text(dataOption);
  const path = settings.text(pathOption);
  // Said in two places, the stronger one counts.
  if (data !== undefined && (path === undefined || settings.rank(dataOption) <= settings.rank(pathOption))) {
    return { text: data, name: `of ${settings.origin(dataOption)}` };
  }
  if (path === undefined) return undefined;
  const name = `${path} (${settings.origin(pathOption)})`;
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${name} cannot be read: ${error.message}`, exitCode.FAILED);
  });
  return { text, name };
}

/** @throws {CommandError} */
function parsed<T>({ text, name }: Pem, what: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    throw new CommandError(`the text ${name} is not ${what}: ${(error as Error).message}`, exitCode.FAILED);
  }
}
