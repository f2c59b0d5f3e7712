/** Which refusals pass by themselves, and that no other is asked again. */
import { expect, test } from "vitest";
import type { CommandResult } from "./initiator/command-task.ts";
import { parseSense } from "./initiator/sense.ts";
import { isPassing, patiently } from "./patience.ts";
import { ScsiError } from "./scsi-device.ts";

const refusal = (status: number, sense: readonly [number, number, number] = [0, 0, 0]) => {
  const senseBytes = Buffer.alloc(18);
  senseBytes[0] = 0x70;
  [senseBytes[2], senseBytes[12], senseBytes[13]] = sense;
  const result: CommandResult = {
    status,
    senseBytes,
    sense: parseSense(senseBytes),
    data: Buffer.alloc(0),
    residualKind: "none",
    residualCount: 0,
    r2tCount: 0,
  };
  return new ScsiError("WRITE(6)", result);
};

test.each([
  ["BUSY", refusal(0x08), true],
  ["TASK SET FULL", refusal(0x28), true],
  ["becoming ready", refusal(0x02, [0x02, 0x04, 0x01]), true],
  ["medium not present", refusal(0x02, [0x02, 0x3a, 0x00]), false],
  ["manual intervention required", refusal(0x02, [0x02, 0x04, 0x03]), false],
  ["MEDIUM ERROR", refusal(0x02, [0x03, 0x11, 0x00]), false],
  ["RESERVATION CONFLICT", refusal(0x18), false],
  ["any other error", new Error("x"), false],
])("%s → passing or not", (_name, error, passing) => {
  expect(isPassing(error)).toBe(passing);
});

test("two refusals, then done → done, and both were told", async () => {
  let calls = 0;
  let waits = 0;
  const result = await patiently(
    async () => {
      calls += 1;
      if (calls < 3) throw refusal(0x08);
      return "done";
    },
    { timeoutMs: 5000, waited: () => (waits += 1) },
  );
  expect([result, waits]).toEqual(["done", 2]);
});

test("refused to the end → the last refusal is thrown", async () => {
  const waiting = patiently(() => Promise.reject(refusal(0x08)), { timeoutMs: 60 });
  await expect(waiting).rejects.toThrow(/WRITE\(6\): status 0x08/);
});
