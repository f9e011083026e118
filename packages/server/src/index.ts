// The server as a library. A program that runs one needs a store, a configuration and a log.
export {
  type Config,
  type ConfigChanges,
  createConfig,
  type NamespaceSettings,
  SEARCH_ATTRIBUTE_TYPES,
  type SearchAttributeType,
} from './config/config.ts';
export { ConfigError, configFromPairs } from './config/dynamic-config.ts';
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
