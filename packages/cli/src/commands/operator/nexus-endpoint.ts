// `operator nexus endpoint`.

import { readFile } from 'node:fs/promises';
import type { Client, JsonObject } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import type { Row } from '../../output/output.ts';
import { type PayloadJson, payloadText } from '../../output/texts.ts';
import { jsonPayload } from '../inputs.ts';

interface Endpoint {
  readonly id?: string;
  readonly version?: string;
  readonly createdTime?: string;
  readonly lastModifiedTime?: string;
  readonly spec?: { readonly name?: string; readonly description?: PayloadJson; readonly target?: Target };
}

interface Target {
  readonly worker?: { readonly namespace?: string; readonly taskQueue?: string };
  readonly external?: { readonly url?: string };
}

export async function create(context: Context): Promise<undefined> {
  const { given, out } = context;
  const name = given.text('name');
  const target = changedTarget(context, undefined);
  const description = await givenDescription(context);
  const client = await context.client();
  const reply = await client.operate('CreateNexusEndpoint', { spec: { name, description, target } });
  await out.object(reply, () => out.line(`Endpoint ${name} successfully created.`));
  return undefined;
}

export async function get(context: Context): Promise<undefined> {
  const { given, out } = context;
  const endpoint = await endpointNamed(await context.client(), given.text('name'));
  await out.object(endpoint, () => out.card('', rowsOf(context, endpoint.value)));
  return undefined;
}

export async function list(context: Context): Promise<undefined> {
  const client = await context.client();
  async function* endpoints() {
    const pages = client.pages('ListNexusEndpoints', {}, { service: 'operator' });
    for await (const page of pages) yield* page.items<Endpoint>('endpoints');
  }
  await context.out.list(endpoints(), [
    { name: 'Name', of: ({ value }) => value.spec?.name },
    { name: 'Target', of: ({ value }) => targetText(value.spec?.target) },
    { name: 'CreatedTime', of: ({ value }) => context.out.time(value.createdTime) },
    { name: 'ID', of: ({ value }) => value.id },
  ]);
  return undefined;
}

export async function update(context: Context): Promise<undefined> {
  const { given, out } = context;
  const name = given.text('name');
  const description = await givenDescription(context);
  if (description !== undefined && given.isOn('unset-description')) {
    throw context.wrong('--unset-description does not go with a description');
  }
  const client = await context.client();
  const { value } = await endpointNamed(client, name);
  const { id, version, spec } = value;
  const kept = given.isOn('unset-description') ? undefined : (spec?.description as JsonObject | undefined);
  const target = changedTarget(context, spec?.target);
  const changed = { name, description: description ?? kept, target };
  const reply = await client.operate('UpdateNexusEndpoint', { id, version, spec: changed });
  await out.object(reply, () => out.line(`Endpoint ${name} successfully updated.`));
  return undefined;
}

export async function remove(context: Context): Promise<undefined> {
  const { given, out } = context;
  const name = given.text('name');
  const client = await context.client();
  const { id, version } = (await endpointNamed(client, name)).value;
  const reply = await client.operate('DeleteNexusEndpoint', { id, version });
  await out.object(reply, () => out.line(`Endpoint ${name} successfully deleted (ID ${id}).`));
  return undefined;
}

async function endpointNamed(client: Client, name: string): Promise<Message<Endpoint>> {
  const [endpoint] = (await client.operate('ListNexusEndpoints', { name })).items<Endpoint>('endpoints');
  if (endpoint === undefined) throw new CommandError(`there is no Nexus endpoint ${name}`, exitCode.NOT_FOUND);
  return endpoint;
}

/** What is given, on top of the target there is. @throws {UsageError} it is not whole */
function changedTarget(context: Context, current: Target | undefined): JsonObject {
  const { given } = context;
  const namespace = given.last('target-namespace');
  const taskQueue = given.last('target-task-queue');
  const url = given.last('target-url');
  if (url !== undefined) {
    if (namespace !== undefined || taskQueue !== undefined) {
      throw context.wrong('--target-url does not go with --target-namespace and --target-task-queue');
    }
    return { external: { url } };
  }
  if (namespace === undefined && taskQueue === undefined && current !== undefined) return { ...current };
  const worker = { ...current?.worker, ...(namespace && { namespace }), ...(taskQueue && { taskQueue }) };
  if (worker.namespace === undefined || worker.taskQueue === undefined) {
    throw context.wrong('--target-namespace and --target-task-queue, or --target-url, must be given');
  }
  return { worker };
}

async function givenDescription(context: Context): Promise<JsonObject | undefined> {
  const { given } = context;
  const file = given.last('description-file');
  const text = given.last('description');
  if (file !== undefined && text !== undefined) {
    throw context.wrong('--description does not go with --description-file');
  }
  const description = file === undefined ? text : await readFile(file, 'utf8');
  return description === undefined ? undefined : jsonPayload(context, 'the description', JSON.stringify(description));
}

function rowsOf({ out }: Context, { id, spec, createdTime, lastModifiedTime }: Endpoint): readonly Row[] {
  return [
    ['ID', id],
    ['Name', spec?.name],
    ['CreatedTime', out.time(createdTime)],
    ['LastModifiedTime', out.time(lastModifiedTime)],
    ['Target.External.URL', spec?.target?.external?.url],
    ['Target.Worker.Namespace', spec?.target?.worker?.namespace],
    ['Target.Worker.TaskQueue', spec?.target?.worker?.taskQueue],
    ['Description', spec?.description && descriptionText(spec.description)],
  ];
}

function descriptionText(payload: PayloadJson): string {
  const text = payloadText(payload);
  const value: unknown = JSON.parse(text);
  return typeof value === 'string' ? value : text;
}

function targetText({ worker, external }: Target = {}): string | undefined {
  return external?.url ?? (worker && `${worker.namespace}/${worker.taskQueue}`);
}
