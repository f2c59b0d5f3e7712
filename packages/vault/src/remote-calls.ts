/** Watches the calls of an SDK client, from first to last attempt, for those who count them: one middleware for S3 and KMS. */
import type { VaultError } from "./errors.ts";
import { attemptsOf, describeSdkError, responseHeader, responseOf } from "./sdk-error.ts";

/** One call, its retries included. An object's body is read after the call has ended. */
export interface RemoteCall {
  readonly api: "s3" | "kms";
  /** "PutObject", "Decrypt", … */
  readonly operation: string;
  /** "ok", "CANCELLED" by us, or the code of the VaultError it became. */
  readonly outcome: string;
  readonly seconds: number;
  /** Attempts beyond the first, which the SDK makes by itself. */
  readonly retries: number;
  /** Our clock minus theirs, in whole seconds as HTTP's dates are; undefined where nobody answered. */
  readonly clockAheadSeconds: number | undefined;
}
export type WatchCall = (call: RemoteCall) => void;

export interface CallMiddlewareOptions {
  readonly api: RemoteCall["api"];
  readonly watch: WatchCall;
  /** The error as the vault throws it: its code is the outcome. */
  readonly toError: (error: unknown) => VaultError;
}

/** What is used of an SDK's result, whatever the operation. */
interface Answered {
  readonly output: object;
  readonly response: unknown;
}

const clockAhead = (response: unknown): number | undefined => {
  const theirsMs = Date.parse(responseHeader(response, "date") ?? "");
  return Number.isNaN(theirsMs) ? undefined : Math.round((Date.now() - theirsMs) / 1000);
};

/** For the step `initialize` of a client, which is around retries, credentials and signing. */
export const callMiddleware =
  ({ api, watch, toError }: CallMiddlewareOptions) =>
  <Input, Result extends Answered>(
    next: (input: Input) => Promise<Result>,
    context: { readonly commandName?: string },
  ) =>
  async (input: Input): Promise<Result> => {
    const operation = (context.commandName ?? "unknown").replace(/Command$/, "");
    const begun = performance.now();
    const tell = (outcome: string, attempted: unknown, response: unknown) =>
      watch({
        api,
        operation,
        outcome,
        seconds: (performance.now() - begun) / 1000,
        retries: attemptsOf(attempted) - 1,
        clockAheadSeconds: clockAhead(response),
      });
    try {
      const result = await next(input);
      tell("ok", result.output, result.response);
      return result;
    } catch (error) {
      const cancelled = describeSdkError(error).name === "AbortError";
      tell(cancelled ? "CANCELLED" : toError(error).code, error, responseOf(error));
      throw error;
    }
  };
