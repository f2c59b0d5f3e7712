/** Test only: PDUs as lines of a transcript, in both directions. */
import type { RawPdu } from "../pdu/codec.ts";
import { dataSegmentOf, joinViews } from "../pdu/data-segment.ts";
import type { FieldTable } from "../pdu/fields.ts";
import { initiatorPdus, type TargetPdu, targetPdus } from "../pdu/pdus.ts";
import { readSense } from "../pdu/scsi-response.ts";
import { bhsFields } from "../pdu/bhs.ts";
import { decodeText } from "../pdu/text.ts";

/** What a `>` line says: a PDU, and how to damage it. */
export interface Line {
  readonly kind: string;
  readonly raw: RawPdu;
  readonly damage: "header" | "data" | undefined;
}

const WORD = /"([^"]*)"|(\S+)/g;

function dataOf(words: readonly string[], values: ReadonlyMap<string, string>): Uint8Array {
  if (words.length > 0) return new TextEncoder().encode(words.map((word) => `${word}\0`).join(""));
  const [count = "0", byte = "00"] = (values.get("data") ?? "0*00").split("*");
  return new Uint8Array(Number(count)).fill(Number.parseInt(byte, 16));
}

function fieldValue(kind: string, width: number, text: string | undefined, set: boolean): unknown {
  if (kind === "flag") return set;
  if (kind === "number") return Number(text ?? 0);
  const value = new Uint8Array(width);
  value.set(Buffer.from(text ?? "", "hex"));
  return value;
}

const opcodeOf = (values: ReadonlyMap<string, string>, usual: number): number =>
  Number(values.get("opcode") ?? usual);

/** Reads `Kind flag name=value "text=pair" data=COUNT*BYTE damage=header opcode=CODE`. Fields left out get `defaults`, else zero. */
export function parseLine(line: string, defaults: Readonly<Record<string, number | string>>): Line {
  const [kind = "", ...rest] = line.trim().split(/ (.*)/s);
  const text: string[] = [];
  const values = new Map(Object.entries(defaults).map(([name, value]) => [name, String(value)]));
  const flags = new Set<string>();
  for (const [, quoted, word = ""] of (rest[0] ?? "").matchAll(WORD)) {
    const [name = "", value] = word.split("=");
    if (quoted !== undefined) text.push(quoted);
    else if (value === undefined) flags.add(name);
    else values.set(name, value);
  }
  const codec = Object.entries(initiatorPdus).find(([name]) => name === kind)?.[1];
  if (codec === undefined) throw new Error(`no initiator PDU is called ${kind}`);
  const fields: FieldTable = codec.fields;
  const input: Record<string, unknown> = {
    immediate: flags.has("immediate"),
    data: dataSegmentOf(dataOf(text, values)),
  };
  for (const [name, field] of Object.entries(fields)) {
    const short = name === "initiatorTaskTag" ? "itt" : name === "targetTransferTag" ? "ttt" : name;
    input[name] = fieldValue(field.kind, field.valueMax, values.get(short), flags.has(name));
  }
  // The loop filled in the fields of this very codec.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const encode = codec.encode as (values: Record<string, unknown>) => RawPdu;
  const damage = values.get("damage");
  const raw = encode(input);
  bhsFields.opcode.write(raw.bhs, opcodeOf(values, codec.opcode));
  return {
    kind,
    raw,
    damage: damage === "header" || damage === "data" ? damage : undefined,
  };
}

function shown(name: string, value: unknown): string {
  if (value === false || value === 0 || value === undefined) return "";
  if (value === true) return ` ${name}`;
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value).toString("hex");
    return /^0*$/.test(hex) ? "" : ` ${name}=${hex}`;
  }
  const number = Number(value);
  return ` ${name}=${number > 0xffff ? `0x${number.toString(16)}` : number}`;
}

const TEXT_KINDS = new Set(["LoginResponse", "TextResponse"]);

/** A PDU of the target, as a line: fields that are zero are left out. */
export function formatPdu(pdu: TargetPdu): string {
  const fields: FieldTable = targetPdus[pdu.kind].fields;
  const values = new Map<string, unknown>(Object.entries(pdu));
  let line = pdu.kind;
  for (const name of Object.keys(fields)) line += shown(name, values.get(name));
  if (pdu.data.byteLength === 0) return line;
  if (pdu.kind === "ScsiResponse") {
    const sense = readSense(pdu.data) ?? new Uint8Array(0);
    return `${line} sense=${[sense[2], sense[12], sense[13]].map((b) => (b ?? 0).toString(16).padStart(2, "0")).join("/")}`;
  }
  if (!TEXT_KINDS.has(pdu.kind)) return `${line} data=${pdu.data.byteLength}`;
  const pairs = decodeText(joinViews(pdu.data.views)) ?? [];
  return line + pairs.map(([key, value]) => ` "${key}=${value}"`).join("");
}
