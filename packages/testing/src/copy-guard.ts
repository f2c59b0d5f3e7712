/**
 * Counts the payload bytes that JavaScript copies while a function runs, and says where. For the rule that the write
 * path copies none. It sees the calls that copy; a loop over single bytes it cannot see, a lint rule and a reader must.
 */
import assert from "node:assert/strict";

export interface CopySite {
  /** The call, as a programmer writes it: `Buffer.concat`. */
  readonly operation: string;
  readonly bytes: number;
  /** The frames above the call. */
  readonly stack: string;
}

export interface CopyReport<T> {
  readonly result: T;
  /** Sum over `sites`. */
  readonly copiedBytes: number;
  readonly sites: readonly CopySite[];
}

export interface CopyGuardOptions {
  /** Copies of fewer bytes are headers, not payload. */
  readonly thresholdBytes?: number;
  /** Copies with one of these in their stack are not counted (an initiator in the same process). */
  readonly exceptFrom?: readonly RegExp[];
}

/** Above every header and sense buffer, below the smallest tape block we promise to carry without a copy. */
export const COPY_THRESHOLD_BYTES = 256;
const STACK_FRAMES = 30;

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

interface Watched {
  readonly operation: string;
  readonly owner: object;
  readonly key: string;
  readonly bytes: (self: unknown, args: readonly unknown[], result: unknown) => number;
}

const viewBytes = (value: unknown): number => (ArrayBuffer.isView(value) ? value.byteLength : 0);
const bufferBytes = (value: unknown): number =>
  value instanceof ArrayBuffer ? value.byteLength : viewBytes(value);
const resultBytes = (_self: unknown, _args: readonly unknown[], result: unknown): number =>
  bufferBytes(result);
const firstBytes = (_self: unknown, args: readonly unknown[]): number => viewBytes(args[0]);
const selfBytes = (self: unknown): number => viewBytes(self);
const typedArray: object = Object.getPrototypeOf(Uint8Array);
const typedArrayPrototype: object = Object.getPrototypeOf(Uint8Array.prototype);

/** Every call of Node's that copies bytes and that the write path could be tempted by. */
const WATCHED: readonly Watched[] = [
  { operation: "Buffer.concat", owner: Buffer, key: "concat", bytes: resultBytes },
  { operation: "Buffer.from", owner: Buffer, key: "from", bytes: firstBytes },
  { operation: "Buffer.copyBytesFrom", owner: Buffer, key: "copyBytesFrom", bytes: resultBytes },
  {
    operation: "buffer.copy",
    owner: Buffer.prototype,
    key: "copy",
    bytes: (_self, _args, result) => Number(result),
  },
  { operation: "buffer.fill", owner: Buffer.prototype, key: "fill", bytes: firstBytes },
  {
    operation: "buffer.toString",
    owner: Buffer.prototype,
    key: "toString",
    bytes: (_self, _args, result) => String(result).length,
  },
  { operation: "typedArray.set", owner: typedArrayPrototype, key: "set", bytes: firstBytes },
  { operation: "typedArray.slice", owner: typedArrayPrototype, key: "slice", bytes: resultBytes },
  {
    operation: "typedArray.copyWithin",
    owner: typedArrayPrototype,
    key: "copyWithin",
    bytes: selfBytes,
  },
  { operation: "TypedArray.from", owner: typedArray, key: "from", bytes: resultBytes },
  {
    operation: "arrayBuffer.slice",
    owner: ArrayBuffer.prototype,
    key: "slice",
    bytes: resultBytes,
  },
  {
    operation: "textDecoder.decode",
    owner: TextDecoder.prototype,
    key: "decode",
    bytes: firstBytes,
  },
  {
    operation: "structuredClone",
    owner: globalThis,
    key: "structuredClone",
    bytes: (_self, args) => bufferBytes(args[0]),
  },
];

class Watch {
  readonly sites: CopySite[] = [];
  readonly #thresholdBytes: number;
  readonly #exceptFrom: readonly RegExp[];
  readonly #undo: (() => void)[] = [];
  #depth = 0;

  constructor(options: CopyGuardOptions) {
    this.#thresholdBytes = options.thresholdBytes ?? COPY_THRESHOLD_BYTES;
    this.#exceptFrom = options.exceptFrom ?? [];
  }

  begin(): void {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = STACK_FRAMES;
    this.#undo.push(() => {
      Error.stackTraceLimit = stackTraceLimit;
    });
    for (const watched of WATCHED) this.#wrap(watched);
    this.#wrapConstructor();
  }

  end(): void {
    for (const undo of this.#undo.splice(0).toReversed()) undo();
  }

  #wrap({ operation, owner, key, bytes }: Watched): void {
    const original = Object.getOwnPropertyDescriptor(owner, key);
    assert(original !== undefined, `${operation} is not where it was: Node has changed`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table names functions only
    const call = original.value as AnyFunction;
    const observe = (self: unknown, args: unknown[]): unknown =>
      this.#outermost(
        () => Reflect.apply(call, self, args),
        (result) => this.#count(operation, bytes(self, args, result)),
      );
    const value = function watchedCall(this: unknown, ...args: unknown[]): unknown {
      return observe(this, args);
    };
    Object.defineProperty(owner, key, { ...original, value });
    this.#undo.push(() => Object.defineProperty(owner, key, original));
  }

  /** `new Uint8Array(view)` copies as well, and a constructor can only be watched from outside. */
  #wrapConstructor(): void {
    const original = globalThis.Uint8Array;
    globalThis.Uint8Array = new Proxy(original, {
      construct: (constructor, args: unknown[], newTarget) =>
        this.#outermost(
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a constructor makes objects
          () => Reflect.construct(constructor, args, newTarget) as object,
          () => this.#count("new Uint8Array", viewBytes(args[0])),
        ),
    });
    this.#undo.push(() => {
      globalThis.Uint8Array = original;
    });
  }

  /** One copy is counted once, though Node builds some of these calls on others of them. */
  #outermost<T>(call: () => T, count: (result: T) => void): T {
    this.#depth += 1;
    try {
      const result = call();
      if (this.#depth === 1) count(result);
      return result;
    } finally {
      this.#depth -= 1;
    }
  }

  #count(operation: string, bytes: number): void {
    if (bytes < this.#thresholdBytes) return;
    const stack = (new Error(operation).stack ?? "").split("\n").slice(1);
    const frames = stack.filter((frame) => !frame.includes(import.meta.filename)).join("\n");
    if (this.#exceptFrom.some((pattern) => pattern.test(frames))) return;
    this.sites.push({ operation, bytes, stack: frames });
  }
}

let watching = false;

/** Runs `run` to its end and reports every copy made meanwhile, by whomever. One at a time in a process. */
export const countCopies = async <T>(
  run: () => T | Promise<T>,
  options: CopyGuardOptions = {},
): Promise<CopyReport<T>> => {
  assert(!watching, "a copy guard is already watching");
  watching = true;
  const watch = new Watch(options);
  watch.begin();
  try {
    const result = await run();
    const copiedBytes = watch.sites.reduce((sum, site) => sum + site.bytes, 0);
    return { result, copiedBytes, sites: watch.sites };
  } finally {
    watch.end();
    watching = false;
  }
};

/** The report as text for an assertion's message: what copied how much, and from where. */
export const describeCopies = (report: CopyReport<unknown>): string =>
  report.sites.map((site) => `${site.operation} ${site.bytes} bytes\n${site.stack}`).join("\n\n");
