// Nexus endpoints as the API has them.
import { jsonValue, type Payload } from '@perdure/ui-core';

export interface EndpointTarget {
  readonly worker?: { readonly namespace?: string; readonly taskQueue?: string };
  readonly external?: { readonly url?: string };
}

export interface EndpointSpec {
  readonly name?: string;
  readonly description?: Payload;
  readonly target?: EndpointTarget;
}

export interface Endpoint {
  readonly id?: string;
  /** Of the endpoint itself: another one after each change. */
  readonly version?: string;
  readonly spec?: EndpointSpec;
  readonly createdTime?: string;
  readonly lastModifiedTime?: string;
  readonly urlPrefix?: string;
}

/** Its Markdown; undefined: it has none, or something else. */
export function descriptionOf({ description }: EndpointSpec): string | undefined {
  const value = description && jsonValue(description);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function targetWords({ worker, external }: EndpointTarget = {}): string {
  return worker ? `${worker.namespace ?? ''} / ${worker.taskQueue ?? ''}` : (external?.url ?? '');
}
