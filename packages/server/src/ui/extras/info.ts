import { VERSION } from '../../version.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

export interface ServerAddresses {
  readonly grpc: Address;
  /** Undefined: on no port of its own. */
  readonly http: Address | undefined;
}

/** How the page knows that it talks to this server and not to another one, and what that means. */
export function infoOf(addresses: ServerAddresses, codecEndpoint: string | undefined) {
  return {
    name: 'perdure',
    version: VERSION,
    features: ['history', 'live', 'views', 'namespaces'],
    addresses: {
      grpc: hostAndPort(addresses.grpc),
      ...(addresses.http && { http: `http://${hostAndPort(addresses.http)}` }),
    },
    defaultNamespace: 'default',
    ...(codecEndpoint !== undefined && { codecEndpoint }),
  };
}

function hostAndPort({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
