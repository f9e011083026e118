// The server as a library. A program that runs one needs a store, a configuration and a log.
export {
  type Config,
  type ConfigChanges,
  createConfig,
  type NamespaceSettings,
  type SearchAttributeType,
} from './config/config.ts';
export { createLogger, LOG_FORMATS, LOG_LEVELS, type LogFormat, type Logger, type LogLevel } from './logging/logger.ts';
export { type RunningServer, type ServerOptions, type ServerStats, startServer } from './server.ts';
export { connectRpc, type RpcClient } from './transport/index.ts';
