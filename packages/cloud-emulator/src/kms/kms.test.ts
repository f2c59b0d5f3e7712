/** The KMS side, with AWS's own SDK. */
import * as KMS from "@aws-sdk/client-kms";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clientsOf, startEmulator } from "../testing-emulator.ts";
import type { TestingEmulator } from "../testing-emulator.ts";

const EncryptionContext = { "reelhouse:barcode": "RHS001L8" };

let running: TestingEmulator;
let kms: KMS.KMSClient;
beforeAll(async () => {
  running = await startEmulator();
  ({ kms } = running);
});
afterAll(() => running[Symbol.asyncDispose]());

const newKey = async (): Promise<string> => {
  const { KeyMetadata: key } = await kms.send(new KMS.CreateKeyCommand({ Description: "test" }));
  return key?.KeyId ?? "";
};
const named = (name: string) => ({ name });

it("a data key → decrypts to itself, under its context only", async () => {
  const KeyId = await newKey();
  const made = await kms.send(
    new KMS.GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256", EncryptionContext }),
  );
  expect(made.Plaintext).toHaveLength(32);
  const { CiphertextBlob } = made;
  const opened = await kms.send(new KMS.DecryptCommand({ CiphertextBlob, EncryptionContext }));
  expect(opened.Plaintext).toEqual(made.Plaintext);
  await expect(
    kms.send(new KMS.DecryptCommand({ CiphertextBlob, EncryptionContext: { other: "x" } })),
  ).rejects.toMatchObject(named("InvalidCiphertextException"));
  const spoiled = Uint8Array.from(CiphertextBlob ?? []);
  spoiled[40] = (spoiled[40] ?? 0) ^ 1;
  await expect(
    kms.send(new KMS.DecryptCommand({ CiphertextBlob: spoiled, EncryptionContext })),
  ).rejects.toMatchObject(named("InvalidCiphertextException"));
  await expect(
    kms.send(new KMS.DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: await newKey() })),
  ).rejects.toMatchObject(named("IncorrectKeyException"));
});

it("without plaintext, by alias → decrypts; aliases and keys are listed", async () => {
  const TargetKeyId = await newKey();
  await kms.send(new KMS.CreateAliasCommand({ AliasName: "alias/tapes", TargetKeyId }));
  await expect(
    kms.send(new KMS.CreateAliasCommand({ AliasName: "alias/tapes", TargetKeyId })),
  ).rejects.toMatchObject(named("AlreadyExistsException"));
  const { CiphertextBlob, KeyId } = await kms.send(
    new KMS.GenerateDataKeyWithoutPlaintextCommand({ KeyId: "alias/tapes", KeySpec: "AES_256" }),
  );
  expect(KeyId).toBe(`arn:aws:kms:us-east-1:000000000000:key/${TargetKeyId}`);
  const opened = await kms.send(new KMS.DecryptCommand({ CiphertextBlob, KeyId }));
  expect(opened.Plaintext).toHaveLength(32);
  const { Aliases: aliases } = await kms.send(new KMS.ListAliasesCommand({}));
  expect(aliases).toMatchObject([{ AliasName: "alias/tapes", TargetKeyId }]);
  const { Keys: keys = [] } = await kms.send(new KMS.ListKeysCommand({}));
  expect(keys.map((key) => key.KeyId)).toContain(TargetKeyId);
});

it("Encrypt, ReEncrypt, rotation → everything old still decrypts", async () => {
  const [from, to] = [await newKey(), await newKey()];
  const Plaintext = Buffer.from("secret");
  const { CiphertextBlob } = await kms.send(
    new KMS.EncryptCommand({ KeyId: from, Plaintext, EncryptionContext }),
  );
  await kms.send(new KMS.RotateKeyOnDemandCommand({ KeyId: from }));
  await kms.send(new KMS.EnableKeyRotationCommand({ KeyId: from }));
  expect(await kms.send(new KMS.GetKeyRotationStatusCommand({ KeyId: from }))).toMatchObject({
    KeyRotationEnabled: true,
  });
  await kms.send(new KMS.DisableKeyRotationCommand({ KeyId: from }));
  const moved = await kms.send(
    new KMS.ReEncryptCommand({
      CiphertextBlob,
      SourceEncryptionContext: EncryptionContext,
      DestinationKeyId: to,
    }),
  );
  const opened = await kms.send(
    new KMS.DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, KeyId: to }),
  );
  expect(Buffer.from(opened.Plaintext ?? [])).toEqual(Plaintext);
  await expect(
    kms.send(new KMS.EncryptCommand({ KeyId: to, Plaintext: Buffer.alloc(4097) })),
  ).rejects.toMatchObject(named("ValidationException"));
});

it("disabled, then pending deletion → refused by name; enabled again → works", async () => {
  const KeyId = await newKey();
  const use = () => kms.send(new KMS.GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" }));
  await kms.send(new KMS.DisableKeyCommand({ KeyId }));
  await expect(use()).rejects.toMatchObject(named("DisabledException"));
  await kms.send(new KMS.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  await expect(use()).rejects.toMatchObject(named("KMSInvalidStateException"));
  await kms.send(new KMS.CancelKeyDeletionCommand({ KeyId }));
  const described = await kms.send(new KMS.DescribeKeyCommand({ KeyId }));
  expect(described.KeyMetadata).toMatchObject({ KeyState: "Disabled", Enabled: false });
  await kms.send(new KMS.EnableKeyCommand({ KeyId }));
  expect((await use()).Plaintext).toHaveLength(32);
});

it("no such key, a wrong secret, an operation it does not do → refused by name", async () => {
  const KeyId = "11111111-2222-3333-4444-555555555555";
  await expect(kms.send(new KMS.DescribeKeyCommand({ KeyId }))).rejects.toMatchObject(
    named("NotFoundException"),
  );
  const { kms: wrong } = clientsOf(running.endpoint, "wrong");
  await expect(wrong.send(new KMS.ListKeysCommand({}))).rejects.toMatchObject(
    named("InvalidSignatureException"),
  );
  await expect(kms.send(new KMS.ListGrantsCommand({ KeyId }))).rejects.toMatchObject(
    named("UnknownOperationException"),
  );
});

it("GenerateRandom → as many bytes as asked for", async () => {
  const { Plaintext: bytes } = await kms.send(new KMS.GenerateRandomCommand({ NumberOfBytes: 24 }));
  expect(bytes).toHaveLength(24);
});
