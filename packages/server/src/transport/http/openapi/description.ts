// What the documents say about the API as a whole.

import type { JsonObject } from './types.ts';

export interface Description {
  readonly info: JsonObject;
  readonly tags: readonly JsonObject[];
}

export const STATUS = 'google.rpc.Status';

export function describeApi(version: string, services: Iterable<string>): Description {
  return {
    info: {
      title: 'Temporal API',
      description:
        'The HTTP/JSON form of the gRPC API. Names of fields may also be written as in the .proto files. `?pretty` indents; `?noPayloadShorthand` shows payloads whole. Errors are google.rpc.Status.',
      version,
    },
    tags: [...services].map((name) => ({ name })),
  };
}
