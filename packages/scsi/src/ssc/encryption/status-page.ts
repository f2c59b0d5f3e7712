/** Data Encryption Status, 0020h (SSC-5 8.5.2.8): what is in force for the nexus that asks. The key is never in it. */
import { be, join } from "../../bytes.ts";
import { algorithmIndex } from "./algorithm.ts";
import type { EncryptionInForce } from "./data-encryption.ts";
import { authentication, encodeKads, kadType } from "./key-associated-data.ts";
import { decryptionMode, encryptionMode } from "./parameters.ts";

/** PARAMETERS CONTROL 001b: set by application clients and by nobody else. */
const controlledByApplication = 0x10;
const rawDecryptionDisabled = 0x01;

export function dataEncryptionStatus(inForce: EncryptionInForce): Uint8Array {
  const { nexusScope, blockScope, keyInstance, parameters } = inForce;
  const encrypts = parameters.encryptionMode !== encryptionMode.disable;
  const isOff = !encrypts && parameters.decryptionMode === decryptionMode.disable;
  const flags =
    controlledByApplication |
    (parameters.checkExternalMode << 1) |
    (encrypts && parameters.rawDisabled ? rawDecryptionDisabled : 0);
  const kads = encodeKads(parameters.kads, (type) =>
    type === kadType.unauthenticated ? authentication.notCovered : authentication.none,
  );
  return join(
    (nexusScope << 5) | blockScope,
    parameters.encryptionMode,
    parameters.decryptionMode,
    isOff ? 0 : algorithmIndex,
    be(keyInstance, 4),
    flags,
    isOff ? 0 : parameters.kadFormat,
    new Uint8Array(10),
    isOff ? new Uint8Array() : kads,
  );
}
