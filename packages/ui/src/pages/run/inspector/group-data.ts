// The data that the events of a group hold, under the names that people look for.
import { attributesOf, type EventGroup, type Failure, type Payload, payloadsOf } from '@perdure/ui-core';
import { run as texts } from '../../../messages/run.ts';

export interface GroupData {
  readonly sections: readonly { readonly title: string; readonly payloads: readonly Payload[] }[];
  readonly failure: Failure | undefined;
}

export function groupData({ events, kind }: EventGroup): GroupData {
  const sections = new Map<string, readonly Payload[]>();
  let failure: Failure | undefined;
  const add = (title: string, field: object | undefined) => {
    const found = payloadsOf(field);
    if (found.length > 0) sections.set(title, found);
  };
  for (const event of events) {
    const attributes = attributesOf(event);
    add(texts.input, attributes.input);
    add(texts.input, (attributes.acceptedRequest ?? attributes.request)?.input?.args);
    add(texts.result, attributes.result);
    add(texts.result, attributes.outcome?.success);
    failure = attributes.failure ?? attributes.outcome?.failure ?? failure;
    if (kind === 'marker' || kind === 'sideEffect' || kind === 'version' || kind === 'localActivity') {
      for (const [name, payloads] of Object.entries(attributes.details ?? {})) add(name, payloads as object);
    } else {
      add(texts.inspector.details, attributes.details);
    }
  }
  return { sections: [...sections].map(([title, payloads]) => ({ title, payloads })), failure };
}
