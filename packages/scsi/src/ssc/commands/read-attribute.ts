/** READ ATTRIBUTE (SPC-5 6.18): the medium auxiliary memory of the volume, of one partition. */
import { be, join } from "../../bytes.ts";
import { bit, uint } from "../../cdb.ts";
import { goodData, invalidFieldInCdb } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import { type Mam, encodeAttribute } from "../attributes/attribute.ts";
import { attributesOf, supportedIdentifiers } from "../attributes/attributes.ts";
import { volumeChangeReferenceIdentifier } from "../attributes/device-attributes.ts";
import { keepAccount } from "../accounts/mount-record.ts";
import { mediumCommand } from "./command.ts";

/** CACHE allows an answer from a cache; the answer is the same. */
const fields = {
  logicalVolumeNumber: uint(5, 1),
  partitionNumber: uint(7, 1),
  firstAttributeIdentifier: uint(8, 2),
  allocationLength: uint(10, 4),
  cache: bit(14, 0),
};

/** AVAILABLE DATA counts what follows it, however little of it is asked for. */
const withAvailableData = (body: Uint8Array) => join(be(body.length, 4), body);

/** The parameter data, or undefined when the first attribute is not one of those asked for. */
type Answer = (mam: Mam, firstIdentifier: number) => Uint8Array | undefined;

const from = (identifiers: readonly number[], first: number): readonly number[] | undefined =>
  identifiers.includes(first) ? identifiers.filter((identifier) => identifier >= first) : undefined;

const identifierList: (identifiersOf: (mam: Mam) => readonly number[]) => Answer =
  (identifiersOf) => (mam, first) => {
    const identifiers = from(identifiersOf(mam), first);
    return identifiers && withAvailableData(join(...identifiers.map((each) => be(each, 2))));
  };

const presentIdentifiers = (mam: Mam) => attributesOf(mam).map(({ identifier }) => identifier);

const attributeValues: Answer = (mam, first) => {
  const asked = attributesOf(mam).filter(({ identifier }) => identifier >= first);
  if (asked[0]?.identifier !== first) return undefined;
  if (asked.some(({ identifier }) => identifier === volumeChangeReferenceIdentifier)) {
    mam.drive.mount.changeReferenceSeen();
  }
  return withAvailableData(join(...asked.map((each) => encodeAttribute(each))));
};

/** First number and count, of logical volumes or partitions. */
const numberList = (count: number) => join(be(2, 2), 0, count);

const readAttribute = (name: string, serviceAction: number, answer: Answer) =>
  mediumCommand({
    name: `READ ATTRIBUTE (${name})`,
    opcode: 0x8c,
    serviceAction,
    direction: "in",
    reservation: "reads",
    seatedSuffices: true,
    cdb: fields,
    execute({ drive, medium }, cdb): MaybePromise<Completion> {
      const { logicalVolumeNumber, partitionNumber: partition, firstAttributeIdentifier } = cdb;
      if (logicalVolumeNumber !== 0) return invalidFieldInCdb(5, 7);
      if (partition >= medium.partitions.length) return invalidFieldInCdb(7, 7);
      const data = answer({ drive, medium, partition }, firstAttributeIdentifier);
      if (data === undefined) return invalidFieldInCdb(8, 7);
      const answered = goodData(data, cdb.allocationLength);
      // A change reference that a host has seen must not come again with other data after a crash.
      return drive.mount.isDue ? chain(keepAccount(drive, medium), () => answered) : answered;
    },
  });

export const readAttributeValues = readAttribute("ATTRIBUTE VALUES", 0x00, attributeValues);

export const readAttributeList = readAttribute(
  "ATTRIBUTE LIST",
  0x01,
  identifierList(presentIdentifiers),
);

export const readAttributeVolumes = readAttribute("LOGICAL VOLUME LIST", 0x02, () => numberList(1));

export const readAttributePartitions = readAttribute("PARTITION LIST", 0x03, ({ medium }) =>
  numberList(medium.partitions.length),
);

export const readAttributeSupported = readAttribute(
  "SUPPORTED ATTRIBUTES",
  0x05,
  identifierList(supportedIdentifiers),
);
