// Asks a running server what a page asks it.
import type { Answer } from './recording.ts';

const HEADERS = { accept: 'application/json+no-payload-shorthand', 'content-type': 'application/json' };
const STREAM = /\/live\?/;
/** A stream that says nothing for so long has said what there is. */
const SILENT_MS = 700;
/** The server holds a waiting request for twenty seconds. */
const AT_ONCE_MS = 8_000;

/** undefined: what is asked for waits until something happens. */
export async function askAtOnce(...asked: Parameters<typeof ask>): Promise<Answer | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), AT_ONCE_MS);
  });
  const first = await Promise.race([ask(...asked), late]);
  clearTimeout(timer);
  return first;
}

/**
 * @param request `GET /api/v1/namespaces`
 * @param translate made of the answer's text
 */
export async function ask(
  origin: string,
  request: string,
  body: string,
  translate: (text: string) => string,
): Promise<Answer> {
  const [method = '', path = ''] = request.split(' ');
  const stopped = new AbortController();
  const response = await fetch(origin + path, { method, headers: HEADERS, body: body || null, signal: stopped.signal });
  const text = translate(STREAM.test(path) ? await untilSilent(response, stopped) : await response.text());
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  return { status: response.status, type, body: type === 'application/json' ? JSON.parse(text) : text };
}

async function untilSilent(response: Response, stopped: AbortController): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), SILENT_MS);
    });
    const chunk = await Promise.race([reader.read(), silence]);
    clearTimeout(timer);
    if (chunk === undefined || chunk.done) break;
    text += chunk.value;
  }
  stopped.abort();
  return text;
}
