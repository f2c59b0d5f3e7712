/** zstd of one frame (RFC 8878), from node:zlib, on its thread pool. */
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { promisify } from "node:util";
import { VaultError } from "../errors.ts";

const compressAsync = promisify(zstdCompress);
const decompressAsync = promisify(zstdDecompress);

/** Measured (bench/seal.ts): level 3 costs half the speed for a few per cent of size. */
export const ZSTD_LEVEL_DEFAULT = 1;
/** A compressed frame is kept when it saves at least this share: less does not pay for decompressing it. */
const SAVING_MIN = 1 / 16;

/** The compressed frame, or null where it does not pay. */
export const compressFrame = async (plaintext: Buffer, level: number): Promise<Buffer | null> => {
  if (plaintext.length === 0) return null;
  const compressed = await compressAsync(plaintext, {
    params: { [constants.ZSTD_c_compressionLevel]: level },
  });
  return compressed.length <= plaintext.length * (1 - SAVING_MIN) ? compressed : null;
};

/** Exactly `plaintextBytes`, or OBJECT_DAMAGED: even an authentic frame may not expand without bound. */
export const decompressFrame = async (
  compressed: Buffer,
  plaintextBytes: number,
): Promise<Buffer> => {
  const plaintext = await decompressAsync(compressed, { maxOutputLength: plaintextBytes }).catch(
    () => null,
  );
  if (plaintext?.length !== plaintextBytes)
    throw new VaultError("OBJECT_DAMAGED", "a frame does not expand to its length");
  return plaintext;
};
