/** Writing with data encryption parameters: ENCRYPT makes containers, EXTERNAL takes those of the host (SSC-5 4.2.22). */
import { chain } from "../../maybe-promise.ts";
import {
  type BlockFilter,
  type MediumBlocks,
  nothingToRelease,
  refused,
} from "../blocks/block-filter.ts";
import { blocksOf, viewsBetween } from "../blocks/block-views.ts";
import { type Turns, eachBlock } from "../blocks/yielding.ts";
import { blockEncipherer } from "./block-cipher.ts";
import { containerOverheadMax, markedExternal, parseHeader } from "./container.ts";
import { type EncryptionParameters, encryptionMode } from "./parameters.ts";

/** The half of a block filter that is for writing. */
export type Writing = Pick<BlockFilter, "writeInformationLength" | "mediumLength" | "toMedium">;

/** Blocks go on as they come. */
export const plainWriting: Writing = {
  writeInformationLength: 0,
  mediumLength: (transferLength) => transferLength,
  toMedium: (data, blockLength) => ({ kind: "blocks", data, blockLength, marks: {} }),
};

function enciphered(
  containers: readonly (readonly Uint8Array[])[],
  blockLength: number,
): MediumBlocks {
  const views = containers.flat();
  return {
    kind: "blocks",
    data: { views, byteLength: containers.length * blockLength, release: nothingToRelease },
    blockLength,
    marks: { enciphered: true },
  };
}

function encryptWriting(parameters: EncryptionParameters, turns: Turns): Writing {
  const { key } = parameters;
  if (key === undefined) return plainWriting;
  const encipherer = blockEncipherer(key, parameters);
  const { overhead } = encipherer;
  const container = (block: readonly Uint8Array[]) => encipherer.encipher(block);
  return {
    writeInformationLength: 0,
    mediumLength: (transferLength) => transferLength + overhead,
    toMedium: (data, blockLength) =>
      chain(
        eachBlock(turns, blocksOf(data.views, blockLength), blockLength, container),
        (containers) => {
          data.release();
          return enciphered(containers ?? [], blockLength + overhead);
        },
      ),
  };
}

function markedContainer(block: readonly Uint8Array[]): readonly Uint8Array[] | undefined {
  const header = parseHeader(block);
  if (header === undefined) return undefined;
  return [markedExternal(header), ...viewsBetween(block, header.length, Infinity)];
}

/** The host hands in containers as it read them raw; they are looked at, and marked as written so. */
function externalWriting(turns: Turns): Writing {
  return {
    writeInformationLength: containerOverheadMax,
    mediumLength: (transferLength) => transferLength,
    toMedium: (data, blockLength) =>
      chain(
        eachBlock(turns, blocksOf(data.views, blockLength), blockLength, markedContainer),
        (containers) => {
          if (containers === undefined) {
            data.release();
            return refused("encryptionParametersNotUseable");
          }
          const blocks = enciphered(containers, blockLength);
          return { ...blocks, data: { ...blocks.data, release: () => data.release() } };
        },
      ),
  };
}

export function writingOf(parameters: EncryptionParameters, turns: Turns): Writing {
  if (parameters.encryptionMode === encryptionMode.encrypt)
    return encryptWriting(parameters, turns);
  return parameters.encryptionMode === encryptionMode.external
    ? externalWriting(turns)
    : plainWriting;
}
