/** Moving the position, for the commands that do: SPACE, LOCATE, REWIND, LOAD UNLOAD (SSC-5 7). */
import { check, good } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { SenseDetail, SenseName } from "../../sense.ts";
import type { Completion, MaybePromise } from "../../task.ts";
import type { Mounted } from "../commands/command.ts";
import type { SpaceResult } from "../medium.ts";

type MountedMedium = Pick<Mounted, "drive" | "medium">;

/**
 * To the logical object with that number, in `partition` (left out: the present one); BLANK CHECK at end of data when
 * there is none.
 */
export function locateObject(
  { drive, medium }: MountedMedium,
  objectNumber: number,
  partition = medium.position.partition,
): MaybePromise<Completion> {
  return chain(medium.locate(objectNumber, partition), (located) => {
    if (located.kind === "fault") return drive.fault(located);
    if (located.kind === "endOfData") return check("endOfData");
    if (objectNumber === 0) drive.statistics.beginningOfMediumPasses++;
    return good();
  });
}

type Stop = Extract<SpaceResult, { kind: "spaced" }>["stop"];

const stops: Readonly<
  Record<Stop, { readonly sense: SenseName; readonly flags?: SenseDetail } | undefined>
> = {
  count: undefined,
  filemark: { sense: "filemarkDetected", flags: { filemark: true } },
  beginningOfPartition: { sense: "beginningOfPartition", flags: { endOfMedium: true } },
  endOfData: { sense: "endOfData" },
};

/** The outcome of a SPACE of `count`: the residue, always positive, goes into INFORMATION. */
export function spaceCompletion(
  { drive }: MountedMedium,
  result: SpaceResult,
  count: number,
): Completion {
  if (result.kind === "fault") return drive.fault(result);
  const information = Math.abs(count) - result.moved;
  const row = stops[result.stop];
  return row === undefined ? good() : check(row.sense, { ...row.flags, information });
}

/** CODE of SPACE (SSC-5 table 46). */
export const spaceCode = {
  blocks: 0,
  filemarks: 1,
  sequentialFilemarks: 2,
  endOfData: 3,
} as const;

export const isSpaceCode = (code: number): boolean =>
  Object.values<number>(spaceCode).includes(code);

export function space(
  mounted: MountedMedium,
  code: number,
  count: number,
): MaybePromise<Completion> {
  const { drive, medium } = mounted;
  if (code === spaceCode.endOfData) {
    return chain(medium.spaceEndOfData(), (result) =>
      result.kind === "fault" ? drive.fault(result) : good(),
    );
  }
  if (count === 0) return good();
  if (code === spaceCode.sequentialFilemarks) return spaceSequentialFilemarks(mounted, count);
  const spaced =
    code === spaceCode.blocks ? medium.spaceBlocks(count) : medium.spaceFilemarks(count);
  return chain(spaced, (result) => spaceCompletion(mounted, result, count));
}

/**
 * To the far side of the first `count` filemarks in a row, backward when it is negative: filemark by filemark, counting
 * those that follow each other. INFORMATION is not valid when there are none (SSC-5 7.11).
 */
async function spaceSequentialFilemarks(
  { drive, medium }: MountedMedium,
  count: number,
): Promise<Completion> {
  const step = Math.sign(count);
  let inRow = 0;
  while (inRow < Math.abs(count)) {
    const before = medium.position.objectNumber;
    // Each filemark is looked for from behind the one before.
    // oxlint-disable-next-line no-await-in-loop
    const result = await medium.spaceFilemarks(step);
    if (result.kind === "fault") return drive.fault(result);
    const row = stops[result.stop];
    if (row !== undefined) return check(row.sense, row.flags);
    inRow = medium.position.objectNumber === before + step ? inRow + 1 : 1;
  }
  return good();
}
