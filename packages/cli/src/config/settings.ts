// What a client of a server can be told, and where each of it may be said: an option of the command line, a variable of the
// environment, a profile of the configuration file, or an environment of the old YAML file. The names are those of
// the `temporal` command and of the SDKs, which read the same file and the same variables.

export interface SettingSpec {
  /** Its option, and its key in the old YAML file. */
  readonly option: string;
  /** The variable that says it, without TEMPORAL_ or PERDURE_ before it; of pairs, what their variables begin with. */
  readonly variable?: string;
  /** Its name of old, which is stronger: so the `temporal` command has it. */
  readonly variableOfOld?: string;
  /** Where it stands in a profile: `tls.client_cert_path`. */
  readonly property: string;
  readonly kind: 'text' | 'flag' | 'pairs';
  /** Never shown whole. */
  readonly isSecret?: boolean;
  readonly byDefault?: string;
  readonly isOfTls?: boolean;
}

const tls = (option: string, property: string, variable: string, more: Partial<SettingSpec> = {}) =>
  ({ option, variable, property: `tls.${property}`, kind: 'text', isOfTls: true, ...more }) as const;

export const SETTINGS: readonly SettingSpec[] = [
  { option: 'address', variable: 'ADDRESS', property: 'address', kind: 'text', byDefault: '127.0.0.1:7233' },
  { option: 'namespace', variable: 'NAMESPACE', property: 'namespace', kind: 'text', byDefault: 'default' },
  { option: 'api-key', variable: 'API_KEY', property: 'api_key', kind: 'text', isSecret: true },
  { option: 'grpc-meta', variable: 'GRPC_META', property: 'grpc_meta', kind: 'pairs', isSecret: true },
  { option: 'client-authority', variable: 'CLIENT_AUTHORITY', property: 'authority', kind: 'text' },
  { option: 'identity', property: 'identity', kind: 'text' },
  { option: 'tls', variable: 'TLS', property: 'tls.enabled', kind: 'flag' },
  tls('tls-cert-path', 'client_cert_path', 'TLS_CLIENT_CERT_PATH', { variableOfOld: 'TLS_CERT' }),
  tls('tls-cert-data', 'client_cert_data', 'TLS_CLIENT_CERT_DATA', { variableOfOld: 'TLS_CERT_DATA' }),
  tls('tls-key-path', 'client_key_path', 'TLS_CLIENT_KEY_PATH', { variableOfOld: 'TLS_KEY' }),
  tls('tls-key-data', 'client_key_data', 'TLS_CLIENT_KEY_DATA', { variableOfOld: 'TLS_KEY_DATA', isSecret: true }),
  tls('tls-ca-path', 'server_ca_cert_path', 'TLS_SERVER_CA_CERT_PATH', { variableOfOld: 'TLS_CA' }),
  tls('tls-ca-data', 'server_ca_cert_data', 'TLS_SERVER_CA_CERT_DATA', { variableOfOld: 'TLS_CA_DATA' }),
  tls('tls-server-name', 'server_name', 'TLS_SERVER_NAME'),
  tls('tls-disable-host-verification', 'disable_host_verification', 'TLS_DISABLE_HOST_VERIFICATION', {
    kind: 'flag',
  }),
  { option: 'codec-endpoint', variable: 'CODEC_ENDPOINT', property: 'codec.endpoint', kind: 'text' },
  { option: 'codec-auth', variable: 'CODEC_AUTH', property: 'codec.auth', kind: 'text', isSecret: true },
  { option: 'codec-header', property: 'codec.headers', kind: 'pairs', isSecret: true },
];

/** What one place says of a setting. */
export interface Said {
  /** Flags are `true` or `false`, pairs KEY=VALUE. */
  readonly values: readonly string[];
  /** Keys of pairs that no weaker place may say. */
  readonly removed?: readonly string[];
  /** `--address`, `TEMPORAL_ADDRESS`, `profile prod of temporal.toml`, `default`. */
  readonly origin: string;
}

/** One setting as it came out. */
export interface Resolved extends Said {
  readonly spec: SettingSpec;
  /** How strong the place is where it was said; the strongest is 0. */
  readonly rank: number;
}

/** Enough to see which key it is. */
export function shownValue({ spec, values }: Pick<Resolved, 'spec' | 'values'>): string {
  if (!spec.isSecret) return values.join(', ');
  return values.map((value) => (spec.kind === 'pairs' ? hiddenPair(value) : hidden(value))).join(', ');
}

function hiddenPair(pair: string): string {
  const at = pair.indexOf('=') + 1;
  return pair.slice(0, at) + hidden(pair.slice(at));
}

/** Of a short one nothing is told. */
function hidden(value: string): string {
  return `${value.length > 8 ? value.slice(0, 3) : ''}… (${value.length} characters)`;
}
