/** The Set Data Encryption page, 0010h (SSC-5 8.5.3.2): all of it is checked before any of it takes effect. */
import { createSecretKey } from "node:crypto";
import { readBe } from "../../bytes.ts";
import { check, invalidFieldInParameterList } from "../../completion.ts";
import type { Completion } from "../../task.ts";
import { algorithmIndex, keyLength, plainKeyFormat } from "./algorithm.ts";
import { kadFormatMax, parseKads } from "./key-associated-data.ts";
import {
  type EncryptionParameters,
  type Scope,
  decryptionMode,
  encryptionMode,
  rawDecryptionModeControl,
  scope,
} from "./parameters.ts";

export const setDataEncryptionPage = 0x0010;

export interface SetDataEncryption {
  readonly scope: Scope;
  readonly lock: boolean;
  /** With PUBLIC scope there are none: the page's other fields are not looked at. */
  readonly parameters: EncryptionParameters | undefined;
}

type Parsed<T> = T | { readonly fault: Completion };

const invalid = (byte: number, bit?: number) => ({ fault: invalidFieldInParameterList(byte, bit) });

const pageHeaderLength = 4;
const at = {
  scope: 4,
  control: 5,
  encryptionMode: 6,
  decryptionMode: 7,
  algorithmIndex: 8,
  keyFormat: 9,
  kadFormat: 10,
  keyLength: 18,
  key: 20,
} as const;

const controlBit = { sdk: 0x08, ckod: 0x04, ckorp: 0x02, ckorl: 0x01 } as const;

export function parseSetDataEncryption(list: Uint8Array): Parsed<SetDataEncryption> {
  if (list.length < at.key) return { fault: check("parameterListLengthError") };
  if (readBe(list, 0, 2) !== setDataEncryptionPage) return invalid(0);
  if (readBe(list, 2, 2) !== list.length - pageHeaderLength) {
    return { fault: check("parameterListLengthError") };
  }
  const scopeByte = list[at.scope]!;
  const asked = Object.values(scope).find((each) => each === scopeByte >> 5);
  if (asked === undefined) return invalid(at.scope, 7);
  const lock = (scopeByte & 0x01) !== 0;
  if (asked === scope.public) return { scope: asked, lock, parameters: undefined };
  const wrong = fieldFault(list) ?? keyFault(list);
  if (wrong !== undefined) return wrong;
  const kadStart = at.key + readBe(list, at.keyLength, 2);
  const parsed = parseKads(list.subarray(kadStart));
  if ("invalidByte" in parsed) return invalid(kadStart + parsed.invalidByte);
  return { scope: asked, lock, parameters: { ...parametersOf(list), kads: parsed.kads } };
}

/** The fields a value of which may be one this drive does not have: byte, highest bit, and whether it is wrong. */
function fieldFault(list: Uint8Array): { readonly fault: Completion } | undefined {
  const rows = [
    [at.control, 5, ((list[at.control]! >> 4) & 0x3) === 1],
    [at.control, 3, (list[at.control]! & controlBit.sdk) !== 0],
    [at.encryptionMode, 7, list[at.encryptionMode]! > encryptionMode.encrypt],
    [at.decryptionMode, 7, list[at.decryptionMode]! > decryptionMode.mixed],
    [at.algorithmIndex, 7, list[at.algorithmIndex] !== algorithmIndex],
    [at.keyFormat, 7, list[at.keyFormat] !== plainKeyFormat],
    [at.kadFormat, 7, list[at.kadFormat]! > kadFormatMax],
  ] as const;
  const found = rows.find(([, , isWrong]) => isWrong);
  return found === undefined ? undefined : invalid(found[0], found[1]);
}

const needsKey = (list: Uint8Array): boolean =>
  list[at.encryptionMode] === encryptionMode.encrypt ||
  list[at.decryptionMode]! >= decryptionMode.decrypt;

/** Modes that need no key take none or one of any content: programs that switch off send zeros. */
function keyFault(list: Uint8Array): { readonly fault: Completion } | undefined {
  const length = readBe(list, at.keyLength, 2);
  if (length !== keyLength && (length !== 0 || needsKey(list))) return invalid(at.keyLength);
  return at.key + length > list.length ? { fault: check("parameterListLengthError") } : undefined;
}

function parametersOf(list: Uint8Array): EncryptionParameters {
  const control = list[at.control]!;
  const has = (bit: number) => (control & bit) !== 0;
  const key = needsKey(list)
    ? { key: createSecretKey(list.subarray(at.key, at.key + keyLength)) }
    : {};
  return {
    encryptionMode: list[at.encryptionMode]!,
    decryptionMode: list[at.decryptionMode]!,
    checkExternalMode: control >> 6,
    rawDisabled: ((control >> 4) & 0x3) !== rawDecryptionModeControl.enabled,
    clearOn: {
      demount: has(controlBit.ckod),
      reservationPreempt: has(controlBit.ckorp),
      reservationLoss: has(controlBit.ckorl),
    },
    kadFormat: list[at.kadFormat]!,
    kads: [],
    ...key,
  };
}
