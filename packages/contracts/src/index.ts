/** The only door of @reelhouse/contracts. */
export * from "./ids.ts";
export * from "./receipt.ts";
export * from "./manifest.ts";
export * from "./errors.ts";
export * from "./jobs/upload-segment.ts";
export * from "./jobs/publish-manifest.ts";
export * from "./events/element.ts";
export * from "./events/volume.ts";
export * from "./events/event.ts";
export * from "./control/volumes.ts";
export * from "./control/iscsi-access.ts";
export * from "./control/iscsi-sessions.ts";
export * from "./control/libraries.ts";
export * from "./api/libraries.ts";
export * from "./api/tapes.ts";
export * from "./api/library.ts";
