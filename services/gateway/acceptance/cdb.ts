/** Command descriptor blocks as byte arrays, the few fields a check varies as arguments (SPC-5, SSC-5, SMC-3). */

/** Big-endian bytes of an unsigned integer. */
export const be = (value: number | bigint, width: number): number[] => {
  const wide = BigInt.asUintN(width * 8, BigInt(value));
  return Array.from({ length: width }, (_, index) =>
    Number((wide >> BigInt((width - 1 - index) * 8)) & 0xffn),
  );
};

/** A CDB of `length` bytes: the operation code, then runs of bytes at their offsets. */
export const cdb = (
  opcode: number,
  length: 6 | 10 | 12 | 16,
  fields: Readonly<Record<number, number | readonly number[]>> = {},
): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes[0] = opcode;
  for (const [offset, value] of Object.entries(fields))
    bytes.set(typeof value === "number" ? [value] : value, Number(offset));
  return bytes;
};

export const testUnitReady = cdb(0x00, 6);
export const rewind = cdb(0x01, 6);

export const read6 = (length: number, flags: { fixed?: boolean; sili?: boolean } = {}) =>
  cdb(0x08, 6, {
    1: (flags.fixed === true ? 1 : 0) | (flags.sili === true ? 2 : 0),
    2: be(length, 3),
  });
export const write6 = (length: number, fixed = false) =>
  cdb(0x0a, 6, { 1: fixed ? 1 : 0, 2: be(length, 3) });
export const writeFilemarks6 = (count: number, immediate = false) =>
  cdb(0x10, 6, { 1: immediate ? 1 : 0, 2: be(count, 3) });

export const spaceCodes = {
  blocks: 0,
  filemarks: 1,
  sequentialFilemarks: 2,
  endOfData: 3,
} as const;
export type SpaceCode = keyof typeof spaceCodes;
export const space6 = (code: SpaceCode, count: number) =>
  cdb(0x11, 6, { 1: spaceCodes[code], 2: be(count, 3) });
export const space16 = (code: SpaceCode, count: number | bigint) =>
  cdb(0x91, 16, { 1: spaceCodes[code], 4: be(count, 8) });

export const locate10 = (position: number) => cdb(0x2b, 10, { 3: be(position, 4) });
export const destinationTypes = { object: 0, file: 1, endOfData: 3 } as const;
export const locate16 = (
  type: keyof typeof destinationTypes,
  identifier: number | bigint,
  partition?: number,
) =>
  cdb(0x92, 16, {
    1: (destinationTypes[type] << 3) | (partition === undefined ? 0 : 2),
    3: partition ?? 0,
    4: be(identifier, 8),
  });

export const inquiryPage = (page: number, allocationLength = 0xffff) =>
  cdb(0x12, 6, { 1: 1, 2: page, 3: be(allocationLength, 2) });
export const modeSense10 = (page: number, subpage = 0, pageControl = 0, allocation = 0xffff) =>
  cdb(0x5a, 10, { 2: (pageControl << 6) | page, 3: subpage, 7: be(allocation, 2) });
export const modeSelect10 = (length: number, savePages = false) =>
  cdb(0x55, 10, { 1: savePages ? 0x11 : 0x10, 7: be(length, 2) });
export const logSense = (page: number, subpage = 0, allocation = 0xffff, pointer = 0) =>
  cdb(0x4d, 10, { 2: 0x40 | page, 3: subpage, 5: be(pointer, 2), 7: be(allocation, 2) });
export const readAttribute = (action: number, partition: number, first = 0, allocation = 0xffff) =>
  cdb(0x8c, 16, { 1: action, 7: partition, 8: be(first, 2), 10: be(allocation, 4) });
export const writeAttribute = (partition: number, length: number) =>
  cdb(0x8d, 16, { 1: 1, 7: partition, 10: be(length, 4) });
export const persistentReserveIn = (action: number, allocation = 0x1000) =>
  cdb(0x5e, 10, { 1: action, 7: be(allocation, 2) });
export const persistentReserveOut = (action: number, type: number) =>
  cdb(0x5f, 10, { 1: action, 2: type, 5: be(24, 4) });
export const securityProtocolIn = (page: number, allocation = 0x1000) =>
  cdb(0xa2, 12, { 1: 0x20, 2: be(page, 2), 6: be(allocation, 4) });
export const securityProtocolOut = (page: number, length: number) =>
  cdb(0xb5, 12, { 1: 0x20, 2: be(page, 2), 6: be(length, 4) });
/** REPORT SUPPORTED OPERATION CODES; option 3 finds a command with or without service action. */
export const supportedOpcodes = (
  options: { option?: number; opcode?: number; serviceAction?: number; rctd?: boolean } = {},
) =>
  cdb(0xa3, 12, {
    1: 0x0c,
    2: (options.rctd === true ? 0x80 : 0) | (options.option ?? 0),
    3: options.opcode ?? 0,
    4: be(options.serviceAction ?? 0, 2),
    6: be(0x10000, 4),
  });

export const moveMedium = (source: number, destination: number, transport = 0) =>
  cdb(0xa5, 12, { 2: be(transport, 2), 4: be(source, 2), 6: be(destination, 2) });
export const exchangeMedium = (source: number, first: number, second: number) =>
  cdb(0xa6, 12, { 4: be(source, 2), 6: be(first, 2), 8: be(second, 2) });
export const preventAllow = (prevent: number) => cdb(0x1e, 6, { 4: prevent });
export const loadUnload = (load: boolean) => cdb(0x1b, 6, { 4: load ? 1 : 0 });
