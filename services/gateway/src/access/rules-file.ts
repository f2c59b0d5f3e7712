/** The rules that were set over the API, in `gateway/access.json`: replaced whole and atomically, secrets sealed. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ChapCredential } from "@reelhouse/contracts";
import { ensureTokenFile, errorCode, replaceFile } from "@reelhouse/service-kit";
import { z } from "zod";
import type { Rules, Subject } from "./rules.ts";
import { createSecretBox } from "./secret-box.ts";
import type { SecretBox } from "./secret-box.ts";

const sealedProof = z.object({ chapName: z.string(), sealedSecret: z.string() });
const fileForm = z.object({
  format: z.literal("reelhouse-access"),
  version: z.literal(1),
  rules: z.record(
    z.string(),
    z.object({
      initiators: z.array(z.string()).nullable(),
      severalInitiators: z.boolean(),
      credentials: z.array(
        sealedProof.extend({
          initiatorName: z.string().nullable(),
          target: sealedProof.nullable(),
        }),
      ),
    }),
  ),
});
type FileForm = z.infer<typeof fileForm>;
type SealedCredential = FileForm["rules"][string]["credentials"][number];

export interface RulesFile {
  read(): Promise<Rules>;
  write(rules: Rules): Promise<void>;
}

/** What a sealed secret is bound to. */
const purposeOf = (subject: Subject, initiatorName: string | null, proves: string): string =>
  JSON.stringify([subject, initiatorName, proves]);

function sealed(box: SecretBox, subject: Subject, credential: ChapCredential): SealedCredential {
  const { initiatorName, chapName, secret, target } = credential;
  const seal = (text: string, proves: string) =>
    box.seal(text, purposeOf(subject, initiatorName, proves));
  return {
    initiatorName,
    chapName,
    sealedSecret: seal(secret, "initiator"),
    target: target && {
      chapName: target.chapName,
      sealedSecret: seal(target.secret, "target"),
    },
  };
}

function opened(box: SecretBox, subject: Subject, credential: SealedCredential): ChapCredential {
  const { initiatorName, chapName, sealedSecret, target } = credential;
  const open = (text: string, proves: string) =>
    box.open(text, purposeOf(subject, initiatorName, proves));
  return {
    initiatorName,
    chapName,
    secret: open(sealedSecret, "initiator"),
    target: target && { chapName: target.chapName, secret: open(target.sealedSecret, "target") },
  };
}

/** Makes the key at the first start. Throws ConfigError when other users may read it. */
export async function openRulesFile(directory: string): Promise<RulesFile> {
  const file = path.join(directory, "access.json");
  const keyFile = path.join(directory, "access-key");
  const key = await ensureTokenFile(keyFile, "the key of the access rules");
  const box = createSecretBox(Buffer.from(key, "base64url"));
  return {
    async read() {
      try {
        const { rules } = fileForm.parse(JSON.parse(await readFile(file, "utf8")));
        return new Map(
          Object.entries(rules).map(([subject, rule]) => [
            subject,
            { ...rule, credentials: rule.credentials.map((each) => opened(box, subject, each)) },
          ]),
        );
      } catch (error) {
        if (errorCode(error) === "ENOENT") return new Map();
        // Without its rules the gateway would let everybody in.
        throw new Error(
          `the access rules in ${file} cannot be read with ${keyFile}; restore both from a copy, or remove ${file} to let everybody in and set them anew`,
          { cause: error },
        );
      }
    },
    async write(rules) {
      const form: FileForm = {
        format: "reelhouse-access",
        version: 1,
        rules: Object.fromEntries(
          [...rules].map(([subject, rule]) => [
            subject,
            { ...rule, credentials: rule.credentials.map((each) => sealed(box, subject, each)) },
          ]),
        ),
      };
      await replaceFile(file, JSON.stringify(form, null, 1), { mode: 0o600 });
    },
  };
}
