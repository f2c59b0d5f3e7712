/** Jobs as contracts define them, the handler of one, and the error that says trying again is of no use. */
import type { z } from "zod";

/** The shape of contracts/jobs/<job>.ts. */
export interface JobDefinition<Payload, Result> {
  readonly queue: string;
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  readonly result: z.ZodType<Result>;
}

/** What a handler knows beside the payload. */
export interface JobContext {
  readonly id: string;
  /** 1 at the first try. */
  readonly attempt: number;
  /** Aborted when the worker must stop now; the job is then tried again by another. */
  readonly signal: AbortSignal;
}

/** Thrown by a handler: the job fails at once and is not tried again, until somebody offers it anew. */
export class PermanentJobError extends Error {
  readonly code: string;
  constructor(code: string, message: string, cause?: unknown) {
    super(`${code}: ${message}`, { cause });
    this.name = "PermanentJobError";
    this.code = code;
  }
}

/** A definition with its handler, types forgotten: what a worker keeps in its table. */
export interface JobHandler {
  readonly name: string;
  /** Checks the payload, runs, checks the result. */
  run(payload: unknown, context: JobContext): Promise<unknown>;
}

const issues = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ");

/** Binds a handler to its definition. A payload or result that does not fit is a fault of code, so permanent. */
export const jobHandler = <Payload, Result>(
  definition: JobDefinition<Payload, Result>,
  handle: (payload: Payload, context: JobContext) => Promise<Result>,
): JobHandler => ({
  name: definition.name,
  run: async (given, context) => {
    const payload = definition.payload.safeParse(given);
    if (!payload.success) {
      throw new PermanentJobError("INVALID_PAYLOAD", issues(payload.error), payload.error);
    }
    const result = definition.result.safeParse(await handle(payload.data, context));
    if (!result.success) {
      throw new PermanentJobError("INVALID_RESULT", issues(result.error), result.error);
    }
    return result.data;
  },
});

/** One queue carries several kinds of job, and its events name only the id: so the kind stands in the id. */
export const queueJobId = (name: string, id: string): string => `${name}/${id}`;

/** The inverse of queueJobId; null for an id that is not ours. */
export const splitQueueJobId = (jobId: string): { name: string; id: string } | null => {
  const slash = jobId.indexOf("/");
  return slash < 1 ? null : { name: jobId.slice(0, slash), id: jobId.slice(slash + 1) };
};
