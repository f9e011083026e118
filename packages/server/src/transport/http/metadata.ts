// The metadata of an RPC that came over HTTP: the header fields that mean something to handlers.

import type { IncomingHttpHeaders } from 'node:http';
import { COMPATIBLE_VERSION } from '../../version.ts';
import type { RpcMetadata } from '../rpc.ts';

const FORWARDED = ['authorization', 'authorization-extras', 'x-forwarded-for', 'client-name', 'client-version'];
/** What stands behind it is the name of a metadata entry. */
const PREFIX = 'grpc-metadata-';

export function metadataOf(headers: IncomingHttpHeaders): RpcMetadata {
  const metadata = new Map([
    ['client-name', 'temporal-server-http'],
    ['client-version', COMPATIBLE_VERSION],
  ]);
  for (const [name, value] of Object.entries(headers)) {
    const given = Array.isArray(value) ? value.join(', ') : value;
    if (given === undefined) continue;
    if (FORWARDED.includes(name)) metadata.set(name, given);
    else if (name.startsWith(PREFIX)) metadata.set(name.slice(PREFIX.length), given);
  }
  return metadata;
}
