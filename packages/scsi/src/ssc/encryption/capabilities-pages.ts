/** What the drive can do (SSC-5 8.5.2): the pages of SECURITY PROTOCOL IN that do not depend on what is set. */
import { be, join } from "../../bytes.ts";
import { algorithmIndex, keyLength, plainKeyFormat, securityAlgorithmCode } from "./algorithm.ts";
import { kadLengthMax, kadType } from "./key-associated-data.ts";

const externalControl = { notCapable: 0x04 } as const;
const configurationPrevented = { allowed: 0x01 } as const;

const algorithmBit = {
  /** AVFMV: may be used with the mounted volume. */
  validForVolume: 0x80,
  /** MAC_C: blocks carry a message authentication code. */
  authenticates: 0x20,
  /** DED_C: enciphered blocks are told from others. */
  distinguishes: 0x10,
  /** DECRYPT_C and ENCRYPT_C 10b, as applications expect of a drive. */
  decrypts: 0x08,
  encrypts: 0x02,
} as const;

const positionBit = {
  /** AVFCLP 10b: may be used at the present position. */
  validHere: 0x80,
  /** NONCE_C 01b: the drive makes its own. */
  ownNonce: 0x10,
  /** KADF_C: KAD FORMAT is kept. */
  kadFormat: 0x08,
} as const;

/** DKAD_C 11b (descriptors allowed), EEMC_C 10b (EXTERNAL), RDMC_C 100b (off by default, may be changed), EAREM. */
const modeCapabilities = 0xc0 | 0x20 | 0x08 | 0x01;

function algorithmDescriptor(hasVolume: boolean): Uint8Array {
  const { validForVolume, authenticates, distinguishes, decrypts, encrypts } = algorithmBit;
  const body = join(
    (hasVolume ? validForVolume : 0) | authenticates | distinguishes | decrypts | encrypts,
    (hasVolume ? positionBit.validHere : 0) | positionBit.ownNonce | positionBit.kadFormat,
    be(kadLengthMax[kadType.unauthenticated]!, 2),
    be(kadLengthMax[kadType.authenticated]!, 2),
    be(keyLength, 2),
    modeCapabilities,
    new Uint8Array(7),
    be(securityAlgorithmCode, 4),
  );
  return join(algorithmIndex, 0, be(body.length, 2), body);
}

/** Data Encryption Capabilities, 0010h. */
export const dataEncryptionCapabilities = (hasVolume: boolean): Uint8Array =>
  join(
    externalControl.notCapable | configurationPrevented.allowed,
    new Uint8Array(15),
    algorithmDescriptor(hasVolume),
  );

/** Supported Key Formats, 0011h. */
export const supportedKeyFormats = (): Uint8Array => Uint8Array.of(plainKeyFormat);

/** LOCK_C; CKOD_C, CKORP_C, CKORL_C; AITN_C, LOCAL_C, PUBLIC_C. */
const management = { lock: 0x01, clearOn: 0x07, scopes: 0x07 } as const;

/** Data Encryption Management Capabilities, 0012h. */
export const managementCapabilities = (): Uint8Array =>
  join(management.lock, management.clearOn, 0, management.scopes, new Uint8Array(8));
