/** The two small files beside the outbox's events: which outbox this is, and how far the inventory has it. */
import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { errorCode, replaceFile } from "@reelhouse/service-kit";
import { z } from "zod";

const identityText = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "no JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.object({ outboxId: z.uuid() }));
const acceptedText = z
  .string()
  .regex(/^\d+\n?$/)
  .transform(Number)
  .pipe(z.int());

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

/** The outbox's id; undefined when there is none, or none that can be read. */
export async function readIdentity(directory: string): Promise<string | undefined> {
  const text = await readIfThere(identityFile(directory));
  return text === undefined ? undefined : identityText.safeParse(text).data?.outboxId;
}

export async function newIdentity(directory: string): Promise<string> {
  const outboxId = randomUUID();
  await replaceFile(identityFile(directory), JSON.stringify({ outboxId }));
  return outboxId;
}

/** The last sequence the inventory has stored; 0 before the first; undefined when it cannot be read. */
export async function readAccepted(directory: string): Promise<number | undefined> {
  const text = await readIfThere(acceptedFile(directory));
  return text === undefined ? 0 : acceptedText.safeParse(text).data;
}

export const writeAccepted = (directory: string, sequence: number): Promise<void> =>
  replaceFile(acceptedFile(directory), `${sequence}\n`);

export const forgetAccepted = (directory: string): Promise<void> =>
  rm(acceptedFile(directory), { force: true });
