/**
 * Every error a service can answer with: one row each. Clients go by `code`; `message` is for people and says what to
 * do next. docs/errors.md is derived from this table by a test.
 */
import { z } from "zod";

export interface ErrorRow {
  readonly httpStatus: number;
  /** The same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly message: string;
}

export const ERRORS = {
  INVALID_REQUEST: {
    httpStatus: 400,
    retryable: false,
    message: "The request is malformed; `field` names what to correct.",
  },
  UNAUTHENTICATED: {
    httpStatus: 401,
    retryable: false,
    message:
      "Send the token as `Authorization: Bearer <token>`; the admin token lies in the data folder.",
  },
  FORBIDDEN: { httpStatus: 403, retryable: false, message: "This token may not do that." },
  NOT_FOUND: { httpStatus: 404, retryable: false, message: "There is no such resource." },
  TAPE_NOT_FOUND: { httpStatus: 404, retryable: false, message: "No tape has that barcode." },
  TAPE_EXISTS: {
    httpStatus: 409,
    retryable: false,
    message: "A tape with that barcode exists or existed; barcodes are not used again.",
  },
  TAPE_IN_DRIVE: {
    httpStatus: 409,
    retryable: true,
    message: "The tape is in a drive; unload it first.",
  },
  LIBRARY_FULL: {
    httpStatus: 409,
    retryable: true,
    message: "No free element of that kind; remove or move a tape first.",
  },
  TARGET_NOT_FOUND: {
    httpStatus: 404,
    retryable: false,
    message: "The gateway has no iSCSI target of that name.",
  },
  SESSION_NOT_FOUND: {
    httpStatus: 404,
    retryable: false,
    message: "There is no iSCSI session of that TSIH, or it has ended.",
  },
  ACCESS_IN_FILE: {
    httpStatus: 409,
    retryable: false,
    message: "The gateway's access file decides this; change it there and restart the gateway.",
  },
  GATEWAY_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    message: "The gateway does not answer; backups may go on, try again.",
  },
  DATABASE_UNAVAILABLE: {
    httpStatus: 503,
    retryable: true,
    message: "The catalogue's database does not answer; backups go on, try again.",
  },
  INTERNAL: {
    httpStatus: 500,
    retryable: true,
    message: "Something failed on our side; the log has it under the request id.",
  },
} as const satisfies Record<string, ErrorRow>;
export type ErrorCode = keyof typeof ERRORS;

const isErrorCode = (name: string): name is ErrorCode => Object.hasOwn(ERRORS, name);
const errorCodes = Object.keys(ERRORS).filter(isErrorCode);

export const errorBody = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  /** The field at fault, as a path (`body.sizeBytes`), when there is one. */
  field: z.string().optional(),
  retryable: z.boolean(),
  requestId: z.string(),
});
export type ErrorBody = z.infer<typeof errorBody>;
