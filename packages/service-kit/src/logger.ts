/** JSON lines on stdout, one an event. What must never be logged is cut out here, whoever logs it. */
import { destination, pino, stdTimeFunctions, type Logger as PinoLogger } from "pino";
import type { LogLevel } from "./settings.ts";

export type Logger = PinoLogger;

/** Keys whose values are secrets, wherever they stand down to the third level of a logged object. */
const secretKeys = [
  "authorization",
  "cookie",
  "password",
  "plaintext",
  "Plaintext",
  "secret",
  "secretAccessKey",
  "sessionToken",
  "token",
] as const;

const redactedPaths = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

export interface LoggerOptions {
  /** Where lines go; stdout without. For tests. */
  readonly write?: (line: string) => void;
}

/** A logger whose every line names the service. */
export const createLogger = (
  service: string,
  level: LogLevel = "info",
  { write }: LoggerOptions = {},
): Logger => {
  const stream = write === undefined ? stdout() : { write };
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedPaths, censor: "[redacted]" },
    },
    stream,
  );
};

/** Synchronous, so that the last line before an exit is not lost; a reader that went away must not end the service. */
const stdout = () => {
  const stream = destination({ fd: 1, sync: true });
  stream.on("error", () => undefined);
  return stream;
};
