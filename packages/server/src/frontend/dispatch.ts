// The table of RPCs: from a path to its handler. To add an RPC: write its handler in the file of its area, list it
// there, and the area here.

import { unimplemented } from '@perdure/api';
import type { Operation } from '../telemetry/rpc-metrics.ts';
import type { RpcCall, RpcHandler, RpcStream } from '../transport/rpc.ts';
import { activityOperationRpcs } from './activity-operations.ts';
import { activityTaskRpcs } from './activity-tasks.ts';
import { asStatus } from './as-status.ts';
import { batchRpcs } from './batches/handlers.ts';
import { checkClientVersion } from './client-version.ts';
import type { FrontendContext } from './context.ts';
import { describeRpcs } from './describe.ts';
import { DirectQueries } from './direct-queries.ts';
import type { Health } from './health.ts';
import { historyRpcs } from './history.ts';
import { multiOperationRpcs } from './multi-operation.ts';
import { namespaceRpcs } from './namespaces/handlers.ts';
import { pauseRpcs } from './pause.ts';
import { queryRpcs } from './query.ts';
import { queueConfigRpcs } from './queue-config.ts';
import { reflectionStreams } from './reflection.ts';
import type { Rpc } from './rpc.ts';
import { runChangeRpcs } from './run-changes.ts';
import { scheduleRpcs } from './schedules/handlers.ts';
import { searchAttributeRpcs } from './search-attributes/handlers.ts';
import type { StreamRpc } from './stream-rpc.ts';
import { systemRpcs } from './system.ts';
import { taskQueueRpcs } from './task-queues.ts';
import { updateRpcs } from './updates.ts';
import { visibilityRpcs } from './visibility/handlers.ts';
import { actionRpcs } from './workflow-actions.ts';
import { startRpcs } from './workflow-start.ts';
import { workflowTaskRpcs } from './workflow-tasks.ts';

/** What reflection tells tools about. */
const SERVICES = [
  'temporal.api.workflowservice.v1.WorkflowService',
  'temporal.api.operatorservice.v1.OperatorService',
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];

export function createHandler(context: FrontendContext, health: Health): RpcHandler {
  const rpcs: readonly Rpc[] = [
    ...systemRpcs,
    ...namespaceRpcs,
    ...searchAttributeRpcs,
    ...startRpcs,
    ...actionRpcs,
    ...runChangeRpcs,
    ...pauseRpcs,
    ...workflowTaskRpcs,
    ...activityTaskRpcs,
    ...activityOperationRpcs,
    ...historyRpcs,
    ...describeRpcs,
    ...updateRpcs,
    ...multiOperationRpcs,
    ...queryRpcs(new DirectQueries()),
    ...taskQueueRpcs,
    ...queueConfigRpcs,
    ...visibilityRpcs,
    ...batchRpcs,
    ...scheduleRpcs,
    ...health.rpcs,
  ];
  const streams: readonly StreamRpc[] = [...health.streams, ...reflectionStreams(SERVICES)];
  const counted = context.metrics.rpcs;
  const unaryByPath = new Map(rpcs.map((rpc) => [rpc.path, { rpc, operation: counted.operation(rpc.path) }]));
  const streamByPath = new Map(streams.map((stream) => [stream.path, stream]));
  return {
    unary: (call) => {
      context.batches.noteRequest();
      const served = unaryByPath.get(call.path);
      return served === undefined ? refuseCounted(counted.unknown, call) : serve(context, served, call);
    },
    isStream: (path) => streamByPath.has(path),
    stream: (call) => serveStream(streamByPath.get(call.path), call),
  };
}

/** One row of the table. */
interface Served {
  readonly rpc: Rpc;
  readonly operation: Operation;
}

function serve(context: FrontendContext, { rpc, operation }: Served, call: RpcCall): Promise<Uint8Array> | Uint8Array {
  const measured = operation.begin();
  try {
    checkClientVersion(call.metadata);
    return rpc.serve(context, call, measured);
  } catch (error) {
    return measured.fail(asStatus(error));
  }
}

async function serveStream(stream: StreamRpc | undefined, call: RpcStream): Promise<void> {
  if (stream === undefined) return refuse(call.path);
  try {
    await stream.stream(call);
  } catch (error) {
    throw asStatus(error);
  }
}

async function refuseCounted(unknown: Operation, call: RpcCall): Promise<never> {
  const measured = unknown.begin();
  try {
    return await refuse(call.path);
  } catch (error) {
    return measured.fail(error);
  }
}

async function refuse(path: string): Promise<never> {
  const { methodByPath } = await import('@perdure/api/services');
  const known = methodByPath.get(path);
  if (known !== undefined) throw unimplemented(`${known.method} is not implemented by this server`);
  const [, service = '', method = ''] = path.split('/');
  throw unimplemented(`unknown method ${method} for service ${service}`);
}
