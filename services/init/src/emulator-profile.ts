/** The emulator's credentials in the form of AWS's shared credentials file, which the SDKs read. */
import { cloudCredentials } from "@reelhouse/cloud-emulator";

/** `json`: the file that services/cloud made at its first start. */
export const emulatorProfile = (json: string): string => {
  const { accessKeyId, secretAccessKey } = cloudCredentials.parse(JSON.parse(json));
  return `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}`;
};
