/** The command line of the conformance suite: what it says, with all faults named at once. */
import { parseArgs } from "node:util";
import { parsePortal, type Portal } from "@reelhouse/testing";

export interface SuiteOptions {
  readonly portal: Portal;
  readonly driveTarget: string;
  readonly driveLun: number;
  readonly changerTarget: string | undefined;
  readonly changerLun: number;
  /** Cartridges that may be overwritten. Without a scratch one, the first that is found blank is taken. */
  readonly scratch: string | undefined;
  readonly small: string | undefined;
  readonly worm: string | undefined;
  /** Logical objects of the sparse tape: filemarks that LOCATE and READ POSITION go among. */
  readonly objects: bigint;
  /** Only groups and checks whose name contains it. */
  readonly only: string | undefined;
}

/** 2^40, as many logical objects as the suite goes among at most. */
const OBJECTS_MAX = 2n ** 40n;
const OBJECTS_DEFAULT = 2n ** 32n;

export const USAGE = `usage: node services/gateway/acceptance/run.ts --portal HOST:PORT --drive IQN [--changer IQN]
  --drive-lun N, --changer-lun N   logical units, 0 unless told
  --tape BARCODE                   the cartridge to overwrite; without it, one that is blank
  --small BARCODE                  one that is small enough to be filled (some 100 MiB), overwritten
  --worm BARCODE                   a write-once one, appended to
  --objects N                      logical objects to locate among, at most 2^40; 2^32 unless told
  --only TEXT                      groups and checks whose name contains it`;

const wholeNumber = (name: string, text: string, faults: string[]): bigint => {
  const power = /^2\^(\d{1,2})$/.exec(text);
  if (power?.[1] !== undefined) return 2n ** BigInt(power[1]);
  if (/^\d+$/.test(text)) return BigInt(text);
  faults.push(`--${name}: "${text}" is no whole number`);
  return 0n;
};

/** Throws an Error whose message names every fault. */
export const parseOptions = (args: readonly string[]): SuiteOptions => {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      portal: text,
      drive: text,
      changer: text,
      "drive-lun": text,
      "changer-lun": text,
      tape: text,
      small: text,
      worm: text,
      objects: text,
      only: text,
    },
  });
  const faults: string[] = [];
  for (const name of ["portal", "drive"] as const)
    if (values[name] === undefined) faults.push(`--${name} is missing`);
  const objects =
    values.objects === undefined ? OBJECTS_DEFAULT : wholeNumber("objects", values.objects, faults);
  if (objects > OBJECTS_MAX) faults.push("--objects: at most 2^40");
  const lun = (name: "drive-lun" | "changer-lun") =>
    Number(wholeNumber(name, values[name] ?? "0", faults));
  const options = {
    driveTarget: values.drive ?? "",
    driveLun: lun("drive-lun"),
    changerTarget: values.changer,
    changerLun: lun("changer-lun"),
    scratch: values.tape,
    small: values.small,
    worm: values.worm,
    objects,
    only: values.only,
  };
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return { ...options, portal: parsePortal(values.portal ?? "") };
};
