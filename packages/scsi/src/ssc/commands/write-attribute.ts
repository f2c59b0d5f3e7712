/** WRITE ATTRIBUTE (SPC-5 6.49): host attributes are written, or removed by a length of zero; all of the list or nothing. */
import { bit, uint } from "../../cdb.ts";
import { check, good, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import { receiveParameterList } from "../../spc/parameter-list.ts";
import { status } from "../../status.ts";
import { tapeAlert } from "../../tape-alerts.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import { parseAttributeList } from "../attributes/attribute-list.ts";
import {
  attributeBytes,
  hostAttribute,
  keptHostAttributes,
  mamSpaceRemaining,
  partitionKeeping,
} from "../attributes/host-attributes.ts";
import type { Medium, MediumAttribute, WriteResult } from "../medium.ts";
import { protection } from "../write-permission.ts";
import { type Mounted, mediumCommand } from "./command.ts";

/** Four times what the memory holds; more is refused before a buffer is asked for. */
const parameterListLengthMax = 64 * 1024;

/** The attributes by the partition they lie with; what belongs to the volume comes first. */
function byPartition(
  attributes: readonly MediumAttribute[],
  partition: number,
): ReadonlyMap<number, readonly MediumAttribute[]> {
  const groups = new Map<number, MediumAttribute[]>([[0, []]]);
  for (const attribute of attributes) {
    const row = hostAttribute(attribute.identifier);
    const keeping = row === undefined ? partition : partitionKeeping(row, partition);
    groups.set(keeping, [...(groups.get(keeping) ?? []), attribute]);
  }
  return groups;
}

/** Bytes by which the memory grows. */
function growth(medium: Medium, groups: ReadonlyMap<number, readonly MediumAttribute[]>): number {
  let bytes = 0;
  for (const [partition, attributes] of groups) {
    const kept = keptHostAttributes(medium, partition);
    for (const attribute of attributes) {
      const before = kept.find(({ identifier }) => identifier === attribute.identifier);
      bytes -= before === undefined ? 0 : attributeBytes(before);
      bytes += attribute.value.length === 0 ? 0 : attributeBytes(attribute);
    }
  }
  return bytes;
}

type Group = readonly [partition: number, attributes: readonly MediumAttribute[]];

/** One group after the other, until one fails. */
function write(medium: Medium, [group, ...rest]: readonly Group[]): MaybePromise<WriteResult> {
  if (group === undefined) return { kind: "written" };
  const [partition, attributes] = group;
  if (attributes.length === 0) return write(medium, rest);
  return chain(medium.writeAttributes(partition, attributes), (result) =>
    result.kind === "fault" ? result : write(medium, rest),
  );
}

function writeList(
  { drive, medium }: Mounted,
  list: Uint8Array,
  partition: number,
): MaybePromise<Completion> {
  const parsed = parseAttributeList(list);
  if ("fault" in parsed) return parsed.fault;
  const groups = byPartition(parsed.attributes, partition);
  const grown = growth(medium, groups);
  if (grown > 0 && grown > mamSpaceRemaining(medium)) return check("auxiliaryMemoryOutOfSpace");
  return chain(write(medium, [...groups]), (result) => {
    if (result.kind === "written") return good();
    if (result.fault === "full") return { status: status.busy };
    drive.alerts.raise(tapeAlert.memoryChipFailure);
    return check("auxiliaryMemoryWriteError");
  });
}

/** WTC asks for the memory itself to be written through: it always is. */
export const writeAttribute = mediumCommand({
  name: "WRITE ATTRIBUTE",
  opcode: 0x8d,
  direction: "out",
  seatedSuffices: true,
  // Attributes are durable at once: coherency must not speak of data that a crash would take.
  synchronizesFirst: true,
  cdb: {
    wtc: bit(1, 0),
    logicalVolumeNumber: uint(5, 1),
    partitionNumber: uint(7, 1),
    parameterListLength: uint(10, 4),
  },
  execute(mounted, { logicalVolumeNumber, partitionNumber, parameterListLength }) {
    const { drive, medium, call } = mounted;
    if (logicalVolumeNumber !== 0) return invalidFieldInCdb(5, 7);
    if (partitionNumber >= medium.partitions.length) return invalidFieldInCdb(7, 7);
    const refused = protection(drive, medium);
    if (refused !== undefined) return refused;
    if (parameterListLength === 0) return good();
    return chain(
      receiveParameterList(call, parameterListLength, parameterListLengthMax),
      (received) =>
        "status" in received ? received : writeList(mounted, received, partitionNumber),
    );
  },
});
