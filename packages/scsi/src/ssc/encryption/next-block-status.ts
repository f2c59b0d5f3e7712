/** Next Block Encryption Status, 0021h (SSC-5 8.5.2.9): looks at the block that would be read next, and stays before it. */
import { be, join } from "../../bytes.ts";
import { chain } from "../../maybe-promise.ts";
import type { MaybePromise } from "../../task.ts";
import type { Medium, MediumFault, ReadResult } from "../medium.ts";
import { algorithmIndex } from "./algorithm.ts";
import { type ContainerHeader, containerOverheadMax, parseHeader } from "./container.ts";
import { holdsKeyOf } from "./block-cipher.ts";
import { authentication, encodeKads, kadType } from "./key-associated-data.ts";
import { type EncryptionParameters, decryptionMode } from "./parameters.ts";

/** ENCRYPTION STATUS. COMPRESSION STATUS is zero, as drives have it: not known. */
const status = {
  unknownNow: 1,
  noBlock: 2,
  notEncrypted: 3,
  unsupportedAlgorithm: 4,
  readable: 5,
  notReadable: 6,
} as const;

const flag = { external: 0x02, rawDisabled: 0x01 } as const;

function body(position: number, encryptionStatus: number, header?: ContainerHeader): Uint8Array {
  const flags =
    header === undefined
      ? 0
      : (header.external ? flag.external : 0) | (header.rawDisabled ? flag.rawDisabled : 0);
  const kads = encodeKads(header?.kads ?? [], (type) =>
    type === kadType.unauthenticated ? authentication.notCovered : authentication.notAttempted,
  );
  return join(
    be(position, 8),
    encryptionStatus,
    header === undefined ? 0 : algorithmIndex,
    flags,
    header?.kadFormat ?? 0,
    kads,
  );
}

function ofBlock(
  position: number,
  read: Exclude<ReadResult, MediumFault>,
  parameters: EncryptionParameters,
): Uint8Array {
  if (read.kind !== "block") return body(position, status.noBlock);
  if (!read.enciphered) return body(position, status.notEncrypted);
  const header = parseHeader(read.data.views);
  if (header === undefined) return body(position, status.unsupportedAlgorithm);
  const { key } = parameters;
  const isReadable =
    key !== undefined &&
    parameters.decryptionMode >= decryptionMode.decrypt &&
    holdsKeyOf(key, header);
  return body(position, isReadable ? status.readable : status.notReadable, header);
}

/** The page's bytes after its header; a fault of the medium when the position is lost. */
export function nextBlockStatus(
  medium: Medium,
  parameters: EncryptionParameters,
): MaybePromise<Uint8Array | MediumFault> {
  const { objectNumber, endOfData } = medium.position;
  if (endOfData) return body(objectNumber, status.noBlock);
  return chain(
    medium.read(containerOverheadMax),
    (read): MaybePromise<Uint8Array | MediumFault> => {
      if (read.kind === "fault") return body(objectNumber, status.unknownNow);
      const answer = Uint8Array.from(ofBlock(objectNumber, read, parameters));
      if (read.kind === "block") read.data.release();
      return chain(medium.locate(objectNumber), (located) =>
        located.kind === "fault" ? located : answer,
      );
    },
  );
}
