/**
 * Enciphering and deciphering of one block: AES-256-GCM with a key derived for each set of parameters (HKDF-SHA-256 of
 * the host's key with a random salt) and a random IV for each block, so that no IV is used twice with a key even when
 * a host keeps one key for all its tapes.
 */
import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { viewsBetween } from "../blocks/block-views.ts";
import { keyLength } from "./algorithm.ts";
import {
  type ContainerHeader,
  checkLength,
  encodeHeader,
  encodePrefix,
  headerLengthOf,
  ivLength,
  saltLength,
  tagLength,
} from "./container.ts";
import type { EncryptionParameters } from "./parameters.ts";

const algorithm = "aes-256-gcm";
const info = { key: "reelhouse block key 1", check: "reelhouse key check 1" } as const;

interface DerivedKey {
  readonly key: KeyObject;
  readonly check: Uint8Array;
}

function derive(hostKey: KeyObject, salt: Uint8Array): DerivedKey {
  const bytes = (purpose: string, length: number) =>
    Buffer.from(hkdfSync("sha256", hostKey, salt, purpose, length));
  return {
    key: createSecretKey(bytes(info.key, keyLength)),
    check: bytes(info.check, checkLength),
  };
}

/** Enciphers the blocks of one set of parameters. */
export interface BlockEncipherer {
  /** Bytes of a container more than of its block. */
  readonly overhead: number;
  encipher(block: readonly Uint8Array[]): readonly Uint8Array[];
}

export function blockEncipherer(
  hostKey: KeyObject,
  { rawDisabled, kadFormat, kads }: EncryptionParameters,
): BlockEncipherer {
  const salt = randomBytes(saltLength);
  const { key, check } = derive(hostKey, salt);
  const prefix = encodePrefix({ rawDisabled, kadFormat, kads, salt, check });
  return {
    overhead: headerLengthOf(prefix),
    encipher(block) {
      const iv = randomBytes(ivLength);
      const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagLength });
      cipher.setAAD(prefix);
      const text = block.map((view) => cipher.update(view));
      cipher.final();
      return [encodeHeader(prefix, iv, cipher.getAuthTag()), ...text];
    },
  };
}

export type Deciphered =
  | { readonly kind: "plain"; readonly views: readonly Uint8Array[] }
  | { readonly kind: "wrongKey" }
  | { readonly kind: "damaged" };

/** Whether a block was enciphered with that key. */
export const holdsKeyOf = (hostKey: KeyObject, { salt, check }: ContainerHeader): boolean =>
  timingSafeEqual(derive(hostKey, salt).check, check);

export interface BlockDecipherer {
  /** Hands out nothing of a block whose tag is wrong. */
  decipher(header: ContainerHeader, container: readonly Uint8Array[]): Deciphered;
}

/** Derived keys kept for reading: a tape has few sets of parameters, and goes through them one after the other. */
const derivedKeysMax = 16;

export function blockDecipherer(hostKey: KeyObject): BlockDecipherer {
  const derived = new Map<string, DerivedKey>();
  const derivedFor = (salt: Uint8Array): DerivedKey => {
    const name = Buffer.from(salt).toString("latin1");
    const found = derived.get(name);
    if (found !== undefined) return found;
    if (derived.size >= derivedKeysMax) derived.clear();
    const made = derive(hostKey, salt);
    derived.set(name, made);
    return made;
  };
  return {
    decipher(header, container) {
      const { key, check } = derivedFor(header.salt);
      if (!timingSafeEqual(check, header.check)) return { kind: "wrongKey" };
      const decipher = createDecipheriv(algorithm, key, header.iv, { authTagLength: tagLength });
      decipher.setAAD(header.authenticated);
      decipher.setAuthTag(header.tag);
      const text = viewsBetween(container, header.length, Infinity);
      const views = text.map((view) => decipher.update(view));
      try {
        decipher.final();
      } catch {
        // The tag is the only thing final() can object to.
        return { kind: "damaged" };
      }
      return { kind: "plain", views };
    },
  };
}
