// What the form of a Nexus endpoint holds, and the endpoint that it describes.
import type { Actions } from '@perdure/ui-core';
import { payloadOf } from '../../payloads/encode.ts';
import { descriptionOf, type EndpointSpec } from './endpoint.ts';

export interface EndpointForm {
  readonly name: string;
  readonly kind: 'worker' | 'external';
  readonly namespace: string;
  readonly taskQueue: string;
  readonly url: string;
  /** Markdown */
  readonly description: string;
}

export function formOf(spec: EndpointSpec, namespace: string): EndpointForm {
  const { worker, external } = spec.target ?? {};
  return {
    name: spec.name ?? '',
    kind: external ? 'external' : 'worker',
    namespace: worker?.namespace ?? namespace,
    taskQueue: worker?.taskQueue ?? '',
    url: external?.url ?? '',
    description: descriptionOf(spec) ?? '',
  };
}

export function specOf({ name, kind, namespace, taskQueue, url, description }: EndpointForm): EndpointSpec {
  return {
    name,
    ...(description === '' ? {} : { description: payloadOf(JSON.stringify(description)) }),
    target: kind === 'worker' ? { worker: { namespace, taskQueue } } : { external: { url } },
  };
}

export function isWhole({ name, kind, namespace, taskQueue, url }: EndpointForm): boolean {
  return name !== '' && (kind === 'worker' ? namespace !== '' && taskQueue !== '' : url !== '');
}

/** As the command has them. What is not typed yet is a word in capitals. */
export function parametersOf(form: EndpointForm): Actions['operator nexus endpoint create'] {
  const { name, kind, namespace, taskQueue, url, description } = form;
  return {
    name: name || 'NAME',
    ...(description === '' ? {} : { description }),
    ...(kind === 'worker'
      ? { targetNamespace: namespace || 'NAMESPACE', targetTaskQueue: taskQueue || 'QUEUE' }
      : { targetUrl: url || 'URL' }),
  };
}
