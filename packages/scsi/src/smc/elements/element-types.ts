/** ELEMENT TYPE CODE of a CDB (SMC-3 6.11): zero asks for all types. */
import { elementTypeCodes } from "./element-status.ts";
import type { ElementType } from "../robot.ts";

const typesByCode = new Map<number, ElementType | "all">([
  [0, "all"],
  [elementTypeCodes.transport, "transport"],
  [elementTypeCodes.storage, "storage"],
  [elementTypeCodes.importExport, "importExport"],
  [elementTypeCodes.dataTransfer, "dataTransfer"],
]);

export const elementTypeByCode = (code: number): ElementType | "all" | undefined =>
  typesByCode.get(code);
