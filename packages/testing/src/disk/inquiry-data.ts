/** INQUIRY data of the RAM disk (SPC-5 6.7, 7.7): standard data, and the VPD pages a disk has to have. */

const VERSION_SPC4 = 0x06;
const PAGES = [0x00, 0x80, 0x83, 0xb0, 0xb1] as const;
const BLOCK_LIMITS_BYTES = 60;
const NAA = Uint8Array.of(0x30, 0x52, 0x48, 0x44, 0, 0, 0, 1);
const SERIAL = "RHDISK01";
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function standard(): Uint8Array {
  const data = new Uint8Array(36);
  data.set([0, 0, VERSION_SPC4, 0x02, 31, 0, 0, 0x02]);
  data.set(text("REELHOUS"), 8);
  data.set(text("TEST ONLY DISK  "), 16);
  data.set(text("0001"), 32);
  return data;
}

const bodies: Readonly<Record<number, () => Uint8Array>> = {
  0x00: () => Uint8Array.from(PAGES),
  0x80: () => text(SERIAL),
  // One designator: binary, NAA, of the logical unit.
  0x83: () => Uint8Array.of(0x01, 0x03, 0, NAA.byteLength, ...NAA),
  0xb0: () => new Uint8Array(BLOCK_LIMITS_BYTES),
  0xb1: () => new Uint8Array(BLOCK_LIMITS_BYTES),
};

/** Standard data, or the VPD page of that code; undefined when there is none. */
export function inquiryData(page: number | undefined): Uint8Array | undefined {
  if (page === undefined) return standard();
  const body = bodies[page]?.();
  return body && Uint8Array.of(0, page, body.byteLength >> 8, body.byteLength & 255, ...body);
}
