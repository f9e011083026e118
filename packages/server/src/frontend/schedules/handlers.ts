// Schedules: create, look at, change, delete. What they do by themselves is the scheduler's (runtime/schedules).

import { invalidArgument, notFound, workflowExecutionAlreadyStarted } from '@perdure/api';
import { WorkflowExecutionStatus as Status } from '@perdure/api/enums';
import type { Init } from '@perdure/api/wire';
import * as api from '@perdure/api/workflowservice';
import {
  byteLength,
  conflictTokenBytes,
  conflictTokenOf,
  createSchedule,
  describeInfo,
  describeSchedule,
  patchSchedule,
  type Schedule,
  setAttributes,
  setMemo,
  timesOf,
  updateSchedule,
} from '@perdure/core';
import type { ScheduleEntity } from '../../runtime/schedules/scheduler.ts';
import type { FrontendContext, Handler } from '../context.ts';
import type { Namespace } from '../namespaces/registry.ts';
import { type Rpc, rpc } from '../rpc.ts';
import { checkedSearchAttributes, checkIdentity, checkMemo, checkRequestId } from '../validate.ts';
import { checkDefinition, checkPatch, explained } from './definition.ts';
import { requireSchedules } from './enabled.ts';
import { countSchedules, listSchedules } from './lists.ts';

/** Clients know schedules by workflow ids that begin like this; together they must not be too long. */
const WORKFLOW_PREFIX = 'temporal-sys-scheduler:';
const MATCHING_TIMES_MAX = 1000;
const NO_BYTES = new Uint8Array(0);

const create: Handler<api.CreateScheduleRequest, api.CreateScheduleResponse> = async (context, request) => {
  const namespace = requireSchedules(context.namespaces.requireActive(request.namespace));
  const { limits } = namespace.settings;
  const { scheduleId, requestId, initialPatch: patch } = request;
  checkIdentity(request.identity, limits);
  if (requestId === '') throw invalidArgument('RequestId is not set on request.');
  checkRequestId(requestId, limits);
  checkScheduleId(namespace, scheduleId);
  const definition = checkDefinition(context, namespace, request.schedule);
  checkMemo(request.memo, limits);
  const searchAttributes = ownedAttributes(namespace, request.searchAttributes);
  if (patch !== undefined) checkPatch(patch);
  const { host } = context.scheduler;
  const created = await host.withEntity(namespace.id, scheduleId, async (existing) => {
    if (existing !== undefined) return repeated(context, existing, requestId);
    const identity = { namespaceId: namespace.id, id: scheduleId, runId: context.ids.timeUuid(context.clock.now()) };
    const { entity, durable } = explained(() =>
      host.create(identity, (tx) =>
        createSchedule(tx, {
          ...{ definition, searchAttributes, requestId, patch },
          memo: setMemo(request.memo)?.slice() ?? NO_BYTES,
          jitterSeed: `${namespace.id}-${scheduleId}`,
        }),
      ),
    );
    const conflictToken = conflictTokenBytes(entity.state);
    await durable;
    return { conflictToken };
  });
  return created;
};

/** The same request is answered as before; any other one finds the id in use. */
async function repeated({ scheduler }: FrontendContext, existing: ScheduleEntity, requestId: string) {
  await scheduler.host.settled(existing);
  const { createRequestId } = existing.state;
  if (createRequestId === requestId) return { conflictToken: conflictTokenBytes({ conflictToken: 1 }) };
  throw workflowExecutionAlreadyStarted(`schedule "${existing.id}" is already registered`, {
    startRequestId: createRequestId,
    runId: existing.runId,
    firstExecutionRunId: existing.runId,
  });
}

const describe: Handler<api.DescribeScheduleRequest, api.DescribeScheduleResponse> = async (context, request) => {
  const namespace = requireSchedules(context.namespaces.require(request.namespace));
  const state = await findSettled(context, namespace, request.scheduleId);
  const info = describeInfo(state, context.clock.now());
  return {
    schedule: describeSchedule(state),
    info: { ...info, recentActions: await withStatus(context, namespace, info.recentActions ?? []) },
    memo: state.memo,
    searchAttributes: state.searchAttributes,
    conflictToken: conflictTokenBytes(state),
  };
};

type ActionResults = NonNullable<Init<api.DescribeScheduleResponse>['info']>['recentActions'];

/** Of workflows that may overlap the schedule does not hear. */
async function withStatus(
  { store }: FrontendContext,
  { id: namespaceId }: Namespace,
  actions: NonNullable<ActionResults>,
) {
  const refs = actions.map(({ startWorkflowResult: { workflowId = '', runId = '' } = {} }) => ({
    ...{ namespaceId, workflowId, runId },
  }));
  const rows = await store.findRuns(refs);
  return actions.map((action, i) => {
    const status = rows[i]?.status;
    // Where another run follows, the workflow goes on.
    const knows = action.startWorkflowStatus !== Status.RUNNING || status === Status.CONTINUED_AS_NEW;
    return knows || status === undefined ? action : { ...action, startWorkflowStatus: status };
  });
}

