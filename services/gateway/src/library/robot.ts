/**
 * The robot behind the medium changer (the port of packages/scsi smc/robot.ts): carries cartridges between elements and
 * drives.
 *
 * Order of a move, so that a crash at any point leaves one truth: the drive lets go (all data on stable storage), the
 * library's file says where the cartridge now is, the drive it went to takes it, the host gets its answer. At the next
 * start each drive loads what the file says lies in it.
 */
import type { Medium, MoveResult, Robot, TapeDrive } from "@reelhouse/scsi";
import type { MovedBy } from "./library-events.ts";
import type { Library } from "./library.ts";
import { listElements } from "./list-elements.ts";
import { cartridgeAt } from "./library-state.ts";

export interface RobotOptions {
  readonly library: Library;
  /** By element address. */
  readonly drives: ReadonlyMap<number, TapeDrive>;
  /** Opens the medium of a cartridge for a drive. */
  readonly thread: (barcode: string) => Promise<Medium>;
  /** Called when a cartridge has left its drive: its last segment may go. */
  readonly released: (barcode: string) => Promise<void>;
  readonly movedBy: () => MovedBy;
}

const refused = (
  reason: Extract<MoveResult, { kind: "refused" }>["reason"],
  detail: string,
): MoveResult => ({
  kind: "refused",
  reason,
  detail,
});

export function createRobot(options: RobotOptions): Robot {
  const { library, drives } = options;

  const move = async (source: number, destination: number): Promise<MoveResult> => {
    const cartridge = cartridgeAt(library.state, source);
    if (cartridge === undefined) return refused("sourceEmpty", `element ${source} is empty`);
    if (cartridgeAt(library.state, destination) !== undefined)
      return refused("destinationFull", `element ${destination} is full`);
    const from = drives.get(source);
    if (from !== undefined) {
      const ejected = await from.eject();
      if (ejected.kind === "fault") return refused("unload failed", ejected.reason);
      if (ejected.kind === "refused" && ejected.reason === "medium removal prevented") {
        return refused(ejected.reason, `an initiator prevents removal from drive ${source}`);
      }
      await options.released(cartridge.barcode);
    }
    await library.move(source, destination, options.movedBy());
    const to = drives.get(destination);
    const loaded = await to?.load(await options.thread(cartridge.barcode));
    // The cartridge is in the drive all the same, and the library says so; the drive answers that it cannot use it.
    return loaded === undefined || loaded.kind === "loaded"
      ? { kind: "moved" }
      : refused("load failed", loaded.reason);
  };

  return {
    get ranges() {
      return library.state.ranges;
    },
    elements: (type, firstAddress, countMax) =>
      listElements(library.state, drives, type, firstAddress, countMax),
    move: (source, destination) =>
      move(source, destination).catch((error: unknown) =>
        refused("fault", error instanceof Error ? error.message : String(error)),
      ),
  };
}
