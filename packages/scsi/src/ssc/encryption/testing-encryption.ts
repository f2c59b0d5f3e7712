/** Set Data Encryption pages for tests, and the commands that carry them. */
import { be, join } from "../../bytes.ts";
import type { Initiator } from "../../testing-initiator.ts";
import { decryptionMode, encryptionMode, scope } from "./parameters.ts";

export interface PageFields {
  readonly scope?: number;
  readonly lock?: boolean;
  /** CEEM, RDMC, SDK, CKOD, CKORP, CKORL. */
  readonly control?: number;
  readonly encryptionMode?: number;
  readonly decryptionMode?: number;
  readonly kadFormat?: number;
  readonly key?: Uint8Array;
  /** Descriptors by type. */
  readonly kads?: readonly (readonly [type: number, text: string])[];
}

export const keyOf = (seed: number): Uint8Array => new Uint8Array(32).fill(seed);

export const control = { rawEnabled: 0x20, ckod: 0x04, ckorp: 0x02, ckorl: 0x01 } as const;

/** ENCRYPT and DECRYPT with a key for all nexuses, unless the fields say otherwise. */
export function setPage(fields: PageFields = {}): Uint8Array {
  const key = fields.key ?? keyOf(1);
  const kads = (fields.kads ?? []).map(([type, text]) =>
    join(type, 0, be(text.length, 2), Buffer.from(text, "latin1")),
  );
  const body = join(
    ((fields.scope ?? scope.allItNexus) << 5) | (fields.lock === true ? 1 : 0),
    fields.control ?? 0x40,
    fields.encryptionMode ?? encryptionMode.encrypt,
    fields.decryptionMode ?? decryptionMode.decrypt,
    1,
    0,
    fields.kadFormat ?? 0,
    new Uint8Array(7),
    be(key.length, 2),
    key,
    ...kads,
  );
  return join(be(0x10, 2), be(body.length, 2), body);
}

const lengthField = (length: number) => length.toString(16).padStart(8, "0");

/** SECURITY PROTOCOL OUT with the page; the outcome in words. */
export const sendPage = (host: Initiator, page: Uint8Array): Promise<string> =>
  host.tell(`b5 20 00 10 00 00 ${lengthField(page.length)} 00 00`, page);

/** Sets what the fields say, and must succeed. */
export async function setEncryption(host: Initiator, fields: PageFields = {}): Promise<void> {
  const outcome = await sendPage(host, setPage(fields));
  if (outcome !== "GOOD") throw new Error(`Set Data Encryption: ${outcome}`);
}

/** A page of SECURITY PROTOCOL IN, 20h, cut to `allocationLength`. */
export async function readPage(
  host: Initiator,
  page: number,
  allocationLength = 8192,
): Promise<Buffer> {
  const code = page.toString(16).padStart(4, "0");
  const answer = await host.send(`a2 20 ${code} 00 00 ${lengthField(allocationLength)} 00 00`);
  if (answer.outcome !== "GOOD") throw new Error(answer.outcome);
  return Buffer.from(answer.data);
}
