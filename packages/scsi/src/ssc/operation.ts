/**
 * Work that goes on after its command was answered (IMMED of FORMAT MEDIUM, ERASE, SET CAPACITY, VERIFY): meanwhile the
 * drive is not ready and tells how far it is, and a failure at the end is a deferred error (SSC-5 4.2.9, SPC-5 4.4.2.4.4).
 */
import { check } from "../completion.ts";
import { chain } from "../maybe-promise.ts";
import { type SenseName, encodeSense } from "../sense.ts";
import { status } from "../status.ts";
import type { Completion, MaybePromise, Nexus } from "../task.ts";
import type { Mounted } from "./commands/command.ts";
import type { TapeDrive } from "./tape-drive.ts";

interface Kind {
  /** What commands that need the medium are answered with. */
  readonly notReady: SenseName;
  /** What REQUEST SENSE returns. */
  readonly asked: SenseName;
  /** The deferred error when the medium could not do it now, and nobody is left to be told BUSY. */
  readonly failed: SenseName;
}

const notReady = "operationInProgress";

export const operationKinds = {
  format: {
    notReady: "formatInProgress",
    asked: "formatInProgress",
    failed: "formatCommandFailed",
  },
  erase: { notReady, asked: "eraseOperationInProgress", failed: "eraseFailure" },
  setCapacity: { notReady, asked: "setCapacityOperationInProgress", failed: "formatCommandFailed" },
  verify: { notReady, asked: "verifyOperationInProgress", failed: "unrecoveredReadError" },
} as const satisfies Record<string, Kind>;

export type OperationKind = keyof typeof operationKinds;

export interface Operation {
  readonly kind: OperationKind;
  /** How much of it is done, 0 to 1. */
  readonly partDone: () => number;
  /** Nobody wants its outcome any more: verifying ends at the next object. What changes the medium goes on. */
  isUnwanted: boolean;
  /** Resolves when it is over and its outcome is kept for who asks. */
  readonly ended: Promise<void>;
}

/** What an answered command came to at last; it lost no data, so it holds no cartridge. */
export interface FailedOperation {
  /** Of a deferred error. */
  readonly sense: Uint8Array;
  /** Who asked for it. */
  readonly nexus: Nexus;
}

/** Makes response code 71h of 70h. */
const deferredErrorBit = 0x01;

/** What a command of `nexus` came to after its status is told as a deferred error (response code 71h). */
export function keepFailure(drive: TapeDrive, sense: Uint8Array, nexus: Nexus): void {
  const deferred = Uint8Array.from(sense);
  deferred[0]! |= deferredErrorBit;
  drive.failedOperation = { sense: deferred, nexus };
}

/** For the nexus that asked, or for anyone when that is gone. */
export function takeFailedOperation(drive: TapeDrive, nexus: Nexus): Uint8Array | undefined {
  const failed = drive.failedOperation;
  if (failed === undefined) return undefined;
  if (failed.nexus !== nexus && drive.logicalUnit.hasNexus(failed.nexus)) return undefined;
  drive.failedOperation = undefined;
  return failed.sense;
}

/** Part of an operation; it goes on while the status is GOOD. */
export type Step = () => MaybePromise<Completion>;

const progressScale = 65_536;

/** PROGRESS INDICATION never says that all is done while the work goes on. */
const progressOf = ({ partDone }: Operation): number =>
  Math.min(Math.floor(partDone() * progressScale), progressScale - 1);

export const notReadyDuring = (operation: Operation): Completion =>
  check(operationKinds[operation.kind].notReady, { progress: progressOf(operation) });

export const senseDuring = (operation: Operation): Uint8Array =>
  encodeSense(operationKinds[operation.kind].asked, { progress: progressOf(operation) });

function runSteps(
  steps: readonly Step[],
  done: (count: number) => void,
  from = 0,
): MaybePromise<Completion> {
  const step = steps[from];
  if (step === undefined) return { status: status.good };
  return chain(step(), (completion) => {
    if (completion.status !== status.good) return completion;
    done(from + 1);
    return runSteps(steps, done, from + 1);
  });
}

/**
 * Does the steps one after the other: before the status, or with `immed` after it. `partDone` is for work that knows how
 * far it is; else steps are counted: no clock runs here, and a step is short.
 */
export function operate(
  { drive, call }: Mounted,
  kind: OperationKind,
  immed: boolean,
  steps: readonly Step[],
  partDone?: () => number,
): MaybePromise<Completion> {
  if (!immed) return runSteps(steps, () => undefined);
  let stepsDone = 0;
  const goOn = async (): Promise<void> => {
    // The status goes out first.
    await Promise.resolve();
    const outcome = await runSteps(steps, (count) => {
      stepsDone = count;
    });
    drive.operation = undefined;
    if (outcome.status === status.good || operation.isUnwanted) return;
    keepFailure(drive, outcome.sense ?? encodeSense(operationKinds[kind].failed), call.nexus);
  };
  const operation: Operation = {
    kind,
    partDone: partDone ?? (() => stepsDone / steps.length),
    isUnwanted: false,
    ended: goOn(),
  };
  drive.operation = operation;
  return { status: status.good };
}

/** An eject or a reset ends verifying, which may have hours of recalls before it. */
export function endVerifying({ operation, medium }: Pick<TapeDrive, "operation" | "medium">): void {
  if (operation?.kind !== "verify") return;
  operation.isUnwanted = true;
  medium?.giveUpRecall();
}
