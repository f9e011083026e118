import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invalidArgument, namespaceNotFound, unavailable } from '@perdure/api';
import { linesOf, testMetrics } from './testing/metrics.ts';

const PATH = '/temporal.api.workflowservice.v1.WorkflowService/StartWorkflowExecution';
const LABELS = 'service_name="frontend",operation="StartWorkflowExecution"';

const encode = (answer: string) => new TextEncoder().encode(answer);
const same = (error: unknown) => error;

function bench() {
  const metrics = testMetrics();
  const operation = metrics.rpcs.operation(PATH);
  /** One call in a namespace that fails with this. */
  const fails = async (namespace: string, error: Error): Promise<void> => {
    const call = operation.begin();
    call.namespace = namespace;
    await assert.rejects(Promise.resolve(call.follow(Promise.reject(error), encode, same)));
  };
  return { ...metrics, operation, fails, lines: (beginning: string) => linesOf(metrics.registry, beginning) };
}

test('a call is pending until it is answered, and then a request with its latency', async () => {
  const { operation, clock, lines } = bench();
  const { promise, resolve } = Promise.withResolvers<string>();
  const call = operation.begin();
  call.namespace = 'shop';
  const answer = call.follow(promise, encode, same);
  const pending = () => lines(`service_pending_requests{${LABELS}`);
  assert.deepEqual(pending(), [`service_pending_requests{${LABELS}} 1`]);
  assert.deepEqual(lines('service_requests{'), []);
  clock.elapsedMs += 250;
  resolve('done');
  assert.deepEqual(await answer, encode('done'));
  assert.deepEqual(pending(), [`service_pending_requests{${LABELS}} 0`]);
  assert.deepEqual(lines('service_requests{'), [`service_requests{${LABELS},namespace="shop"} 1`]);
  assert.deepEqual(lines('service_errors{'), [`service_errors{${LABELS},namespace="shop"} 0`]);
  assert.deepEqual(lines('service_latency_sum'), [`service_latency_sum{${LABELS},namespace="shop"} 0.25`]);
});

test('an answer that is there at once is passed on as it is', () => {
  const { operation, lines } = bench();
  assert.deepEqual(operation.begin().follow('done', encode, same), encode('done'));
  assert.deepEqual(lines('service_requests{'), [`service_requests{${LABELS},namespace="_unknown_"} 1`]);
});

test('errors are counted by what they are, and as errors only if the server is to blame', async () => {
  const { fails, lines } = bench();
  await fails('shop', invalidArgument('no'));
  await fails('shop', namespaceNotFound('no'));
  await fails('shop', unavailable('not now'));
  await fails('shop', new TypeError('a bug'));
  const inShop = `${LABELS},namespace="shop"`;
  assert.deepEqual(lines('service_error_with_type').toSorted(), [
    `service_error_with_type{${inShop},error_type="Internal"} 1`,
    `service_error_with_type{${inShop},error_type="InvalidArgument"} 1`,
    `service_error_with_type{${inShop},error_type="NamespaceNotFound"} 1`,
    `service_error_with_type{${inShop},error_type="Unavailable"} 1`,
  ]);
  assert.deepEqual(lines('service_errors{'), [`service_errors{${inShop}} 2`]);
  assert.deepEqual(lines('service_requests{'), [`service_requests{${inShop}} 4`]);
});

test('a call whose answer cannot be encoded is not answered', () => {
  const { operation, lines } = bench();
  const call = operation.begin();
  const cannot = () => {
    throw new TypeError('no bytes');
  };
  assert.throws(() => call.follow('done', cannot, same), /no bytes/);
  assert.throws(() => call.fail(new TypeError('no bytes')), /no bytes/);
  assert.deepEqual(lines('service_requests{'), [`service_requests{${LABELS},namespace="_unknown_"} 1`]);
  assert.deepEqual(lines(`service_pending_requests{${LABELS}`), [`service_pending_requests{${LABELS}} 0`]);
});

test('requests cannot make series without end', async () => {
  const { operation, fails, registry } = bench();
  for (let n = 0; n < 500; n++) {
    await fails(`no-such-namespace-${n}`, namespaceNotFound('no'));
    const call = operation.begin();
    call.namespace = `namespace-${n}`;
    await call.follow('done', encode, same);
  }
  const series = linesOf(registry, 'service_requests{');
  // Twenty namespaces, the others, and those that do not exist.
  assert.equal(series.length, 22);
  assert(series.includes(`service_requests{${LABELS},namespace="_other_"} 480`));
  assert(series.includes(`service_requests{${LABELS},namespace="_unknown_"} 500`));
});
