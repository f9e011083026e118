// Completion callbacks that requests bring: how many, how long, and where they may lead.

import { invalidArgument, unimplemented } from '@perdure/api';
import { Callback, type Callback_Nexus } from '@perdure/api/common';
import { byteLength } from '@perdure/core';
import { checkAddress } from '../config/callback-addresses.ts';
import type { Namespace } from './namespaces/registry.ts';

/** Targets inside the service that only Nexus endpoints use. */
const INTERNAL_SCHEME = 'temporal:';

export interface CheckedCallbacks {
  /** Encoded, with the names of headers in lower case. */
  readonly callbacks: readonly Uint8Array[];
  /** Encoded Links that they carry. */
  readonly links: readonly Uint8Array[];
}

/** @throws INVALID_ARGUMENT, with the texts that clients know; UNIMPLEMENTED */
export function checkCallbacks(encoded: readonly Uint8Array[], namespace: Namespace): CheckedCallbacks {
  const { callbacksMax } = namespace.settings.limits;
  if (encoded.length > callbacksMax) {
    throw invalidArgument(`cannot attach more than ${callbacksMax} callbacks to an execution`);
  }
  const links: Uint8Array[] = [];
  const callbacks = encoded.map((bytes) => {
    const callback = Callback.decode(bytes);
    links.push(...callback.links);
    if (!callback.nexus) throw unimplemented('completion callbacks other than Nexus ones are not implemented');
    const header = checkNexus(callback.nexus, namespace);
    return Callback.encode({ ...callback, nexus: { ...callback.nexus, header } });
  });
  return { callbacks, links };
}

/** Returns the header with names in lower case. */
function checkNexus({ url, header }: Callback_Nexus, namespace: Namespace): Map<string, string> {
  const { callbackUrlLengthMax, callbackHeaderSizeMax, callbackAddresses } = namespace.settings;
  if (byteLength(url) > callbackUrlLengthMax) {
    throw invalidArgument(`invalid url: url length longer than max length allowed of ${callbackUrlLengthMax}`);
  }
  if (url.startsWith(INTERNAL_SCHEME)) throw unimplemented(`completion callbacks to ${url} are not implemented`);
  const problem = checkAddress(url, callbackAddresses);
  if (problem !== undefined) throw invalidArgument(problem);
  let size = 0;
  for (const [name, value] of header) size += byteLength(name) + byteLength(value);
  if (size > callbackHeaderSizeMax) {
    throw invalidArgument(`invalid header: header size longer than max allowed size of ${callbackHeaderSizeMax}`);
  }
  return new Map([...header].map(([name, value]) => [name.toLowerCase(), value]));
}
