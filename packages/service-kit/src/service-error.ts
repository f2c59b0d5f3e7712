/** A failure that has a row in contracts' ERRORS: thrown anywhere in a request, answered as that row says. */
import { ERRORS, type ErrorBody, type ErrorCode } from "@reelhouse/contracts";

export interface ServiceErrorOptions {
  /** The field at fault, as a path: `body.sizeBytes`. */
  readonly field?: string;
  /** For people, behind the row's message. Never a secret. */
  readonly detail?: string;
  readonly cause?: unknown;
}

export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly detail: string | undefined;
  constructor(code: ErrorCode, { field, detail, cause }: ServiceErrorOptions = {}) {
    super(detail === undefined ? ERRORS[code].message : `${ERRORS[code].message} ${detail}`, {
      cause,
    });
    this.name = "ServiceError";
    this.code = code;
    this.field = field;
    this.detail = detail;
  }
}

/** What the client gets to see. */
export const errorBodyOf = (error: ServiceError, requestId: string): ErrorBody => ({
  code: error.code,
  message: error.message,
  ...(error.field === undefined ? {} : { field: error.field }),
  retryable: ERRORS[error.code].retryable,
  requestId,
});
