/** The store of a device: what was put is there after a restart. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDeviceStore } from "./device-store.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "device-store-"));
});
afterEach(() => rm(directory, { recursive: true }));

test("texts put, also at once → all there after opening again; another device has none", async () => {
  const store = await openDeviceStore(directory, "RH1");
  await Promise.all([store.put("a", "1"), store.put("b", "2"), store.put("a", "3")]);
  const again = await openDeviceStore(directory, "RH1");
  expect([again.get("a"), again.get("b"), again.get("c")]).toEqual(["3", "2", undefined]);
  expect((await openDeviceStore(directory, "RH2")).get("a")).toBeUndefined();
  expect(await readdir(directory)).toEqual(["RH1.json"]);
});

test("serial number with a slash → a file in the folder all the same", async () => {
  const store = await openDeviceStore(directory, "../x/1");
  await store.put("a", "1");
  expect(await readdir(directory)).toHaveLength(1);
});

test("file that cannot be read → start stops and names it", async () => {
  await writeFile(path.join(directory, "RH1.json"), "{");
  await expect(openDeviceStore(directory, "RH1")).rejects.toThrow("RH1.json cannot be read");
});

test("text that cannot be written → rejects and is told, what was kept before holds, the next is tried again", async () => {
  const told: string[] = [];
  const store = await openDeviceStore(directory, "RH1", (file) => told.push(path.basename(file)));
  await store.put("a", "1");
  await rm(directory, { recursive: true });
  await expect(store.put("a", "2")).rejects.toThrow("ENOENT");
  expect([store.get("a"), told]).toEqual(["1", ["RH1.json"]]);
  await mkdir(directory);
  await store.put("a", "3");
  expect(store.get("a")).toBe("3");
});
