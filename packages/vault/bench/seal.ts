/** How fast one thread seals and opens segments, and what zstd saves: `node packages/vault/bench/seal.ts [segmentMiB]`. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { openSegment } from "../src/format/open.ts";
import { sealSegment } from "../src/format/seal.ts";

const MIB = 1024 * 1024;
const ROUNDS = 5;
const SEGMENT_ID = "bench/RHS001L8/g1/p0/00000001";
const dataKey = randomBytes(32);

/** This repository's own TypeScript, over and over: text as backups hold it. */
const repositoryText = (byteLength: number): Buffer => {
  const packages = join(import.meta.dirname, "../..");
  const texts = readdirSync(packages, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
    .map((name) => readFileSync(join(packages, name)));
  const once = Buffer.concat(texts);
  return Buffer.alloc(byteLength, once);
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const measure = async (name: string, plaintext: Buffer, zstdLevel: number | null) => {
  const rates = { seal: [] as number[], open: [] as number[] };
  let objectBytes = 0;
  const megabytesPerSecond = (startMs: number) =>
    plaintext.length / 1e6 / ((performance.now() - startMs) / 1000);
  for (let round = 0; round < ROUNDS; round += 1) {
    const sealStartMs = performance.now();
    const sealed = await sealSegment({
      segmentId: SEGMENT_ID,
      dataKey,
      plaintextBytes: plaintext.length,
      zstdLevel,
      read: async (into, position) => plaintext.copy(into, 0, position),
    });
    rates.seal.push(megabytesPerSecond(sealStartMs));
    objectBytes = sealed.bytes.length;
    const openStartMs = performance.now();
    await openSegment(Readable.from([sealed.bytes]), SEGMENT_ID, dataKey, () => {});
    rates.open.push(megabytesPerSecond(openStartMs));
  }
  console.log(
    `| ${name} | ${zstdLevel ?? "off"} | ${median(rates.seal).toFixed(0)} | ${median(rates.open).toFixed(0)} | ${(objectBytes / plaintext.length).toFixed(3)} |`,
  );
};

const byteLength = Number(process.argv[2] ?? 64) * MIB;
console.log("| data | zstd level | seal MB/s | open MB/s | object / segment |");
console.log("|---|---|---|---|---|");
for (const [name, plaintext] of [
  ["random", randomBytes(byteLength)],
  ["text", repositoryText(byteLength)],
] as const)
  for (const zstdLevel of [null, 1, 3]) await measure(name, plaintext, zstdLevel);
