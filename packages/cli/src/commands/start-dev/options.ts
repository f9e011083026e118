// The options of `server start-dev`: those of the `temporal` command, so that scripts and the test environments of the
// SDKs work unchanged.

import type { OptionTable } from '../../table/options.ts';
import { UI_PLACE } from '../../table/sets.ts';

export const HINT = "Run 'perdure server start-dev --help' for the options.";

const NO_EFFECT = 'Accepted for compatibility, without effect';

export const OPTIONS = {
  port: { short: 'p', value: 'PORT', help: 'Port for gRPC, 0 for any free one (default 7233)' },
  ip: { value: 'IP', help: 'Address to listen on (default localhost); the server has no access control' },
  'db-filename': { short: 'f', value: 'FILE', help: 'Keep everything in this file (default: in memory only)' },
  namespace: {
    short: 'n',
    value: 'NAME',
    repeatable: true,
    help: 'Create this namespace, besides "default"; repeatable',
  },
  'search-attribute': {
    value: 'NAME=TYPE',
    repeatable: true,
    help: 'Register a search attribute: Text, Keyword, Int, Double, Bool, Datetime or KeywordList; repeatable',
  },
  'dynamic-config-value': {
    value: 'KEY=JSON',
    repeatable: true,
    help: 'Set a setting, for example limit.blobSize.error=1000000; repeatable',
  },
  'dynamic-config-file': {
    value: 'FILE',
    help: 'Take settings from this file, in the YAML format of the Temporal service; those of --dynamic-config-value are stronger',
  },
  'sqlite-pragma': {
    value: 'NAME=VALUE',
    repeatable: true,
    help: 'Only synchronous=full (default) or synchronous=normal has an effect; repeatable',
  },
  'log-level': { value: 'LEVEL', help: 'debug, info, warn, error or never (default warn)' },
  'log-format': { value: 'FORMAT', help: 'text, json or pretty (default text)' },
  'log-config': { help: 'Print the settings to stderr at start' },
  'print-json': {
    help: 'Say where the server is in one line of JSON once it is ready, instead of the text: for scripts and test environments',
  },
  headless: { help: 'Do not serve the Web UI' },
  'http-port': { value: 'PORT', help: 'Port for the HTTP/JSON API (default: any free one)' },
  'metrics-port': {
    value: 'PORT',
    help: 'Serve metrics for Prometheus at /metrics on this port, 0 for any free one (default: not served)',
  },
  'ui-port': {
    value: 'PORT',
    help: 'Port for the Web UI, 0 for any free one (default: the one for gRPC + 1000, or the next that is free)',
  },
  'ui-ip': { value: 'IP', help: 'Address of the Web UI (default: that of --ip)' },
  ...UI_PLACE,
  'ui-codec-endpoint': {
    value: 'URL',
    help: 'Codec server that the Web UI asks to decode payloads, until its user says',
  },
  'ui-disable-news-fetch': { help: NO_EFFECT },
  version: { short: 'v', help: 'Show the version' },
} as const satisfies OptionTable;
