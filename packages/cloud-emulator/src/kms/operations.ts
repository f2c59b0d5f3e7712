/** Every KMS operation the emulator does. */
import type { KmsOperation } from "./operation.ts";
import { cancelKeyDeletion } from "./operations/cancel-key-deletion.ts";
import { createAlias } from "./operations/create-alias.ts";
import { createKey } from "./operations/create-key.ts";
import { decrypt } from "./operations/decrypt.ts";
import { describeKey } from "./operations/describe-key.ts";
import { disableKey } from "./operations/disable-key.ts";
import { disableKeyRotation } from "./operations/disable-key-rotation.ts";
import { enableKey } from "./operations/enable-key.ts";
import { enableKeyRotation } from "./operations/enable-key-rotation.ts";
import { encrypt } from "./operations/encrypt.ts";
import { generateDataKey } from "./operations/generate-data-key.ts";
import { generateDataKeyWithoutPlaintext } from "./operations/generate-data-key-without-plaintext.ts";
import { generateRandom } from "./operations/generate-random.ts";
import { getKeyRotationStatus } from "./operations/get-key-rotation-status.ts";
import { listAliases } from "./operations/list-aliases.ts";
import { listKeys } from "./operations/list-keys.ts";
import { reEncrypt } from "./operations/re-encrypt.ts";
import { rotateKeyOnDemand } from "./operations/rotate-key-on-demand.ts";
import { scheduleKeyDeletion } from "./operations/schedule-key-deletion.ts";

export const KMS_OPERATIONS: readonly KmsOperation[] = [
  cancelKeyDeletion,
  createAlias,
  createKey,
  decrypt,
  describeKey,
  disableKey,
  disableKeyRotation,
  enableKey,
  enableKeyRotation,
  encrypt,
  generateDataKey,
  generateDataKeyWithoutPlaintext,
  generateRandom,
  getKeyRotationStatus,
  listAliases,
  listKeys,
  reEncrypt,
  rotateKeyOnDemand,
  scheduleKeyDeletion,
];
