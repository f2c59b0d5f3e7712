/** GetObjectLegalHold. */
import { findVersion } from "../find-version.ts";
import type { S3Operation } from "../operation.ts";
import { leaf, xmlDocument } from "../xml.ts";

export const getObjectLegalHold: S3Operation = {
  name: "GetObjectLegalHold",
  method: "GET",
  level: "object",
  query: ["legal-hold"],
  execute: (call) => ({
    body: xmlDocument("LegalHold", leaf("Status", findVersion(call).meta.legalHold ? "ON" : "OFF")),
  }),
};
