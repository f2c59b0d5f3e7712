/** What comes before bytes are staged: refusals, admission, a full disk, and the cut when it is not the end of data. */
import { fault, type MaybePromise, type MediumFault, type WriteResult, written } from "./port.ts";
import type { SegmentWriter } from "./segment-writer.ts";

export interface WritePathContext {
  writer(): SegmentWriter;
  atEnd(): boolean;
  arriveAtEnd(): void;
  /** Ends the data at the position. */
  cut(): Promise<MediumFault | undefined>;
}

export class WritePath {
  readonly #admit: (bytes: number) => MaybePromise<boolean>;
  readonly #context: WritePathContext;

  constructor(admit: (bytes: number) => MaybePromise<boolean>, context: WritePathContext) {
    this.#admit = admit;
    this.#context = context;
  }

  /** Why nothing may be written until the volume is opened anew. */
  refusal(): MediumFault | undefined {
    const { failed } = this.#context.writer();
    return failed === undefined ? undefined : fault("write", failed);
  }

  /**
   * At the end of data and with room all of it happens at once; else what is missing is waited for. `drop` is called
   * instead of `stage` when the write is refused.
   */
  write(bytes: number, stage: () => void, drop: () => void): MaybePromise<WriteResult> {
    const refused = this.refusal();
    if (refused !== undefined) {
      drop();
      return refused;
    }
    const admitted = this.#admit(bytes);
    if (admitted === true && this.#context.atEnd() && this.#context.writer().full === undefined) {
      return this.#stage(stage);
    }
    return this.#writeLater(admitted, stage, drop);
  }

  async #writeLater(
    admitted: MaybePromise<boolean>,
    stage: () => void,
    drop: () => void,
  ): Promise<WriteResult> {
    let refused: MediumFault | undefined;
    try {
      refused = await this.#prepare(admitted);
    } catch (error) {
      drop();
      throw error;
    }
    if (refused === undefined) return this.#stage(stage);
    drop();
    return refused;
  }

  async #prepare(admitted: MaybePromise<boolean>): Promise<MediumFault | undefined> {
    if (!(await admitted)) return fault("full", "the cache has no room");
    if (this.#context.writer().full !== undefined) {
      const flushed = await this.#context.writer().flush();
      if (flushed.kind === "fault") return flushed;
    }
    return this.#context.atEnd() ? this.refusal() : this.#context.cut();
  }

  #stage(stage: () => void): MaybePromise<WriteResult> {
    const writer = this.#context.writer();
    stage();
    this.#context.arriveAtEnd();
    if (writer.hasRoom) return written;
    // Accepted already: a full disk is told to the next write, a failure to this one.
    return writer.room().then(() => this.refusal() ?? written);
  }
}
