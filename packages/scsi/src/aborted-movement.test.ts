/** A command that is aborted while what is buffered is stored: it ends there, and neither moves nor waits for the vault. */
import { expect, test } from "vitest";
import { answerOf, loadedDrive, pattern } from "./testing-initiator.ts";

test.each([
  ["LOCATE", "2b 00 00 00000000 00 00 00"],
  ["REWIND", "01"],
  ["ERASE(16)", "93 08 00 00 0000000000000000 0000 00"],
  ["WRITE FILEMARKS", "10 00 00 00 01 00"],
])("%s aborted while it stores → the position and the data stay", async (_name, cdb) => {
  const { drive, host, medium } = await loadedDrive({ waits: true });
  await host.tell("0a 00 00 00 04 00", pattern(4));
  const task = host.task(cdb);
  const pending = drive.logicalUnit.execute(task);
  await drive.logicalUnit.abortTask(task);
  expect(answerOf(await pending).outcome).toBe("TASK ABORTED");
  expect([medium.at, medium.objects.length, medium.synchronizedCount]).toEqual([1, 1, 1]);
});

test("LOAD UNLOAD aborted while it stores → the cartridge stays threaded", async () => {
  const { drive, host } = await loadedDrive({ waits: true });
  await host.tell("0a 00 00 00 04 00", pattern(4));
  const task = host.task("1b");
  const pending = drive.logicalUnit.execute(task);
  await drive.logicalUnit.abortTask(task);
  expect(answerOf(await pending).outcome).toBe("TASK ABORTED");
  expect(drive.state).toBe("ready");
});
