/** What checks work on: a drive seen by two initiators, a changer, and the cartridge that a check needs in the drive. */
import assert from "node:assert/strict";
import {
  Changer,
  type ChangerElement,
  IscsiError,
  openSession,
  type ScsiDevice,
  type Session,
  Tape,
} from "@reelhouse/testing";
import { cdb, loadUnload, persistentReserveIn, persistentReserveOut } from "./cdb.ts";
import type { Precondition } from "./check.ts";
import { Lack } from "./lack.ts";
import { good, isUnknown } from "./expect.ts";
import type { SuiteOptions } from "./options.ts";

const INITIATORS = {
  first: "iqn.2026-11.io.reelhouse:conformance-first",
  second: "iqn.2026-11.io.reelhouse:conformance-second",
} as const;
const READY_TIMEOUT_MS = 60_000;

export class Bench {
  readonly options: SuiteOptions;
  readonly #sessions = new Map<string, Session>();
  #driveElement: number | undefined;
  #scratch: string | undefined;

  constructor(options: SuiteOptions) {
    this.options = options;
    this.#scratch = options.scratch;
  }

  /** The drive, as the initiator that does all the work sees it. */
  async drive(): Promise<Tape> {
    const { driveTarget, driveLun } = this.options;
    return new Tape(await this.#session("first", driveTarget), driveLun);
  }

  /** The same drive, as another initiator sees it. LACK where the target lets no second one in. */
  async otherDrive(): Promise<Tape> {
    const { driveTarget, driveLun } = this.options;
    const tape = new Tape(await this.#second(driveTarget), driveLun);
    await tape.clearUnitAttentions();
    return tape;
  }

  async changer(): Promise<Changer> {
    const { changerTarget, changerLun } = this.options;
    if (changerTarget === undefined) throw new Lack("no changer was named");
    return new Changer(await this.#session("first", changerTarget), changerLun);
  }

  async otherChanger(): Promise<Changer> {
    const { changerTarget = "", changerLun } = this.options;
    const changer = new Changer(await this.#second(changerTarget), changerLun);
    await changer.clearUnitAttentions();
    return changer;
  }

  /** The element of the drive under test, by the serial number that DVCID tells of it. */
  async driveElement(): Promise<number> {
    if (this.#driveElement !== undefined) return this.#driveElement;
    const serial = await (await this.drive()).serialNumber();
    const drives = (await (await this.changer()).elements({ deviceIdentifiers: true })).filter(
      ({ type }) => type === "dataTransfer",
    );
    const found = drives.find(({ deviceIdentifier }) => deviceIdentifier?.endsWith(serial));
    assert(found !== undefined, `no drive of the changer has the serial number ${serial}`);
    this.#driveElement = found.address;
    return found.address;
  }

  /** Sees to a check's precondition; throws Lack where the target or the command line has none of it. */
  async prepare(needs: Precondition): Promise<void> {
    await this.#settle();
    if (needs === "none") return;
    if (needs === "changer") {
      await this.changer();
      return this.emptyDrive();
    }
    if (needs === "scratch") return this.#scratchTape();
    const barcode = this.options[needs];
    if (barcode === undefined) throw new Lack(`no --${needs} cartridge was named`);
    await this.loadTape(barcode);
    if (needs === "small") await this.#blank();
  }

  /** That cartridge in the drive, ready, unit attentions read away, at its beginning. */
  async loadTape(barcode: string): Promise<void> {
    const drive = await this.driveElement();
    const changer = await this.changer();
    const inDrive = await this.#inDrive();
    if (inDrive?.barcode !== barcode) {
      if (inDrive?.full === true) await this.emptyDrive();
      await changer.load(barcode, drive);
    }
    const tape = await this.drive();
    await tape.clearUnitAttentions();
    await tape.raw(loadUnload(true));
    await tape.waitUntilReady(READY_TIMEOUT_MS);
    await tape.rewind();
  }

  /** Unloads, if there is anything, and puts it back where it came from. */
  async emptyDrive(): Promise<void> {
    const inDrive = await this.#inDrive();
    const tape = await this.drive();
    await tape.clearUnitAttentions();
    if (inDrive?.full !== true) return;
    good("LOAD UNLOAD", await tape.raw(loadUnload(false)));
    const changer = await this.changer();
    if (inDrive.barcode !== undefined) await changer.store(inDrive.barcode);
    else await changer.move(inDrive.address, (await changer.ofType("storage", false))[0]!.address);
  }

  /** Ends the other initiator's sessions, so that its reservations and attentions go. */
  async forgetOther(): Promise<void> {
    for (const [key, session] of this.#sessions)
      if (key.startsWith("second")) await this.#end(key, session);
  }

  async close(): Promise<void> {
    for (const [key, session] of this.#sessions) await this.#end(key, session);
  }

  async #end(key: string, session: Session): Promise<void> {
    this.#sessions.delete(key);
    if (session.transport.error === undefined) await session.logout();
  }

  /** No reservation, no key, no prevention, no unit attention left over from another check. */
  async #settle(): Promise<void> {
    await this.forgetOther();
    const devices: ScsiDevice[] = [await this.drive()];
    if (this.options.changerTarget !== undefined) devices.push(await this.changer());
    for (const device of devices) {
      await device.clearUnitAttentions();
      const keys = await device.raw(persistentReserveIn(0), { dataInLength: 0x1000 });
      if (!isUnknown(keys) && keys.data.length >= 8 && keys.data.readUInt32BE(4) > 0) {
        const list = Buffer.alloc(24);
        list[15] = 1;
        await device.raw(persistentReserveOut(6, 0), { dataOut: list });
        list.fill(0).writeUInt8(1, 7);
        good("CLEAR", await device.raw(persistentReserveOut(3, 0), { dataOut: list }));
      }
      await device.raw(cdb(0x17, 6));
      await device.raw(cdb(0x1e, 6));
      await device.clearUnitAttentions();
    }
  }

  async #inDrive(): Promise<ChangerElement | undefined> {
    if (this.options.changerTarget === undefined) return undefined;
    const address = await this.driveElement();
    return (await (await this.changer()).elements()).find((each) => each.address === address);
  }

  async #scratchTape(): Promise<void> {
    if (this.options.changerTarget !== undefined) {
      this.#scratch ??= await this.#findBlank();
      await this.loadTape(this.#scratch);
    }
    await this.#blank();
  }

  /** One partition, nothing on it, blocks of variable length. */
  async #blank(): Promise<void> {
    const tape = await this.drive();
    await tape.waitUntilReady(READY_TIMEOUT_MS);
    await tape.rewind();
    await tape.raw(cdb(0x04, 6));
    await tape.setBlockLength(0);
    await tape.clearUnitAttentions();
    const erased = await tape.raw(cdb(0x19, 6));
    // Without ERASE, what a check writes at the beginning ends what lay there before.
    if (!isUnknown(erased)) good("ERASE(6)", erased);
  }

  async #findBlank(): Promise<string> {
    const changer = await this.changer();
    for (const { barcode } of await changer.ofType("storage", true)) {
      if (barcode === undefined || [this.options.small, this.options.worm].includes(barcode))
        continue;
      await this.loadTape(barcode);
      if ((await (await this.drive()).read(64)).kind === "endOfData") return barcode;
    }
    throw new Error("no cartridge is blank: name one that may be overwritten by --tape");
  }

  async #second(targetName: string): Promise<Session> {
    try {
      return await this.#session("second", targetName);
    } catch (error) {
      if (error instanceof IscsiError && error.kind === "login refused")
        throw new Lack(`the target lets no second initiator in: ${error.message}`);
      throw error;
    }
  }

  async #session(who: keyof typeof INITIATORS, targetName: string): Promise<Session> {
    const key = `${who} ${targetName}`;
    const open = this.#sessions.get(key);
    if (open !== undefined && open.transport.error === undefined) return open;
    const { portal } = this.options;
    const session = await openSession({ portal, targetName, initiatorName: INITIATORS[who] });
    this.#sessions.set(key, session);
    return session;
  }
}
