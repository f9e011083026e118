// Sets of options that several commands share, so that the same thing has the same name everywhere.

import type { OptionTable } from './options.ts';

export const OUTPUT_FORMATS = ['text', 'json', 'jsonl', 'csv', 'md', 'none'] as const;

/** Of every command. */
export const GLOBAL = {
  help: { short: 'h', help: 'Show what the command does and its options' },
  all: { help: 'With --help: show also the options of every command and of the connection' },
  output: { short: 'o', value: 'FORMAT', oneOf: OUTPUT_FORMATS, help: 'How to print (default text)' },
  fields: {
    value: 'NAMES',
    help: 'Print only these columns or fields, separated by commas, such as WorkflowId,execution.runId,searchAttributes.City',
  },
  'time-format': {
    value: 'FORMAT',
    oneOf: ['relative', 'iso', 'raw'],
    help: 'How texts show times (default relative)',
  },
  color: { value: 'WHEN', oneOf: ['auto', 'always', 'never'], help: 'Whether texts are coloured (default auto)' },
  'no-json-shorthand-payloads': { help: 'Print payloads in JSON as they are: metadata and data' },
  'command-timeout': { value: 'DURATION', kind: 'duration', help: 'Give up after so long (default: never)' },
  'log-level': {
    value: 'LEVEL',
    oneOf: ['debug', 'info', 'warn', 'error', 'never'],
    help: 'What to log to stderr (default never)',
  },
  'log-format': { value: 'FORMAT', oneOf: ['text', 'json', 'pretty'], help: 'How to log (default text)' },
  profile: { value: 'NAME', env: ['TEMPORAL_PROFILE'], help: 'Profile of the configuration file (default "default")' },
  'config-file': {
    value: 'FILE',
    env: ['TEMPORAL_CONFIG_FILE'],
    help: 'Configuration file (default: temporalio/temporal.toml where the system keeps configurations)',
  },
  'disable-config-file': { help: 'Read no configuration file' },
  'disable-config-env': { help: 'Read no environment variables' },
  env: { value: 'NAME', env: ['TEMPORAL_ENV'], help: 'Environment of the old YAML file; profiles are better' },
  'env-file': {
    value: 'FILE',
    // Node.js has an option of the same name, looks for it behind the script as well, and ends if the file is missing.
    aliases: ['environment-file'],
    env: ['TEMPORAL_ENV_FILE'],
    help: 'The old YAML file of environments; Node.js refuses one that is not there yet, unless it is named by --environment-file or the variable',
  },
} as const satisfies OptionTable;

/** Of every command that calls a server. Each may be said by PERDURE_ variables as well, which are stronger. */
export const CLIENT = {
  address: {
    value: 'HOST:PORT',
    env: ['TEMPORAL_ADDRESS'],
    help: 'The server (default 127.0.0.1:7233); ${namespace} in it is replaced',
  },
  namespace: { short: 'n', value: 'NAME', env: ['TEMPORAL_NAMESPACE'], help: 'Namespace (default "default")' },
  'api-key': { value: 'KEY', env: ['TEMPORAL_API_KEY'], help: 'API key; switches TLS on' },
  'grpc-meta': {
    value: 'KEY=VALUE',
    kind: 'pair',
    repeatable: true,
    help: 'Header of every request, besides those of variables and profile',
  },
  'client-authority': { value: 'NAME', help: 'The :authority that the server sees' },
  identity: { value: 'TEXT', help: 'Who does this, as histories show it' },
  'client-connect-timeout': { value: 'DURATION', kind: 'duration', help: 'How long connecting may take (default 10s)' },
  tls: { env: ['TEMPORAL_TLS'], help: 'Use TLS; implied by a key or a certificate' },
  'tls-cert-path': { value: 'FILE', env: ['TEMPORAL_TLS_CLIENT_CERT_PATH'], help: 'Certificate of the client' },
  'tls-cert-data': { value: 'PEM', env: ['TEMPORAL_TLS_CLIENT_CERT_DATA'], help: 'The certificate itself' },
  'tls-key-path': { value: 'FILE', env: ['TEMPORAL_TLS_CLIENT_KEY_PATH'], help: 'Key of the client' },
  'tls-key-data': { value: 'PEM', env: ['TEMPORAL_TLS_CLIENT_KEY_DATA'], help: 'The key itself' },
  'tls-ca-path': { value: 'FILE', env: ['TEMPORAL_TLS_SERVER_CA_CERT_PATH'], help: 'Who certifies the server' },
  'tls-ca-data': { value: 'PEM', env: ['TEMPORAL_TLS_SERVER_CA_CERT_DATA'], help: 'The same, itself' },
  'tls-server-name': { value: 'NAME', env: ['TEMPORAL_TLS_SERVER_NAME'], help: 'Name that the certificate must have' },
  'tls-disable-host-verification': {
    env: ['TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'],
    help: 'Accept any certificate of the server: for tests only',
  },
  'codec-endpoint': {
    value: 'URL',
    env: ['TEMPORAL_CODEC_ENDPOINT'],
    help: 'Server that encodes and decodes payloads; {namespace} in it is replaced',
  },
  'codec-auth': { value: 'TEXT', env: ['TEMPORAL_CODEC_AUTH'], help: 'Authorization header for it' },
  'codec-header': { value: 'KEY=VALUE', kind: 'pair', repeatable: true, help: 'Header for it' },
} as const satisfies OptionTable;

