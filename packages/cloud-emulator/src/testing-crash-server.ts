/** For crash.test.ts: an emulator in a process of its own, which says its port and then only waits to be killed. */
import { startEmulator } from "./testing-emulator.ts";

const [, , directory] = process.argv;
if (directory === undefined) throw new Error("usage: testing-crash-server.ts <directory>");
const { endpoint } = await startEmulator({ directory });
process.stdout.write(`${endpoint}\n`);
