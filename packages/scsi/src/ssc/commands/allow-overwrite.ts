/**
 * ALLOW OVERWRITE (SSC-5 7.1): in append-only mode lets the next write go over data at the position, or the next FORMAT
 * MEDIUM take it all. In the other mode all of that is allowed already, and the command changes nothing.
 */
import { bits, uint, uint64 } from "../../cdb.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import type { Medium } from "../medium.ts";
import { mediumCommand } from "./command.ts";

const allowOverwriteField = { none: 0, position: 1, format: 2 } as const;

const isAt = ({ position }: Medium, partition: number, objectNumber: number): boolean =>
  position.partition === partition && position.objectNumber === objectNumber;

export const allowOverwrite = mediumCommand({
  name: "ALLOW OVERWRITE",
  opcode: 0x82,
  direction: "none",
  cdb: {
    allowOverwrite: bits(2, 3, 0),
    partition: uint(3, 1),
    logicalObjectIdentifier: uint64(4),
  },
  validate: (cdb) =>
    cdb.allowOverwrite > allowOverwriteField.format ? invalidFieldInCdb(2, 3) : undefined,
  execute({ drive, medium }, cdb) {
    const { partition, logicalObjectIdentifier } = cdb;
    drive.allowedOverwrite = undefined;
    if (cdb.allowOverwrite === allowOverwriteField.format)
      drive.allowedOverwrite = { kind: "format" };
    if (cdb.allowOverwrite !== allowOverwriteField.position) return good();
    // The host says where it believes to be: elsewhere it would overwrite what it means to keep.
    if (!isAt(medium, partition, logicalObjectIdentifier)) {
      return check("sequentialPositioningError");
    }
    drive.allowedOverwrite = {
      kind: "position",
      partition,
      objectNumber: logicalObjectIdentifier,
    };
    return good();
  },
});
