// The server as a library. A program that runs one needs a store, a configuration and a log.
export { isReservedAttribute } from '@perdure/core';
export {
  type Config,
  type ConfigChanges,
  ConfigError,
  createConfig,
  type NamespaceSettings,
} from './config/config.ts';
export { configFromPairs } from './config/dynamic-config.ts';
export { SEARCH_ATTRIBUTE_TYPES } from './frontend/search-attributes/registry.ts';
export {
  createLogger,
  LOG_FORMATS,
  LOG_LEVELS,
  type LogFormat,
  type Logger,
  type LogLevel,
  silentLogger,
} from './logging/logger.ts';
export { type RunningServer, type ServerOptions, type ServerStats, startServer } from './server.ts';
export { connectRpc, type RpcClient } from './transport/index.ts';
export { COMPATIBLE_VERSION, VERSION } from './version.ts';