/** One execution. */
export const WORKFLOW_REFERENCE = {
  'workflow-id': { short: 'w', value: 'ID', required: true, help: 'Workflow id' },
  'run-id': { short: 'r', value: 'ID', help: 'Run id (default: the newest run)' },
} as const satisfies OptionTable;

/** One execution, or all that a query finds by a batch operation. */
export const WORKFLOW_OR_BATCH = {
  'workflow-id': { short: 'w', value: 'ID', help: 'Workflow id; or --query' },
  'run-id': { short: 'r', value: 'ID', help: 'Run id (default: the newest run); not with --query' },
  query: { short: 'q', value: 'QUERY', help: 'All executions of this list filter, by a batch operation' },
  reason: { value: 'TEXT', help: 'Why, as the history or the batch operation shows it' },
  yes: { short: 'y', help: 'Do not ask before a batch operation is started' },
  rps: { value: 'N', kind: 'number', help: 'Executions per second of the batch operation at most' },
  headers: { value: 'KEY=JSON', kind: 'pair', repeatable: true, help: 'Header of the message' },
} as const satisfies OptionTable;

/** Arguments. */
export const PAYLOAD_INPUT = {
  input: { short: 'i', value: 'JSON', repeatable: true, help: 'An argument, as JSON; repeatable for several' },
  'input-file': { value: 'FILE', repeatable: true, help: 'An argument from a file; - for standard input; repeatable' },
  'input-meta': {
    value: 'KEY=VALUE',
    kind: 'pair',
    repeatable: true,
    help: 'Metadata of the arguments, in their order (default encoding=json/plain); repeatable',
  },
  'input-base64': { help: 'The arguments are base64 of their data' },
} as const satisfies OptionTable;

/** Of all that can be started. */
export const COMMON_START = {
  type: { value: 'NAME', required: true, help: 'Its type' },
  'task-queue': { short: 't', value: 'NAME', required: true, help: 'Task queue of the workers that execute it' },
  'search-attribute': { value: 'KEY=JSON', kind: 'pair', repeatable: true, help: 'Search attribute; repeatable' },
  headers: { value: 'KEY=JSON', kind: 'pair', repeatable: true, help: 'Header; repeatable' },
  'static-summary': { value: 'TEXT', help: 'A line that tells people what it is' },
  'static-details': { value: 'TEXT', help: 'The same at length, in Markdown' },
  'priority-key': { value: 'N', kind: 'integer', help: 'Priority from 1, the highest, to 5 (default 3)' },
  'fairness-key': { value: 'TEXT', help: 'Tasks of different keys take turns' },
  'fairness-weight': { value: 'N', kind: 'number', help: 'Share of the turns of its key (default 1)' },
} as const satisfies OptionTable;

/** Of all commands that start workflows, now or later. */
export const SHARED_START = {
  'workflow-id': { short: 'w', value: 'ID', help: 'Workflow id (default: a new one)' },
  ...COMMON_START,
  type: { ...COMMON_START.type, aliases: ['name'], help: 'Workflow type' },
  'run-timeout': { value: 'DURATION', kind: 'duration', help: 'How long one run may take' },
  'execution-timeout': {
    value: 'DURATION',
    kind: 'duration',
    help: 'How long all of it may take, with retries and continuing as new',
  },
  'task-timeout': { value: 'DURATION', kind: 'duration', help: 'How long one workflow task may take (default 10s)' },
  memo: { value: 'KEY=JSON', kind: 'pair', repeatable: true, help: 'Memo, which lists show; repeatable' },
} as const satisfies OptionTable;

/** A list. */
export const LISTING = {
  query: {
    short: 'q',
    value: 'QUERY',
    help: 'List filter, such as "ExecutionStatus = \'Running\'" (see docs/lists.md)',
  },
  limit: {
    value: 'N',
    kind: 'integer',
    help: 'So many at most, 0 for all (default 50 on a terminal, all otherwise)',
  },
  'page-size': { value: 'N', kind: 'integer', help: 'How many to fetch at a time' },
} as const satisfies OptionTable;

/** Of all commands that serve the Web UI: what it consists of, and where it lies. */
export const UI_PLACE = {
  'ui-public-path': { value: 'PATH', help: 'Serve the Web UI below this path, such as /perdure (default /)' },
  'ui-asset-path': { value: 'FOLDER', help: 'Serve the Web UI that is built in this folder, instead of the own one' },
} as const satisfies OptionTable;

/** Of commands that look again and again. */
export const WATCH_INTERVAL = {
  value: 'DURATION',
  kind: 'duration',
  help: 'How often to look, 100ms at least (default 1s)',
} as const satisfies OptionTable[string];
