// Certificates and keys of the configuration, read and looked at before they are used: what is wrong with them is said by
// their names.

import { readFile } from 'node:fs/promises';
import type { RpcTlsOptions } from '@perdure/server/rpc-client';
import type { ClientSettings } from '../config/resolve.ts';
import { CommandError, exitCode } from '../exit.ts';

/** @throws {CommandError} a file cannot be read, is not PEM, or does not go with another */
export async function tlsOptions(settings: ClientSettings): Promise<RpcTlsOptions> {
  const [cert, key, ca] = await Promise.all(
    ['cert', 'key', 'ca'].map((which) => pem(settings, `tls-${which}-data`, `tls-${which}-path`)),
  );
  if ((cert === undefined) !== (key === undefined)) {
    throw new CommandError('a certificate of the client needs its key, and the key its certificate', exitCode.USAGE);
  }
  await checkPems({ cert, key, ca });
  const servername = settings.text('tls-server-name');
  return {
    ...(cert && { cert: cert.text }),
    ...(key && { key: key.text }),
    ...(ca && { ca: ca.text }),
    ...(servername === undefined ? {} : { servername }),
    rejectUnauthorized: settings.text('tls-disable-host-verification') !== 'true',
  };
}

interface Pem {
  readonly text: string;
  /** Where it comes from. */
  readonly name: string;
}

async function pem(settings: ClientSettings, dataOption: string, pathOption: string): Promise<Pem | undefined> {
  const data = settings.text(dataOption);
  const path = settings.text(pathOption);
  // Said in two places, the stronger one counts.
  if (data !== undefined && (path === undefined || settings.rank(dataOption) <= settings.rank(pathOption))) {
    return { text: data, name: `${dataOption} (${settings.origin(dataOption)})` };
  }
  if (path === undefined) return undefined;
  const name = `${path} (${settings.origin(pathOption)})`;
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${name} cannot be read: ${error.message}`, exitCode.FAILED);
  });
  return { text, name };
}

type Pems = Readonly<Record<'cert' | 'key' | 'ca', Pem | undefined>>;

async function checkPems({ cert, key, ca }: Pems): Promise<void> {
  if (cert === undefined && ca === undefined) return;
  const { createPrivateKey, X509Certificate } = await import('node:crypto');
  if (ca !== undefined) parsed(ca, 'a certificate in PEM', (text) => new X509Certificate(text));
  if (cert === undefined || key === undefined) return;
  const certificate = parsed(cert, 'a certificate in PEM', (text) => new X509Certificate(text));
  const privateKey = parsed(key, 'a private key in PEM without a passphrase', createPrivateKey);
  if (certificate.checkPrivateKey(privateKey)) return;
  throw new CommandError(`the key ${key.name} is not that of the certificate ${cert.name}`, exitCode.FAILED);
}

/** @throws {CommandError} */
function parsed<T>({ text, name }: Pem, what: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    throw new CommandError(`${name} is not ${what}: ${(error as Error).message}`, exitCode.FAILED);
  }
}
