/**
 * Sense data in descriptor format (SPC-5 4.4.2), made from the fixed format that all of this package encodes: one
 * encoder decides what is told, this file only how it is laid out.
 */
import { be, join } from "./bytes.ts";

const responseCode = { fixedDeferred: 0x71, current: 0x72, deferred: 0x73 } as const;
const informationValid = 0x80;
const incorrectLength = 0x20;
const streamFlags = 0xe0;
const senseKeySpecificValid = 0x80;

/** INFORMATION is 8 bytes here. Only a residue of ILI can be negative (SSC-5 4.2.14), and is extended with its sign. */
function informationDescriptor(fixed: Uint8Array): Uint8Array {
  const isNegative = (fixed[2]! & incorrectLength) !== 0 && (fixed[3]! & 0x80) !== 0;
  const sign = new Uint8Array(4).fill(isNegative ? 0xff : 0);
  return join(0x00, 10, 0x80, 0, sign, fixed.subarray(3, 7));
}

/** FILEMARK, EOM and ILI (SPC-5 4.4.2.5). */
const streamCommandsDescriptor = (flags: number) => join(0x04, 2, 0, flags);

const senseKeySpecificDescriptor = (fixed: Uint8Array) =>
  join(0x02, 6, 0, 0, fixed.subarray(15, 18), 0);

/** The same sense data in descriptor format. */
export function toDescriptorFormat(fixed: Uint8Array): Uint8Array {
  const isDeferred = (fixed[0]! & 0x7f) === responseCode.fixedDeferred;
  const flags = fixed[2]! & streamFlags;
  const descriptors = join(
    (fixed[0]! & informationValid) === 0 ? new Uint8Array() : informationDescriptor(fixed),
    (fixed[15]! & senseKeySpecificValid) === 0
      ? new Uint8Array()
      : senseKeySpecificDescriptor(fixed),
    flags === 0 ? new Uint8Array() : streamCommandsDescriptor(flags),
  );
  const code = isDeferred ? responseCode.deferred : responseCode.current;
  const key = fixed[2]! & 0x0f;
  return join(code, key, fixed[12]!, fixed[13]!, be(0, 3), descriptors.length, descriptors);
}
