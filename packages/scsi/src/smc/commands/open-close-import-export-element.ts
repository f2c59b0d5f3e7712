/**
 * OPEN/CLOSE IMPORT/EXPORT ELEMENT (SMC-3 6.7). While an element is open the changer cannot reach it; when it is closed,
 * the other nexuses are told that an operator may have been there.
 */
import { bits, uint } from "../../cdb.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { invalidElement, typeOfElement } from "../elements/elements.ts";
import { smcCommand } from "./command.ts";

const actionCodes = { open: 0, close: 1 } as const;

export const openCloseImportExportElement = smcCommand({
  name: "OPEN/CLOSE IMPORT/EXPORT ELEMENT",
  opcode: 0x1b,
  direction: "none",
  cdb: { elementAddress: uint(2, 2), actionCode: bits(4, 4, 0) },
  execute(changer, { elementAddress, actionCode }, { nexus }) {
    if (typeOfElement(changer, elementAddress) !== "importExport") return invalidElement(2);
    const { openElements } = changer;
    if (actionCode === actionCodes.open) {
      if (changer.preventsRemoval) return check("mediumRemovalPrevented");
      changer.logicalUnit.loseAbsentHolders();
      openElements.add(elementAddress);
      return good();
    }
    if (actionCode !== actionCodes.close) return invalidFieldInCdb(4, 4);
    if (openElements.delete(elementAddress)) {
      changer.attentions.establishForAll("importExportAccessed", nexus);
    }
    return good();
  },
});
