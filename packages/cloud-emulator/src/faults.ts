/** Faults on demand, for tests and demonstrations: the first that fits a request and is not used up strikes it. */

export const FAULT_KINDS = [
  /** Answers 503 SlowDown (KMS: ThrottlingException) without doing anything. */
  "slow-down",
  /** Cuts the connection before anything is read: nothing answers. */
  "outage",
  /** Reads part of the request's body, then cuts the connection; nothing is done. */
  "cut-request",
  /** Does what is asked, then cuts the connection in the middle of the answer (before it, if it has no body). */
  "cut-response",
  /** Waits `delayMs`, then goes on as usual. */
  "delay",
  /** Flips one bit in the middle of the answer's body. */
  "corrupt-response",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Requests to strike; left out: until cleared. */
  readonly count?: number;
  readonly delayMs?: number;
  readonly service?: "s3" | "kms";
  /** "PutObject", "Decrypt", … */
  readonly operation?: string;
}

export interface Faults {
  /** Replaces all faults. */
  set(...faults: readonly Fault[]): void;
  clear(): void;
  /** Faults not yet used up, with what is left of their counts. */
  list(): readonly Fault[];
  /** The fault for this request, counted. */
  take(service: "s3" | "kms", operation: string | undefined): Fault | null;
}

export const createFaults = (): Faults => {
  let active: Fault[] = [];
  return {
    set(...faults) {
      active = [...faults];
    },
    clear() {
      active = [];
    },
    list: () => active,
    take(service, operation) {
      const index = active.findIndex(
        (fault) =>
          (fault.service ?? service) === service && (fault.operation ?? operation) === operation,
      );
      const fault = active[index];
      if (fault === undefined) return null;
      if (fault.count !== undefined)
        active =
          fault.count > 1
            ? active.with(index, { ...fault, count: fault.count - 1 })
            : active.toSpliced(index, 1);
      return fault;
    },
  };
};

const isFaultKind = (value: unknown): value is FaultKind =>
  typeof value === "string" && FAULT_KINDS.some((kind) => kind === value);

const readFault = (value: unknown): Fault => {
  const { kind, count, delayMs, service, operation }: Record<string, unknown> = {
    ...Object(value),
  };
  if (!isFaultKind(kind)) throw new Error(`kind is one of ${FAULT_KINDS.join(", ")}`);
  return {
    kind,
    ...(typeof count === "number" ? { count } : {}),
    ...(typeof delayMs === "number" ? { delayMs } : {}),
    ...(service === "s3" || service === "kms" ? { service } : {}),
    ...(typeof operation === "string" ? { operation } : {}),
  };
};

/** Body of POST /_emulator/faults: one fault or a list. */
export const readFaults = (json: string): readonly Fault[] => {
  const value: unknown = JSON.parse(json);
  return (Array.isArray(value) ? value : [value]).map(readFault);
};
