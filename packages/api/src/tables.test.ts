import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadDescriptors } from '@perdure/api/descriptors';
import { methodByPath, methods } from '@perdure/api/services';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { servicesOf } from '../scripts/services.ts';
import { loadSources } from '../scripts/sources.ts';

const sources = loadSources();
const workflowService = 'temporal.api.workflowservice.v1.WorkflowService';

test('every method of every service is listed, with codecs that load', async () => {
  const expected = servicesOf(sources).flatMap((service) =>
    service.methodsArray.map((method) => `/${service.fullName.slice(1)}/${method.name}`),
  );
  assert.deepEqual(
    methods.map((method) => method.path),
    expected,
  );
  assert.equal(methods.filter((method) => method.service === workflowService).length > 100, true);
  for (const method of methods) {
    const request = await method.requestType();
    const response = await method.responseType();
    assert.equal(typeof request.decode, 'function');
    assert.equal(typeof response.encode, 'function');
  }
});

test('HTTP bindings keep verb, path and body, all of them', () => {
  const start = methodByPath.get(`/${workflowService}/StartWorkflowExecution`);
  assert.deepEqual(start?.http, [
    { verb: 'POST', path: '/namespaces/{namespace}/workflows/{workflow_id}', body: '*' },
    { verb: 'POST', path: '/api/v1/namespaces/{namespace}/workflows/{workflow_id}', body: '*' },
  ]);
  assert.equal(methodByPath.get(`/${workflowService}/RecordActivityTaskHeartbeatById`)?.http.length, 4);
  assert.deepEqual(methodByPath.get(`/${workflowService}/PollWorkflowTaskQueue`)?.http, []);
});

test('streaming is told apart', () => {
  const streams = methods.filter((method) => method.clientStreaming || method.serverStreaming);
  assert.deepEqual(
    streams.map((method) => [method.path, method.clientStreaming]),
    [
      ['/grpc.health.v1.Health/Watch', false],
      ['/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', true],
      ['/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo', true],
    ],
  );
});

test('a client can rebuild the whole schema from the descriptors of one service', async () => {
  const descriptors = await loadDescriptors();
  const name = descriptors.fileContaining(workflowService);
  assert.ok(name);
  const files = descriptors.withDependencies(name);
  const file = files.map((bytes) => descriptor.FileDescriptorProto.decode(bytes));
  const set = descriptor.FileDescriptorSet.encode({ file }).finish();
  // The rebuilt schema must know the same messages, by name, number and type, as the one the codecs came from.
  const rebuilt = protobuf.Root.fromDescriptor(set);
  rebuilt.resolveAll();
  const source = sources.root;
  for (const typeName of [
    'workflowservice.v1.StartWorkflowExecutionRequest',
    'history.v1.HistoryEvent',
    'common.v1.Link',
    'common.v1.Payload',
  ]) {
    assert.deepEqual(
      shape(rebuilt.lookupType(`temporal.api.${typeName}`)),
      shape(source.lookupType(`temporal.api.${typeName}`)),
    );
  }
  assert.equal(
    rebuilt.lookupService(workflowService).methodsArray.length,
    source.lookupService(workflowService).methodsArray.length,
  );
});

test('files link: every import is there and stands for itself', async () => {
  const descriptors = await loadDescriptors();
  assert.deepEqual(
    [...descriptors.services].toSorted(),
    [...new Set(methods.map((method) => method.service))].toSorted(),
  );
  for (const service of descriptors.services) {
    const name = descriptors.fileContaining(service) as string;
    assert.equal(descriptors.file(name), descriptors.withDependencies(name)[0]);
  }
  assert.equal(
    descriptors.fileContaining('temporal.api.common.v1.Link.WorkflowEvent'),
    'temporal/api/common/v1/message.proto',
  );
  assert.equal(descriptors.fileContaining('temporal.api.enums.v1.EventType'), 'temporal/api/enums/v1/message.proto');
  assert.equal(
    descriptors.fileContaining(`${workflowService}.GetSystemInfo`),
    descriptors.fileContaining(workflowService),
  );
  assert.equal(descriptors.fileContaining('google.protobuf.Timestamp'), 'google/protobuf/timestamp.proto');
  assert.equal(descriptors.fileContaining('google.protobuf.FieldMask'), 'google/protobuf/field_mask.proto');
  assert.equal(descriptors.fileContaining('no.such.Thing'), undefined);
  assert.equal(descriptors.file('no/such.proto'), undefined);
});

function shape(type: protobuf.Type): unknown[] {
  return type.fieldsArray
    .map((field) => {
      field.resolve();
      const repeated = field.repeated
        ? 'repeated'
        : field instanceof protobuf.MapField
          ? `map of ${field.keyType}`
          : 'single';
      return [field.id, repeated, field.resolvedType?.fullName ?? field.type, field.partOf?.name];
    })
    .toSorted((a, b) => Number(a[0]) - Number(b[0]));
}

test('the members of a oneof are declared one after the other, as some tools demand', async () => {
  const descriptors = await loadDescriptors();
  const files = descriptors.withDependencies(descriptors.fileContaining(workflowService) as string);
  const seen: string[] = [];
  const check = (message: Described): void => {
    const oneofs = (message.field ?? []).map((field) => field.oneofIndex).filter((index) => index !== undefined);
    const groups = oneofs.filter((index, i) => index !== oneofs[i - 1]);
    if (new Set(groups).size !== groups.length) seen.push(message.name);
    message.nestedType?.forEach(check);
  };
  let messages = 0;
  for (const bytes of files) {
    const file = descriptor.FileDescriptorProto.toObject(descriptor.FileDescriptorProto.decode(bytes)) as {
      messageType?: Described[];
    };
    file.messageType?.forEach(check);
    messages += file.messageType?.length ?? 0;
  }
  assert(messages > 500);
  assert.deepEqual(seen, []);
});

interface Described {
  readonly name: string;
  readonly field?: { readonly name: string; readonly oneofIndex?: number }[];
  readonly nestedType?: Described[];
}
