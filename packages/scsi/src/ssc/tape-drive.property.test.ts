/** Random command streams against a model written from SSC-5's words: outcomes, residues, data and position agree. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Answer, hex, loadedDrive } from "../testing-initiator.ts";

const blockLength = 4;

/** Each partition's blocks as hex, filemarks as "F". */
interface Model {
  readonly partitions: string[][];
  partition: number;
  tape: string[];
  at: number;
}

const partitionCount = 3;

const newModel = (): Model => {
  const partitions = Array.from({ length: partitionCount }, () => []);
  return { partitions, partition: 0, tape: partitions[0]!, at: 0 };
};

const good = "GOOD,,,";
const told = (outcome: string, flags: string, information: number, data = "") =>
  `${outcome},${flags},${information},${data}`;

function append(model: Model, ...objects: string[]): string {
  if (objects.length > 0) model.tape.length = model.at;
  model.tape.push(...objects);
  model.at += objects.length;
  return good;
}

function readVariable(model: Model, length: number, sili: boolean): string {
  if (length === 0) return good;
  const object = model.tape[model.at];
  if (object === undefined) return told("endOfData", "", length);
  model.at++;
  if (object === "F") return told("filemarkDetected", "FILEMARK", length);
  const residue = length - object.length / 2;
  const data = object.slice(0, length * 2);
  // The mode's block length is not zero here: SILI waives short blocks only.
  if (residue === 0 || (sili && residue > 0)) return `GOOD,,,${data}`;
  return told("noSense", "ILI", residue, data);
}

function readFixed(model: Model, blocks: number): string {
  let data = "";
  for (let left = blocks; left > 0; left--) {
    const object = model.tape[model.at];
    if (object === undefined) return told("endOfData", "", left, data);
    model.at++;
    if (object === "F") return told("filemarkDetected", "FILEMARK", left, data);
    data += object.slice(0, blockLength * 2);
    if (object.length !== blockLength * 2) return told("noSense", "ILI", left, data);
  }
  return `GOOD,,,${data}`;
}

function space(model: Model, steps: number, overBlocks: boolean): string {
  let left = Math.abs(steps);
  while (left > 0) {
    const object = steps > 0 ? model.tape[model.at] : model.tape[model.at - 1];
    if (object === undefined) {
      return steps > 0 ? told("endOfData", "", left) : told("beginningOfPartition", "EOM", left);
    }
    model.at += Math.sign(steps);
    if (overBlocks && object === "F") return told("filemarkDetected", "FILEMARK", left);
    if (overBlocks || object === "F") left--;
  }
  return good;
}

/** Behind the first `rows` filemarks in a row, in the direction of its sign. */
function spaceSequential(model: Model, rows: number): string {
  const step = Math.sign(rows);
  let inRow = 0;
  while (inRow < Math.abs(rows)) {
    const object = step > 0 ? model.tape[model.at] : model.tape[model.at - 1];
    if (object === undefined) return step > 0 ? "endOfData,,," : "beginningOfPartition,EOM,,";
    model.at += step;
    inRow = object === "F" ? inRow + 1 : 0;
  }
  return good;
}

function verifyFixed(model: Model, blocks: number): string {
  const read = readFixed(model, blocks);
  return read.slice(0, read.lastIndexOf(",") + 1);
}

function changePartition(model: Model, partition: number): void {
  model.partition = partition;
  model.tape = model.partitions[partition]!;
  model.at = 0;
}

function moveTo(model: Model, object: number): string {
  model.at = Math.min(object, model.tape.length);
  return model.at === object ? good : "endOfData,,,";
}

/** A command as it is sent, and what the model makes of it. */
interface Command {
  readonly cdb: string;
  readonly data?: Uint8Array;
  readonly apply: (model: Model) => string;
}

const bytesOf = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, index) => (seed + index) & 0xff);
const width3 = (value: number) => (value & 0xffffff).toString(16).padStart(6, "0");
const blocksOf = (data: Uint8Array) => hex(data).match(/.{8}/gu) ?? [];

const few = fc.integer({ min: 0, max: 4 });
const length = fc.integer({ min: 0, max: 6 });
const signed = fc.integer({ min: -5, max: 5 });
const seed = fc.nat(255);

const write = fc.tuple(length, seed).map(([bytes, from]): Command => {
  const data = bytesOf(bytes, from);
  const blocks = bytes === 0 ? [] : [hex(data)];
  return { cdb: `0a00${width3(bytes)}00`, data, apply: (model) => append(model, ...blocks) };
});

const writeFixed = fc.tuple(few, seed).map(([count, from]): Command => {
  const data = bytesOf(count * blockLength, from);
  const apply = (model: Model) => append(model, ...blocksOf(data));
  return { cdb: `0a01${width3(count)}00`, data, apply };
});

const read = fc.tuple(length, fc.boolean()).map(([bytes, sili]): Command => ({
  cdb: `080${sili ? 2 : 0}${width3(bytes)}00`,
  apply: (model) => readVariable(model, bytes, sili),
}));

