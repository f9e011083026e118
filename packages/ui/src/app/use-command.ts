// The command of `perdure` that does what a dialog is about to do, against this very server.
import { type Action, commandLine } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { extrasQuery } from '../api/server.ts';
import { usePreferences } from '../settings/preferences.ts';

/** Where the server's gRPC address is not known, the line leaves it to the profile of whoever runs it. */
export function useCommand(namespace: string): (action: Action) => string {
  const { data } = useQuery(extrasQuery);
  const address = data?.addresses.grpc;
  const { codec } = usePreferences();
  const isEncoded = codec.endpoint !== '' && codec.encodesSent;
  return (action) =>
    commandLine(action, {
      namespace,
      ...(address === undefined ? {} : { address }),
      ...(isEncoded ? { codecEndpoint: codec.endpoint } : {}),
    });
}
