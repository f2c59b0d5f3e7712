/** The only door of @reelhouse/service-kit. */
export { KNOWN_SETTINGS, type SettingName, type SettingRow } from "./known-settings.ts";
export { ConfigError, loadConfig, variableName, type Environment } from "./config.ts";
export {
  awsRegion,
  bucketName,
  byteSize,
  databaseUrl,
  deviceModel,
  formatAddress,
  formatPortals,
  httpUrl,
  keyPrefix,
  listenAddress,
  logLevel,
  portalAddresses,
  queueUrl,
  wholeNumber,
  type DeviceModel,
  type ListenAddress,
  type LogLevel,
  type PortalAddress,
} from "./settings.ts";
export { settingSchemas } from "./setting-schemas.ts";
export { errorCode } from "./error-code.ts";
export { createFile, replaceFile, syncDirectory } from "./atomic-file.ts";
export { ensureTokenFile, readTokenFile, sameToken } from "./tokens.ts";
export { createLogger, type Logger } from "./logger.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export { shareRunning } from "./share-running.ts";
export { createRemoteCallMetrics, type RemoteCall } from "./remote-call-metrics.ts";
export { createHealth, type Health, type HealthCheck, type Readiness } from "./health.ts";
export {
  createLifecycle,
  logFatal,
  type HostProcess,
  type Lifecycle,
  type Phase,
} from "./lifecycle.ts";
export { readyReport, reportReady, stopWhenParentDies, type ReadyReport } from "./parent.ts";
export { ServiceError, type ServiceErrorOptions } from "./service-error.ts";
export { type TokenKind, type Tokens } from "./bearer.ts";
export type { HttpApp } from "./http-app.ts";
export { createHttpServer, type HttpServer, type HttpServerOptions } from "./http-server.ts";
export { listen, listenFault } from "./listen.ts";
export { connectQueue, type QueueConnection } from "./queue/connect.ts";
export { type QueueKind } from "./queue/backend.ts";
export { type JobWorker, type WorkerOptions } from "./queue/consumer.ts";
export {
  jobHandler,
  PermanentJobError,
  type JobContext,
  type JobDefinition,
  type JobHandler,
} from "./queue/job.ts";
export { QueueUnavailableError } from "./queue/keeper.ts";
export { type JobEvents } from "./queue/listener.ts";
export { watchQueue } from "./queue/queue-metrics.ts";
export { type JobQueue, type Offer } from "./queue/producer.ts";
