/** A target device with one logical unit at LUN 0: what the transport's port asks for (SAM-5 4.5, SPC-5 6.7, 6.33). */
import { readBe } from "./bytes.ts";
import { check, goodData } from "./completion.ts";
import { toDescriptorFormat } from "./descriptor-sense.ts";
import type { LogicalUnit } from "./logical-unit.ts";
import { encodeSense } from "./sense.ts";
import { reportLunsData } from "./spc/commands/report-luns.ts";
import type { Completion, MaybePromise, Nexus, Task } from "./task.ts";

/** A task as the transport has it: with its LUN. */
export interface AddressedTask extends Task {
  /** The 8-byte LUN field. */
  readonly lun: Uint8Array;
}

export interface TaskManagement {
  readonly function: string;
  readonly nexus: Nexus;
  readonly lun: Uint8Array;
  readonly task?: Task | undefined;
}

export type TaskManagementAnswer =
  | "FUNCTION COMPLETE"
  | "TASK DOES NOT EXIST"
  | "LUN DOES NOT EXIST"
  | "TASK MANAGEMENT FUNCTION NOT SUPPORTED"
  | "FUNCTION REJECTED";

type Unit = Pick<
  LogicalUnit,
  | "execute"
  | "abortTask"
  | "abortTaskSet"
  | "clearTaskSet"
  | "reset"
  | "nexusEstablished"
  | "nexusReturned"
  | "nexusSuspended"
  | "nexusLost"
>;

const opcodeInquiry = 0x12;
const opcodeRequestSense = 0x03;
const opcodeReportLuns = 0xa0;

/** Peripheral qualifier 011b, device type 1Fh: no logical unit can be here. */
const noLogicalUnit = 0x7f;
const inquiryLength = 36;

const managementFunctions: Readonly<
  Record<string, (unit: Unit, request: TaskManagement) => Promise<TaskManagementAnswer>>
> = {
  "ABORT TASK": async (unit, { task }) => {
    if (task === undefined) return "TASK DOES NOT EXIST";
    await unit.abortTask(task);
    return "FUNCTION COMPLETE";
  },
  "ABORT TASK SET": (unit, { nexus }) => complete(unit.abortTaskSet(nexus)),
  "CLEAR TASK SET": (unit, { nexus }) => complete(unit.clearTaskSet(nexus)),
  "LOGICAL UNIT RESET": (unit) => complete(unit.reset()),
  "TARGET WARM RESET": (unit) => complete(unit.reset("scsiBusReset")),
  "TARGET COLD RESET": (unit) => complete(unit.reset("powerOn")),
};

async function complete(work: Promise<void>): Promise<TaskManagementAnswer> {
  await work;
  return "FUNCTION COMPLETE";
}

export class ScsiDevice {
  readonly #unit: Unit;

  constructor(unit: Unit) {
    this.#unit = unit;
  }

  execute(task: AddressedTask): MaybePromise<Completion> {
    return isLunZero(task.lun) ? this.#unit.execute(task) : answerForNoUnit(task);
  }

  async manage(request: TaskManagement): Promise<TaskManagementAnswer> {
    const serveFunction = managementFunctions[request.function];
    if (serveFunction === undefined) return "TASK MANAGEMENT FUNCTION NOT SUPPORTED";
    const wholeTarget = request.function.startsWith("TARGET ");
    if (!wholeTarget && !isLunZero(request.lun)) return "LUN DOES NOT EXIST";
    return serveFunction(this.#unit, request);
  }

  nexusEstablished(nexus: Nexus): void {
    this.#unit.nexusEstablished(nexus);
  }

  nexusSuspended(nexus: Nexus): Promise<void> {
    return this.#unit.nexusSuspended(nexus);
  }

  nexusReturned(nexus: Nexus, tasksLost: boolean): void {
    this.#unit.nexusReturned(nexus, tasksLost);
  }

  /** Resolves when no task of the nexus has an effect any more. */
  nexusLost(nexus: Nexus): Promise<void> {
    return this.#unit.nexusLost(nexus);
  }
}

/** LUN 0 by peripheral or flat addressing (SAM-5 4.7). */
function isLunZero(lun: Uint8Array): boolean {
  // Of every command: a loop, not a view and a closure. 00h is peripheral addressing, 40h flat space.
  if (lun[0] !== 0x00 && lun[0] !== 0x40) return false;
  for (let index = 1; index < lun.length; index += 1) if (lun[index] !== 0) return false;
  return true;
}

/** INQUIRY, REQUEST SENSE and REPORT LUNS answer at any LUN; all else is refused (SPC-5 6.7.1, SAM-5 5.11). */
function answerForNoUnit({ cdb }: AddressedTask): Completion {
  if (cdb[0] === opcodeInquiry && (cdb[1]! & 1) === 0) {
    const data = new Uint8Array(inquiryLength);
    data[0] = noLogicalUnit;
    data[3] = 0x02;
    data[4] = inquiryLength - 5;
    return goodData(data, readBe(cdb, 3, 2));
  }
  // The answer is GOOD, with what would be told otherwise (SPC-5 6.39).
  if (cdb[0] === opcodeRequestSense) {
    const sense = encodeSense("logicalUnitNotSupported");
    return goodData((cdb[1]! & 1) === 0 ? sense : toDescriptorFormat(sense), cdb[4]!);
  }
  if (cdb[0] === opcodeReportLuns) return goodData(reportLunsData(cdb[2]!), readBe(cdb, 6, 4));
  return check("logicalUnitNotSupported");
}
