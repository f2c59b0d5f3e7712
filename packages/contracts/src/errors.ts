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
    message: "The gateway's access file decides this; change it there.",
  },
  TAPE_REMOVAL_PREVENTED: {
    httpStatus: 409,
    retryable: true,
    message:
      "A host keeps the import/export elements locked; have it allow removal, or move the tape.",
  },
  LIBRARY_NOT_FOUND: { httpStatus: 404, retryable: false, message: "No library has that name." },
  LIBRARY_EXISTS: {
    httpStatus: 409,
    retryable: false,
    message: "A library has that name; object keys begin with it, so take another.",
  },
  LIBRARY_OCCUPIED: {
    httpStatus: 409,
    retryable: false,
    message: "Tapes are in the library; delete them first.",
  },
  LIBRARY_IN_USE: {
    httpStatus: 409,
    retryable: true,
    message: "Hosts have sessions on the library; log them out, or ask with `force=true`.",
  },
  LIBRARY_IS_FIRST: {
    httpStatus: 409,
    retryable: false,
    message: "A gateway's first library is made with it and cannot be removed.",
  },
  LIBRARY_LIMIT: {
    httpStatus: 409,
    retryable: false,
    message: "That is more or less than a library or gateway can have; `field` names what.",
  },
  DRIVE_NOT_FOUND: {
    httpStatus: 404,
    retryable: false,
    message: "The library has no drive at that address.",
  },
  DRIVE_OCCUPIED: {
    httpStatus: 409,
    retryable: true,
    message: "A tape is in the drive; move it out first.",
  },
  DRIVE_IN_USE: {
    httpStatus: 409,
    retryable: true,
    message: "Hosts have sessions on the drive; log them out, or ask with `force=true`.",
  },
  ELEMENT_OCCUPIED: {
    httpStatus: 409,
    retryable: true,
    message: "A tape lies in an element that would go; move it first.",
  },
  ELEMENTS_OVERLAP: {
    httpStatus: 409,
    retryable: false,
    message:
      "These element addresses are taken or do not adjoin; addresses of elements never change.",
  },
  MODEL_UNKNOWN: {
    httpStatus: 400,
    retryable: false,
    message: "No such make is known; packages/scsi/DESIGN.md lists those of drives and changers.",
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
