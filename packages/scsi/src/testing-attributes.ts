/** READ ATTRIBUTE and WRITE ATTRIBUTE as a strict application client uses them (SPC-5 6.18, 6.49, 7.4.1). */
import assert from "node:assert/strict";
import { be, join, readBe } from "./bytes.ts";
import { type Answer, type Initiator, hex } from "./testing-initiator.ts";

export interface ReadAttribute {
  readonly readOnly: boolean;
  readonly format: number;
  readonly value: Uint8Array;
}

const hexOf = (value: number, width: number) => hex(be(value, width));

export interface Asked {
  readonly serviceAction?: number;
  readonly partition?: number;
  readonly first?: number;
  readonly allocationLength?: number;
}

export function readAttributeCdb(asked: Asked = {}): string {
  const { serviceAction = 0, partition = 0, first = 0, allocationLength = 0xffff } = asked;
  return `8c${hexOf(serviceAction, 1)}00000000 00${hexOf(partition, 1)} ${hexOf(first, 2)} ${hexOf(allocationLength, 4)} 0000`;
}

/** Throws when the parameter data is not laid out as the standard says. */
export async function readAttributes(
  host: Initiator,
  asked: Asked = {},
): Promise<ReadonlyMap<number, ReadAttribute>> {
  const { data } = await host.send(readAttributeCdb(asked));
  assert.equal(readBe(data, 0, 4), data.length - 4, "AVAILABLE DATA");
  const attributes = new Map<number, ReadAttribute>();
  let before = -1;
  let offset = 4;
  while (offset < data.length) {
    const identifier = readBe(data, offset, 2);
    assert(identifier > before, `attribute ${identifier} after ${before}`);
    const flags = data[offset + 2]!;
    assert.equal(flags & 0x7c, 0, "reserved bits");
    const start = offset + 5;
    const end = start + readBe(data, offset + 3, 2);
    assert(end <= data.length, `ATTRIBUTE LENGTH of ${identifier}`);
    attributes.set(identifier, {
      readOnly: (flags & 0x80) !== 0,
      format: flags & 0x03,
      value: new Uint8Array(data.subarray(start, end)),
    });
    before = identifier;
    offset = end;
  }
  return attributes;
}

/** Identifiers of a list: service actions 01h and 05h. */
export async function readIdentifiers(
  host: Initiator,
  serviceAction: number,
): Promise<readonly number[]> {
  const { data } = await host.send(readAttributeCdb({ serviceAction }));
  assert.equal(readBe(data, 0, 4), data.length - 4, "AVAILABLE DATA");
  return Array.from({ length: (data.length - 4) / 2 }, (_, index) =>
    readBe(data, 4 + 2 * index, 2),
  );
}

export type Written = readonly [identifier: number, format: number, value: Uint8Array];

/** A parameter list of WRITE ATTRIBUTE. */
export function attributeList(...written: readonly Written[]): Uint8Array {
  const body = join(
    ...written.flatMap(([identifier, format, value]) => [
      be(identifier, 2),
      format,
      be(value.length, 2),
      value,
    ]),
  );
  return join(be(body.length, 4), body);
}

export function writeAttributes(host: Initiator, list: Uint8Array, partition = 0): Promise<Answer> {
  return host.send(
    `8d00000000 00 00${hexOf(partition, 1)} 0000 ${hexOf(list.length, 4)} 0000`,
    list,
  );
}