const update: Handler<api.UpdateScheduleRequest, api.UpdateScheduleResponse> = async (context, request) => {
  const namespace = requireSchedules(context.namespaces.require(request.namespace));
  const { limits } = namespace.settings;
  const { scheduleId, requestId } = request;
  checkIdentity(request.identity, limits);
  checkRequestId(requestId, limits);
  checkScheduleId(namespace, scheduleId);
  const definition = checkDefinition(context, namespace, request.schedule);
  checkMemo(request.memo, limits);
  const replacement = {
    ...{ definition, requestId },
    memo: request.memo && (setMemo(request.memo)?.slice() ?? NO_BYTES),
    searchAttributes: request.searchAttributes && ownedAttributes(namespace, request.searchAttributes),
    conflictToken: request.conflictToken.length === 0 ? undefined : conflictTokenOf(request.conflictToken),
  };
  const { host } = context.scheduler;
  await withSchedule(context, namespace, scheduleId, (entity) =>
    host.transact(entity, (tx) => explained(() => updateSchedule(tx, replacement))),
  );
  return {};
};

const patch: Handler<api.PatchScheduleRequest, api.PatchScheduleResponse> = async (context, request) => {
  const namespace = requireSchedules(context.namespaces.require(request.namespace));
  const { limits } = namespace.settings;
  const { scheduleId, requestId, patch: asked } = request;
  checkIdentity(request.identity, limits);
  checkRequestId(requestId, limits);
  checkScheduleId(namespace, scheduleId);
  if (asked === undefined) throw invalidArgument('Patch is not set on request.');
  checkPatch(asked);
  const { host } = context.scheduler;
  await withSchedule(context, namespace, scheduleId, (entity) =>
    host.transact(entity, (tx) => patchSchedule(tx, asked, requestId)),
  );
  return {};
};

/** Its workflows go on. */
const remove: Handler<api.DeleteScheduleRequest, api.DeleteScheduleResponse> = async (context, request) => {
  const namespace = requireSchedules(context.namespaces.require(request.namespace));
  checkIdentity(request.identity, namespace.settings.limits);
  checkScheduleId(namespace, request.scheduleId);
  await withSchedule(context, namespace, request.scheduleId, (entity) => context.scheduler.host.remove(entity));
  return {};
};

const matchingTimes: Handler<api.ListScheduleMatchingTimesRequest, api.ListScheduleMatchingTimesResponse> = async (
  context,
  request,
) => {
  const namespace = requireSchedules(context.namespaces.require(request.namespace));
  const state = await findSettled(context, namespace, request.scheduleId);
  const { startTime = 0, endTime = 0 } = request;
  const times = explained(() =>
    timesOf(state.definition.spec).between(startTime, endTime, MATCHING_TIMES_MAX, state.jitterSeed),
  );
  return { startTime: times.map(({ nextMs }) => nextMs) };
};

function checkScheduleId({ settings }: Namespace, scheduleId: string): void {
  if (scheduleId === '') throw invalidArgument('ScheduleId is not set on request.');
  if (byteLength(WORKFLOW_PREFIX + scheduleId) > settings.limits.idLengthMax) {
    throw invalidArgument('ScheduleId length exceeds limit.');
  }
}

/** With their types, without nulls, kept for longer than the request. */
function ownedAttributes(namespace: Namespace, encoded: Uint8Array | undefined): Uint8Array {
  return setAttributes(checkedSearchAttributes(encoded, namespace))?.slice() ?? NO_BYTES;
}

async function findSettled(context: FrontendContext, namespace: Namespace, scheduleId: string): Promise<Schedule> {
  checkScheduleId(namespace, scheduleId);
  return withSchedule(context, namespace, scheduleId, (entity) => context.scheduler.settledState(entity));
}

/** @throws NOT_FOUND */
function withSchedule<T>(
  { scheduler }: FrontendContext,
  namespace: Namespace,
  scheduleId: string,
  use: (entity: ScheduleEntity) => Promise<T>,
): Promise<T> {
  return scheduler.host.withEntity(namespace.id, scheduleId, (entity) => {
    if (entity === undefined) throw notFound('schedule not found');
    return use(entity);
  });
}

export const scheduleRpcs: readonly Rpc[] = [
  rpc('CreateSchedule', api.CreateScheduleRequest, api.CreateScheduleResponse, create),
  rpc('DescribeSchedule', api.DescribeScheduleRequest, api.DescribeScheduleResponse, describe),
  rpc('UpdateSchedule', api.UpdateScheduleRequest, api.UpdateScheduleResponse, update),
  rpc('PatchSchedule', api.PatchScheduleRequest, api.PatchScheduleResponse, patch),
  rpc('DeleteSchedule', api.DeleteScheduleRequest, api.DeleteScheduleResponse, remove),
  rpc('ListSchedules', api.ListSchedulesRequest, api.ListSchedulesResponse, listSchedules),
  rpc('CountSchedules', api.CountSchedulesRequest, api.CountSchedulesResponse, countSchedules),
  rpc(
    'ListScheduleMatchingTimes',
    api.ListScheduleMatchingTimesRequest,
    api.ListScheduleMatchingTimesResponse,
    matchingTimes,
  ),
];
