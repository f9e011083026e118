import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerReflectionRequest, ServerReflectionResponse } from '@perdure/api/reflection';
import type { Init } from '@perdure/api/wire';
import { reflectionStreams } from './reflection.ts';
import { TestStream } from './testing.ts';

const SERVED = ['temporal.api.workflowservice.v1.WorkflowService', 'grpc.health.v1.Health'];

async function ask(...requests: Init<ServerReflectionRequest>[]): Promise<ServerReflectionResponse[]> {
  const stream = new TestStream(...requests.map((request) => ServerReflectionRequest.encode(request)));
  await reflectionStreams(SERVED)[0]?.stream(stream);
  return stream.sent.map((message) => ServerReflectionResponse.decode(message));
}

/** Field 1 of a file descriptor is its name. */
const fileName = (file: Uint8Array): string => Buffer.from(file.subarray(2, 2 + (file[1] ?? 0))).toString();

test('both versions of the protocol are there', () => {
  assert.deepEqual(
    reflectionStreams(SERVED).map(({ path }) => path),
    [
      '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
      '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
    ],
  );
});

test('the services that are served are listed', async () => {
  const [response] = await ask({ host: 'h', listServices: '*' });
  assert.deepEqual(
    response?.listServicesResponse?.service.map(({ name }) => name),
    SERVED,
  );
  assert.equal(response.validHost, 'h');
  assert.equal(response.originalRequest?.listServices, '*');
});

test('a file comes with all that it imports, asked for by name or by what it defines', async () => {
  const file = 'temporal/api/workflowservice/v1/service.proto';
  const symbol = 'temporal.api.workflowservice.v1.WorkflowService';
  const responses = await ask(
    { fileByFilename: file },
    { fileContainingSymbol: symbol },
    { fileContainingSymbol: `${symbol}.StartWorkflowExecution` },
  );
  assert.equal(responses.length, 3);
  for (const { fileDescriptorResponse } of responses) {
    const names = fileDescriptorResponse?.fileDescriptorProto.map(fileName) ?? [];
    assert.equal(names[0], file);
    assert.ok(names.includes('temporal/api/workflowservice/v1/request_response.proto'));
    assert.equal(new Set(names).size, names.length);
  }
});

test('what is not known is an answer, not the end of the stream', async () => {
  const responses = await ask(
    { fileByFilename: 'no.proto' },
    { fileContainingSymbol: 'no.Symbol' },
    { allExtensionNumbersOfType: 'x' },
    {},
    { listServices: '' },
  );
  assert.deepEqual(
    responses.map(({ errorResponse }) => errorResponse?.errorCode),
    [5, 5, 5, 3, undefined],
  );
  assert.match(responses[1]?.errorResponse?.errorMessage ?? '', /symbol no\.Symbol is not known/);
});
