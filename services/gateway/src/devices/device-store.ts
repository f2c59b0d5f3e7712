/**
 * What a device keeps over a restart (persistent reservations, saved mode pages, …): small texts in one file, replaced
 * whole and atomically. Read once when the gateway starts; written in the order in which the device puts.
 */
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { DeviceStore } from "@reelhouse/scsi";
import { errorCode, replaceFile } from "@reelhouse/service-kit";
import { z } from "zod";
import { createInTurn } from "../in-turn.ts";

const kept = z.record(z.string(), z.string());

export const deviceStoreFile = (directory: string, serialNumber: string): string =>
  path.join(directory, `${encodeURIComponent(serialNumber)}.json`);

/** `failed` hears of what could not be written; the device goes on with what it kept before. */
export async function openDeviceStore(
  directory: string,
  serialNumber: string,
  failed: (file: string, error: unknown) => void = () => undefined,
): Promise<DeviceStore> {
  await mkdir(directory, { recursive: true });
  const file = deviceStoreFile(directory, serialNumber);
  let texts = await readKept(file);
  const inTurn = createInTurn();
  return {
    get: (name) => texts[name],
    put: (name, text) =>
      inTurn(async () => {
        const after = { ...texts, [name]: text };
        try {
          await replaceFile(file, JSON.stringify(after, null, 1));
        } catch (error) {
          failed(file, error);
          throw error;
        }
        texts = after;
      }),
  };
}

/** A file that cannot be read stops the start: without it a reservation would be forgotten, and another host let in. */
async function readKept(file: string): Promise<Readonly<Record<string, string>>> {
  try {
    return kept.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return {};
    throw new Error(
      `the device's file ${file} cannot be read; restore it from a copy, or remove it to forget its reservations and saved settings`,
      { cause: error },
    );
  }
}
