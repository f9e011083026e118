// grpc.reflection: tools such as grpcurl ask here which services and messages there are. Version 1 and its predecessor
// v1alpha have the same messages. The descriptors are loaded when somebody asks, never at start.

import { code } from '@perdure/api';
import type { Descriptors } from '@perdure/api/descriptors';
import { ServerReflectionRequest, ServerReflectionResponse } from '@perdure/api/reflection';
import type { Init } from '@perdure/api/wire';
import type { RpcStream } from '../transport/rpc.ts';
import type { StreamRpc } from './stream-rpc.ts';

type Answer = Pick<Init<ServerReflectionResponse>, 'fileDescriptorResponse' | 'listServicesResponse' | 'errorResponse'>;

/** `served`: full names of the services that this server answers; the descriptors know more of them. */
export function reflectionStreams(served: readonly string[]): readonly StreamRpc[] {
  const stream = (call: RpcStream): Promise<void> => answerAll(call, served);
  return ['v1', 'v1alpha'].map((version) => ({
    path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
    stream,
  }));
}

async function answerAll(call: RpcStream, served: readonly string[]): Promise<void> {
  const { loadDescriptors } = await import('@perdure/api/descriptors');
  const descriptors = await loadDescriptors();
  for await (const message of call.messages) {
    const request = ServerReflectionRequest.decode(message);
    const response = { validHost: request.host, originalRequest: request, ...answer(request, descriptors, served) };
    await call.send(ServerReflectionResponse.encode(response));
  }
}

function answer(request: ServerReflectionRequest, descriptors: Descriptors, served: readonly string[]): Answer {
  const { fileByFilename, fileContainingSymbol, listServices } = request;
  if (listServices !== undefined) return { listServicesResponse: { service: served.map((name) => ({ name })) } };
  if (fileByFilename !== undefined) return fileAnswer(descriptors, fileByFilename, `file ${fileByFilename}`);
  if (fileContainingSymbol !== undefined) {
    const file = descriptors.fileContaining(fileContainingSymbol);
    return fileAnswer(descriptors, file, `symbol ${fileContainingSymbol}`);
  }
  // The API has no proto2 extensions, apart from the options of descriptors themselves.
  if (request.fileContainingExtension !== undefined || request.allExtensionNumbersOfType !== undefined) {
    return errorAnswer(code.NOT_FOUND, 'no extensions are defined');
  }
  return errorAnswer(code.INVALID_ARGUMENT, 'the request names nothing to look up');
}

function fileAnswer(descriptors: Descriptors, file: string | undefined, asked: string): Answer {
  if (file === undefined || descriptors.file(file) === undefined) {
    return errorAnswer(code.NOT_FOUND, `${asked} is not known`);
  }
  return { fileDescriptorResponse: { fileDescriptorProto: [...descriptors.withDependencies(file)] } };
}

function errorAnswer(errorCode: number, errorMessage: string): Answer {
  return { errorResponse: { errorCode, errorMessage } };
}
