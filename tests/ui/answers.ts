// Answers of a server that has what ours does not have, given in the browser instead of ours. Every answer, and every body
// that the page sends, has to be the JSON of a message of the API: what the definitions do not know is refused here.
import { loadSchema, messageFromJson } from '@perdure/api/json';
import type { Page } from 'playwright-core';

export interface Answer {
  /** Of the answer: `workflowservice.v1.ListWorkerDeploymentsResponse` */
  readonly type: string;
  readonly body: object;
  /** Of what the page sends, if it sends a body. */
  readonly requestType?: string;
}

export interface Sent {
  /** `POST namespaces/default/worker-deployments/orders/set-current-version` */
  readonly call: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** @returns what the page has sent so far, reads left out; it grows */
export async function answerWith(page: Page, answers: Readonly<Record<string, Answer>>): Promise<readonly Sent[]> {
  const schema = await loadSchema();
  const check = (type: string, body: unknown) => messageFromJson(schema, `temporal.api.${type}`, JSON.stringify(body));
  for (const { type, body } of Object.values(answers)) check(type, body);
  const sent: Sent[] = [];
  await page.route('**/api/v1/**', async (route) => {
    const request = route.request();
    const { pathname, searchParams } = new URL(request.url());
    const call = `${request.method()} ${decodeURIComponent(pathname.replace(/^.*\/api\/v1\//, ''))}`;
    const answer = answers[call];
    if (answer === undefined) return route.fallback();
    const body = (request.postDataJSON() ?? {}) as Sent['body'];
    if (answer.requestType !== undefined) check(answer.requestType, body);
    if (request.method() !== 'GET') sent.push({ call, query: Object.fromEntries(searchParams), body });
    return route.fulfill({ contentType: 'application/json', body: JSON.stringify(answer.body) });
  });
  return sent;
}
