// Clients say who they are; one that is too new for this API is refused before it can do harm.

import { clientVersionNotSupported, invalidArgument } from '@perdure/api';
import type { RpcMetadata } from '../transport/rpc.ts';

/** First major version that is not supported, by client name. Unknown clients are let through. */
const MAJOR_TOO_NEW: ReadonlyMap<string, number> = new Map([
  ['temporal-go', 2],
  ['temporal-java', 2],
  ['temporal-php', 2],
  ['temporal-typescript', 2],
  ['temporal-cli', 2],
  ['temporal-server', 2],
  ['temporal-ui', 3],
]);

/** @throws FAILED_PRECONDITION */
export function checkClientVersion(metadata: RpcMetadata): void {
  const name = metadata.get('client-name');
  const tooNew = name === undefined ? undefined : MAJOR_TOO_NEW.get(name);
  if (name === undefined || tooNew === undefined) return;
  const version = metadata.get('client-version') ?? '';
  if (version === '') return;
  const major = Number.parseInt(version, 10);
  if (Number.isNaN(major)) throw invalidArgument(`Unable to parse client version: ${version}`);
  if (major < tooNew) return;
  const supported = `<${tooNew}.0.0`;
  throw clientVersionNotSupported(
    `Client version ${version} is not supported. Server supports ${name} versions: ${supported}`,
    { clientVersion: version, clientName: name, supportedVersions: supported },
  );
}
