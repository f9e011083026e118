// What our own server tells a page as it happens: one stream of server-sent events. A stream that breaks is taken up by
// the browser where it was; where streams are refused, pages ask again and again instead. A page that nobody sees has none.
import { useQuery } from '@tanstack/react-query';
import { usePreferences } from '../settings/preferences.ts';
import { isThere, setAnswering } from './answering.ts';
import { type ApiRequest, addressOf, path } from './http.ts';
import { extrasQuery } from './server.ts';
import { takeStream } from './streams.ts';

type Handlers = Readonly<Record<string, (data: unknown) => void>>;

/**
 * Opens a stream of the namespace.
 * @param parameters what it is about; asked for anew whenever the page is seen again
 * @param handlers by event; the data is already parsed. Without one for `failed`, the first failure ends the stream
 * @param onRefused there is no stream, or other tabs have all that a browser can: the page has to ask by itself
 * @returns what closes it
 */
export function openLive(
  namespace: string,
  parameters: () => NonNullable<ApiRequest['query']>,
  handlers: Handlers,
  onRefused: () => void,
): () => void {
  let shown = new AbortController();
  const close = () => {
    document.removeEventListener('visibilitychange', show);
    shown.abort();
  };
  const refuse = () => {
    close();
    onRefused();
  };
  const show = () => {
    shown.abort();
    shown = new AbortController();
    if (!document.hidden) void connect(shown.signal);
  };
  const connect = async (ended: AbortSignal) => {
    const isFree = await takeStream(ended);
    if (ended.aborted) return;
    if (!isFree) return refuse();
    const query = parameters();
    const url = addressOf(`ui-api/v1/${path`namespaces/${namespace}/live`}`, query);
    url.searchParams.set('noPayloadShorthand', '');
    // An empty query means all; an empty parameter would not be sent.
    if (query['query'] === '') url.searchParams.set('query', '');
    const opened = new EventSource(url);
    const all: Handlers = { failed: refuse, ...handlers };
    for (const [event, handle] of Object.entries(all)) {
      opened.addEventListener(event, ({ data }: MessageEvent<string>) => handle(JSON.parse(data)));
    }
    opened.addEventListener('open', () => setAnswering(true));
    opened.addEventListener('error', () => {
      // Streams end for other reasons as well.
      void isThere();
      if (opened.readyState === EventSource.CLOSED) refuse();
    });
    ended.addEventListener('abort', () => opened.close());
  };
  document.addEventListener('visibilitychange', show);
  show();
  return close;
}

/** Whether pages may open streams: the server has them, and nobody has paused the page. undefined: not known yet. */
export function useStreams(): boolean | undefined {
  const { live } = usePreferences();
  const { data } = useQuery(extrasQuery);
  return data && live && data.features.includes('live');
}
