/** The two small files beside the outbox's events: which outbox this is, and how far the inventory has it. */
import { randomUUID } from "node:crypto";
import { readFile, unlink } from "node:fs/promises";
import path from "node:path";
import { errorCode, replaceFile } from "@reelhouse/service-kit";
import { z } from "zod";

const identity = z.object({ outboxId: z.uuid() });
const accepted = z.coerce.number().int().min(0);

const identityFile = (directory: string) => path.join(directory, "identity.json");
const acceptedFile = (directory: string) => path.join(directory, "accepted");

/** The file's text; undefined when there is none. */
async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    return undefined;
  }
}

/** The outbox's id; a new one when the disk is new. */
export async function readIdentity(directory: string): Promise<string> {
  const text = await readIfThere(identityFile(directory));
  if (text === undefined) return newIdentity(directory);
  return identity.parse(JSON.parse(text)).outboxId;
}

export async function newIdentity(directory: string): Promise<string> {
  const outboxId = randomUUID();
  await replaceFile(identityFile(directory), JSON.stringify({ outboxId }));
  return outboxId;
}

/** The last sequence the inventory has stored; 0 before the first. */
export async function readAccepted(directory: string): Promise<number> {
  const text = await readIfThere(acceptedFile(directory));
  return text === undefined ? 0 : accepted.parse(text.trim());
}

export const writeAccepted = (directory: string, sequence: number): Promise<void> =>
  replaceFile(acceptedFile(directory), `${sequence}\n`);

export const forgetAccepted = (directory: string): Promise<void> =>
  unlink(acceptedFile(directory)).catch(() => undefined);
