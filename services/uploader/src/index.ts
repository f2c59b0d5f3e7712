/** The only door of @reelhouse/uploader: for tests; in production main.ts is run. */
export { createUploader, type Uploader } from "./uploader.ts";
export { uploaderConfig, type UploaderConfig } from "./config.ts";