const readBlocks = few.map((count): Command => ({
  cdb: `0801${width3(count)}00`,
  apply: (model) => readFixed(model, count),
}));

const filemarks = fc.nat(2).map((count): Command => ({
  cdb: `1000${width3(count)}00`,
  apply: (model) => append(model, ...Array.from<string>({ length: count }).fill("F")),
}));

const spacing = fc.tuple(signed, fc.boolean()).map(([count, overBlocks]): Command => ({
  cdb: `110${overBlocks ? 0 : 1}${width3(count)}00`,
  apply: (model) => space(model, count, overBlocks),
}));

const locate = fc.nat(12).map((object): Command => ({
  cdb: `2b000000${width3(object)}000000`,
  apply: (model) => moveTo(model, object),
}));

const part = fc.nat(partitionCount - 1);
const width8 = (value: number) => value.toString(16).padStart(16, "0");

const locatePartition = fc.tuple(part, fc.nat(8)).map(([partition, object]): Command => ({
  cdb: `9202000${partition}${width8(object)}00000000`,
  apply: (model) => {
    changePartition(model, partition);
    return moveTo(model, object);
  },
}));

const sequential = fc.integer({ min: -3, max: 3 }).map((count): Command => ({
  cdb: `1102${width3(count)}00`,
  apply: (model) => spaceSequential(model, count),
}));

const verification = few.map((count): Command => ({
  cdb: `1301${width3(count)}00`,
  apply: (model) => verifyFixed(model, count),
}));

const readThere = fc.tuple(part, fc.nat(6), length).map(([partition, object, bytes]): Command => ({
  cdb: `8800000${partition}${width8(object)}${width3(bytes)}00`,
  apply: (model) => {
    if (model.partition !== partition || model.at !== object) {
      changePartition(model, partition);
      const located = moveTo(model, object);
      if (located !== good) return located;
    }
    return readVariable(model, bytes, false);
  },
}));

const writeThere = fc
  .tuple(part, fc.nat(6), seed, fc.boolean())
  .map(([partition, object, from, first]): Command => {
    const data = bytesOf(blockLength, from);
    return {
      cdb: `8a0${first ? 8 : 0}000${partition}${width8(object)}${width3(blockLength)}00`,
      data,
      apply: (model) => {
        if (model.partition !== partition || model.at !== object) {
          if (!first) return "sequentialPositioningError,,,";
          changePartition(model, partition);
          const located = moveTo(model, object);
          if (located !== good) return located;
        }
        return append(model, hex(data));
      },
    };
  });

const others = fc.constantFrom<Command>(
  { cdb: "010000000000", apply: (model) => moveTo(model, 0) },
  { cdb: "110300000000", apply: (model) => moveTo(model, model.tape.length) },
  {
    cdb: "190000000000",
    apply: (model) => {
      model.tape.length = model.at;
      return good;
    },
  },
);

const command = fc.oneof(
  write,
  writeFixed,
  read,
  readBlocks,
  filemarks,
  spacing,
  locate,
  locatePartition,
  sequential,
  verification,
  readThere,
  writeThere,
  others,
);

const summary = ({ outcome, flags, information, data }: Answer) =>
  `${outcome},${flags},${information ?? ""},${hex(data)}`;

/** Sends the stream at once or command by command, and compares with the model. */
async function compare(commands: readonly Command[], waits: boolean, atOnce: boolean) {
  const { host, medium } = await loadedDrive({ waits });
  await host.tell("15 10 00 00 0c 00", Buffer.from("000010080000000000000004", "hex"));
  await medium.format(Array.from<number>({ length: partitionCount }).fill(1e11));
  const model = newModel();
  const want = commands.map(({ apply }) => apply(model));
  const got: string[] = [];
  if (atOnce) {
    const answers = await Promise.all(commands.map((each) => host.send(each.cdb, each.data)));
    got.push(...answers.map((answer) => summary(answer)));
  } else {
    for (const each of commands) got.push(summary(await host.send(each.cdb, each.data)));
  }
  expect(got).toEqual(want);
  expect([medium.partition, medium.at]).toEqual([model.partition, model.at]);
  const tapes = medium.partitionObjects.map((objects) =>
    objects.map((object) => (object === "filemark" ? "F" : hex(object))),
  );
  expect(tapes).toEqual(model.partitions);
  expect([medium.leases, host.dataOutHeld]).toEqual([0, 0]);
}

test.each([
  ["at once", "one by one", false, false],
  ["at once", "all queued", false, true],
  ["by promise", "one by one", true, false],
  ["by promise", "all queued", true, true],
])("medium answering %s, commands %s → as the model", async (_answers, _sent, waits, atOnce) => {
  expect.hasAssertions();
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 40 }), (commands) =>
      compare(commands, waits, atOnce),
    ),
    { numRuns: 150 },
  );
});
