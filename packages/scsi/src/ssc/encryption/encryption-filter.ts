/** The block filter of a set of data encryption parameters: what each mode does with each block read (SSC-5 4.2.22). */
import type { DataIn } from "../../task.ts";
import {
  type BlockFilter,
  type ReadBlock,
  type Refused,
  nothingToRelease,
  refused,
} from "../blocks/block-filter.ts";
import { byteLengthOf, viewsBetween } from "../blocks/block-views.ts";
import { Turns } from "../blocks/yielding.ts";
import { type BlockDecipherer, blockDecipherer } from "./block-cipher.ts";
import { type ContainerHeader, containerOverheadMax, parseHeader } from "./container.ts";
import { plainWriting, writingOf } from "./encryption-writing.ts";
import {
  type EncryptionParameters,
  decryptionMode,
  externalModeCheck,
  noEncryption,
} from "./parameters.ts";

/** CEEM: a block must have been written in the mode asked for. */
const isModeMismatch = ({ checkExternalMode }: EncryptionParameters, header: ContainerHeader) =>
  (checkExternalMode === externalModeCheck.external && !header.external) ||
  (checkExternalMode === externalModeCheck.encrypt && header.external);

type Opened =
  | { readonly kind: "whole" }
  | { readonly kind: "plain"; readonly views: readonly Uint8Array[] }
  | Refused;

/** What the mode makes of an enciphered block. */
function open(
  parameters: EncryptionParameters,
  decipherer: BlockDecipherer | undefined,
  container: readonly Uint8Array[],
): Opened {
  const header = parseHeader(container);
  if (header === undefined || parameters.decryptionMode === decryptionMode.disable) {
    return refused("unableToDecryptData");
  }
  if (isModeMismatch(parameters, header)) return refused("encryptionModeMismatchOnRead");
  if (decipherer === undefined) {
    return header.rawDisabled ? refused("encryptedBlockNotRawReadEnabled") : { kind: "whole" };
  }
  const deciphered = decipherer.decipher(header, container);
  if (deciphered.kind === "wrongKey") return refused("incorrectDataEncryptionKey");
  return deciphered.kind === "damaged" ? refused("cryptographicIntegrityFailed") : deciphered;
}

/** The beginning of what was made of a block, as the host asks for it. */
function cut(views: readonly Uint8Array[], byteLengthMax: number, release: () => void): ReadBlock {
  const length = byteLengthOf(views);
  const asked = length > byteLengthMax ? viewsBetween(views, 0, byteLengthMax) : views;
  const data: DataIn = { views: asked, byteLength: Math.min(length, byteLengthMax), release };
  return { kind: "block", length, data, enciphered: false };
}

/** Reading by the parameters; RAW and the two modes with a key refuse what they cannot give, MIXED gives both kinds. */
export function encryptionFilter(
  parameters: EncryptionParameters,
  nextTurn: () => Promise<void>,
): BlockFilter {
  const turns = new Turns(nextTurn);
  const { key } = parameters;
  const decipherer =
    key === undefined || parameters.decryptionMode < decryptionMode.decrypt
      ? undefined
      : blockDecipherer(key);
  const plainIsRefused =
    parameters.decryptionMode === decryptionMode.raw ||
    parameters.decryptionMode === decryptionMode.decrypt;
  const deciphered = (block: ReadBlock, byteLengthMax: number): ReadBlock | Refused => {
    const { data } = block;
    const opened = open(parameters, decipherer, data.views);
    if (opened.kind === "whole") return cut(data.views, byteLengthMax, () => data.release());
    data.release();
    return opened.kind === "refused" ? opened : cut(opened.views, byteLengthMax, nothingToRelease);
  };
  return {
    ...writingOf(parameters, turns),
    readInformationLength:
      parameters.decryptionMode === decryptionMode.raw ? containerOverheadMax : 0,
    fromMedium(block, byteLengthMax) {
      if (block.enciphered) {
        const given = deciphered(block, byteLengthMax);
        return turns.after(block.length)?.then(() => given) ?? given;
      }
      if (!plainIsRefused) return block;
      block.data.release();
      return refused("unencryptedDataWhileDecrypting");
    },
  };
}

/** For a nexus without parameters that has another filter: enciphered blocks are refused, others go through. */
export const noDecryption = encryptionFilter(noEncryption, () => Promise.resolve());

/** Refuses every block: the key that a locked nexus counts on is not the one in use any more (SSC-5 4.2.22.9). */
export const lockedOut: BlockFilter = {
  ...plainWriting,
  readInformationLength: 0,
  toMedium(data) {
    data.release();
    return refused("encryptionKeyInstanceChanged");
  },
  fromMedium(block) {
    block.data.release();
    return refused("encryptionKeyInstanceChanged");
  },
};
