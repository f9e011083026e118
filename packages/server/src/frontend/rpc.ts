// One entry of the RPC table: a path, the codecs of its two messages, and the handler.

import type { MessageType } from '@perdure/api/wire';
import type { MeasuredCall } from '../telemetry/rpc-metrics.ts';
import type { RpcCall } from '../transport/rpc.ts';
import type { Admitted } from './admission/admission.ts';
import { asStatus } from './as-status.ts';
import type { FrontendContext, Handler } from './context.ts';

export interface Rpc {
  readonly path: string;
  /**
   * Decodes, handles, encodes, and tells `measured` how it went, unless it throws.
   * @throws ProtobufError if the message is malformed
   */
  readonly serve: (context: FrontendContext, call: RpcCall, measured: MeasuredCall) => Promise<Uint8Array> | Uint8Array;
}

function warnOfSize({ config, engine }: FrontendContext, call: RpcCall, { namespace = '' }: Admitted): void {
  const { blobSizeWarn } = config.forNamespace(namespace).limits;
  const sizeBytes = call.body.length;
  if (sizeBytes <= blobSizeWarn) return;
  engine.log.warn('a request is large', { path: call.path, namespace, sizeBytes, warnFrom: blobSizeWarn });
}

const WORKFLOW_SERVICE = '/temporal.api.workflowservice.v1.WorkflowService/';
const OPERATOR_SERVICE = '/temporal.api.operatorservice.v1.OperatorService/';

/** An RPC of WorkflowService. */
export function rpc<Request, Response>(
  method: string,
  requestType: MessageType<Request>,
  responseType: MessageType<Response>,
  handler: Handler<Request, Response>,
): Rpc {
  return rpcAt(WORKFLOW_SERVICE + method, requestType, responseType, handler);
}

/** An RPC of OperatorService. */
export function operatorRpc<Request, Response>(
  method: string,
  requestType: MessageType<Request>,
  responseType: MessageType<Response>,
  handler: Handler<Request, Response>,
): Rpc {
  return rpcAt(OPERATOR_SERVICE + method, requestType, responseType, handler);
}

export function rpcAt<Request, Response>(
  path: string,
  requestType: MessageType<Request>,
  responseType: MessageType<Response>,
  handler: Handler<Request, Response>,
): Rpc {
  const serve: Rpc['serve'] = (context, call, measured) => {
    const request = requestType.decodeStrict(call.body);
    measured.namespace = (request as Admitted).namespace ?? '';
    const { admission, config } = context;
    if (call.body.length > config.blobSizeWarnLeast) warnOfSize(context, call, request as Admitted);
    const response =
      admission === undefined
        ? handler(context, request, call)
        : admission.admit(call, request as Admitted, () => handler(context, request, call));
    return measured.follow(response, responseType.encode, asStatus);
  };
  return { path, serve };
}
