/** Element addresses and moves, for the commands that name them (SMC-3 5). */
import { check } from "../../completion.ts";
import type { SenseName } from "../../sense.ts";
import type { Completion } from "../../task.ts";
import type { MediumChanger } from "../medium-changer.ts";
import type { Element, ElementType, MoveResult } from "../robot.ts";

const elementTypes = ["transport", "storage", "importExport", "dataTransfer"] as const;

export function typeOfElement(changer: MediumChanger, address: number): ElementType | undefined {
  return elementTypes.find((type) => {
    const { firstAddress, count } = changer.robot.ranges[type];
    return address >= firstAddress && address < firstAddress + count;
  });
}

/** A fault when an address is no element's, or is the transport's where a cartridge cannot stay. */
export function invalidPlace(
  changer: MediumChanger,
  address: number,
  cdbByte: number,
): Completion | undefined {
  const type = typeOfElement(changer, address);
  if (type !== undefined && type !== "transport") return undefined;
  return invalidElement(cdbByte);
}

/** Zero names the default transport (SMC-3 6.6); any other address must be a transport's. */
export function invalidTransport(
  changer: MediumChanger,
  address: number,
  cdbByte: number,
): Completion | undefined {
  if (address === 0 || typeOfElement(changer, address) === "transport") return undefined;
  return invalidElement(cdbByte);
}

export const invalidElement = (cdbByte: number): Completion =>
  check("invalidElementAddress", { field: { in: "cdb", byte: cdbByte } });

type Refusal = Extract<MoveResult, { kind: "refused" }>["reason"];

const refusals: Readonly<Record<Refusal, SenseName>> = {
  sourceEmpty: "sourceElementEmpty",
  destinationFull: "destinationElementFull",
  "medium removal prevented": "removalPreventedByDataTransferElement",
  "drive not unloaded": "removalPreventedByDataTransferElement",
  "drive not ready": "becomingReady",
  "unload failed": "unloadTapeFailure",
  "load failed": "mediaLoadOrEjectFailed",
  fault: "mechanicalPositioningError",
};

export function refusalCompletion(reason: Refusal): Completion {
  return check(refusals[reason]);
}

function elementAt({ robot }: MediumChanger, address: number): Element | undefined {
  const [element] = robot.elements("all", address, 1);
  return element?.address === address ? element : undefined;
}

/** The barcode of what lies at `address`. */
export function barcodeAt(changer: MediumChanger, address: number): string | undefined {
  return elementAt(changer, address)?.barcode;
}

/** Why nothing can be taken from an element or put there just now: it stands open, has no drive, or its drive was not unloaded. */
export function unreachable(
  changer: MediumChanger,
  address: number,
  use: "source" | "destination",
): Completion | undefined {
  if (changer.openElements.has(address)) return check("magazineNotAccessible");
  const element = elementAt(changer, address);
  if (element?.type === "dataTransfer" && element.drive === undefined)
    return check("noDataTransferElement");
  if (use === "destination" || changer.model.unloadsDrives) return undefined;
  const threaded = element?.drive?.threaded === true;
  return threaded ? refusalCompletion("drive not unloaded") : undefined;
}
