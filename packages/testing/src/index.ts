/** The only door of @reelhouse/testing. */
export * from "./initiator/connect.ts";
export * from "./initiator/session.ts";
export * from "./initiator/errors.ts";
export * from "./initiator/opcodes.ts";
export * from "./initiator/sense.ts";
export type * from "./initiator/command-task.ts";
export type * from "./initiator/transport.ts";
export * from "./scsi-device.ts";
export * from "./tape.ts";
export * from "./changer.ts";
export * from "./copy-guard.ts";
export * from "./wait-until.ts";
export * from "./patience.ts";
export * from "./harness/reelhouse.ts";
export * from "./harness/processes.ts";
export * from "./harness/free-ports.ts";
export * from "./harness/s3-reader.ts";
export * from "./harness/rest.ts";
