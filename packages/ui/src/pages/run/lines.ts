// Long answers of our own server, read while they come: lines of JSON.
import { ApiError, type ApiRequest, addressOf, extra, GRPC } from '../../api/http.ts';

/**
 * Each line, parsed.
 * @param rest after `/ui-api/v1/`, its parts already encoded
 * @throws {ApiError} also when the answer breaks off
 */
export async function* extraLines<Line>(rest: string, asked: ApiRequest): AsyncGenerator<Line> {
  const { query, signal } = asked;
  const url = addressOf(`ui-api/v1/${rest}`, query);
  url.searchParams.set('noPayloadShorthand', '');
  const request = `GET ${url.pathname}${url.search}`;
  const broken = () => new ApiError('The server does not answer.', { status: 0, code: GRPC.unavailable, request });
  let response: Response;
  let text = '';
  try {
    response = await fetch(url, { credentials: 'same-origin', ...(signal && { signal }) });
    // Asked again by the call that tells what a refusal says.
    if (!response.ok) await extra(rest, asked);
    for await (const piece of textOf(response)) {
      const lines = piece.split('\n');
      text += lines.shift() ?? '';
      for (const line of lines) {
        yield JSON.parse(text) as Line;
        text = line;
      }
    }
  } catch (error) {
    if (error instanceof ApiError || signal?.aborted) throw error;
    throw broken();
  }
  // The last line, too, has an end.
  if (text !== '') throw broken();
}

async function* textOf({ body }: Response): AsyncGenerator<string> {
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
