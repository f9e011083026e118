// What our own server tells a page as it happens: one stream of server-sent events. A stream that breaks is taken up by
// the browser where it was; where streams are refused, pages ask again and again instead.
import { useQuery } from '@tanstack/react-query';
import { usePreferences } from '../settings/preferences.ts';
import { addressOf, path } from './http.ts';
import { extrasQuery } from './server.ts';

type Handlers = Readonly<Record<string, (data: unknown) => void>>;

/**
 * Opens a stream of the namespace.
 * @param handlers by event; the data is already parsed
 * @param onRefused there is no stream: the page has to ask by itself
 * @returns what closes it
 */
export function openLive(
  namespace: string,
  parameters: Readonly<Record<string, string | number>>,
  handlers: Handlers,
  onRefused: () => void,
): () => void {
  const url = addressOf(`ui-api/v1/${path`namespaces/${namespace}/live`}`, parameters);
  url.searchParams.set('noPayloadShorthand', '');
  // An empty query means all; an empty parameter would not be sent.
  if (parameters['query'] === '') url.searchParams.set('query', '');
  const source = new EventSource(url);
  for (const [event, handle] of Object.entries(handlers)) {
    source.addEventListener(event, ({ data }: MessageEvent<string>) => handle(JSON.parse(data)));
  }
  source.addEventListener('failed', () => {
    source.close();
    onRefused();
  });
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) onRefused();
  });
  return () => source.close();
}

/** Whether pages may open streams: the server has them, and nobody has paused the page. undefined: not known yet. */
export function useStreams(): boolean | undefined {
  const { live } = usePreferences();
  const { data } = useQuery(extrasQuery);
  return data && live && data.features.includes('live');
}
