/** Checks that mean the same to a drive and to a changer, made once for each. */
import type { ScsiDevice } from "@reelhouse/testing";
import type { Bench } from "../bench.ts";
import { type CheckGroup, group } from "../check.ts";

/** What a check of a device of any type sees: the device, and the same to another initiator. */
export interface DeviceView {
  readonly device: () => Promise<ScsiDevice>;
  readonly other: () => Promise<ScsiDevice>;
  readonly kind: "drive" | "changer";
}

const views = (bench: Bench): readonly DeviceView[] => [
  { kind: "drive", device: () => bench.drive(), other: () => bench.otherDrive() },
  { kind: "changer", device: () => bench.changer(), other: () => bench.otherChanger() },
];

type DeviceCheck = readonly [
  name: string,
  clause: string,
  run: (view: DeviceView, bench: Bench) => Promise<void>,
];

/** The groups `<name>, drive` and `<name>, changer`. */
export const forBoth = (name: string, checks: readonly DeviceCheck[]): readonly CheckGroup[] =>
  (["drive", "changer"] as const).map((kind) =>
    group(
      `${name}, ${kind}`,
      kind === "drive" ? "scratch" : "changer",
      checks.map(([checkName, clause, run]) => [
        checkName,
        clause,
        (bench) =>
          run(
            views(bench).find((view) => view.kind === kind)!,
            bench,
          ),
      ]),
    ),
  );
