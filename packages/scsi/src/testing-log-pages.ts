/** Log pages as a strict application client reads them: every length and control byte is looked at (SPC-5 7.3). */
import assert from "node:assert/strict";
import { readBe } from "./bytes.ts";
import type { Initiator } from "./testing-initiator.ts";

export interface ReadLogPage {
  readonly pageCode: number;
  readonly parameters: ReadonlyMap<number, Uint8Array>;
}

const headerLength = 4;

/** Throws when the page is not laid out as the standard says. */
export function logPageOf(data: Uint8Array): ReadLogPage {
  assert(data.length >= headerLength, "a page has a header");
  assert.equal(data[0]! & 0xc0, 0, "neither DS nor SPF");
  assert.equal(data[1], 0, "subpage 0");
  assert.equal(readBe(data, 2, 2), data.length - headerLength, "PAGE LENGTH");
  const parameters = new Map<number, Uint8Array>();
  let before = -1;
  let offset = headerLength;
  while (offset < data.length) {
    assert(offset + headerLength <= data.length, "a parameter has a header");
    const code = readBe(data, offset, 2);
    assert(code > before, `parameter ${code} after ${before}`);
    assert.equal(data[offset + 2]! & 0xfc, 0, "DU, TSD, ETC and TMC of parameter control");
    const end = offset + headerLength + data[offset + 3]!;
    assert(end <= data.length, `PARAMETER LENGTH of ${code}`);
    parameters.set(code, data.slice(offset + headerLength, end));
    before = code;
    offset = end;
  }
  return { pageCode: data[0]! & 0x3f, parameters };
}

export async function readLogPage(host: Initiator, pageCode: number): Promise<ReadLogPage> {
  const cdb = `4d 00 ${(0x40 | pageCode).toString(16)} 00 00 00 00 ff ff 00`;
  const page = logPageOf((await host.send(cdb)).data);
  assert.equal(page.pageCode, pageCode);
  return page;
}

/** The value of a counter; undefined when the page has none of that code. */
export function counterOf({ parameters }: ReadLogPage, code: number): number | undefined {
  const value = parameters.get(code);
  return value && [...value].reduce((sum, each) => sum * 256 + each, 0);
}
