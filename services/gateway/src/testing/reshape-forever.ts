/** For the crash test: a process that changes a library's shape over and over, and says after each change which it is. */
import { openLibrary } from "../library/library.ts";
import { newLibrary } from "../library/new-library.ts";
import { withCount, withDrive, withoutDrive } from "../library/shape-changes.ts";

const make = { vendor: "IBM", product: "ULT3580-TD8", revision: "R3G3" };
const drive = make;
const changer = { vendor: "STK", product: "L700", revision: "0107" };
const shape = { driveCount: 2, storageCount: 2000, importExportCount: 1, drive, changer };

const [, , file = ""] = process.argv;
const library = await openLibrary({
  file,
  initial: () => newLibrary({ gatewayName: "gw1", ...shape, firstTapes: [] }),
  emit: () => undefined,
});
for (let turn = 0; ; turn++) {
  await library.reshape((now) => {
    if (turn % 3 === 0) return withDrive(now, make, undefined);
    if (turn % 3 === 1) return withoutDrive(now, now.drives[0]!.address);
    return withCount(now, "storage", 2000 + turn, "body.storageSlots");
  });
  const { drivesMade, ranges } = library.state;
  process.stdout.write(`${JSON.stringify({ drivesMade, storage: ranges.storage.count })}\n`);
}
