/** What WRITE BUFFER leaves for READ BUFFER (SPC-5 6.18, 6.52): a data buffer of the unit, an echo buffer of each nexus. */
import type { Nexus } from "../task.ts";

export const dataBufferBytes = 64 * 1024;
export const echoBufferBytes = 4 * 1024;

export class DeviceBuffers {
  /** Made when it is first written: few hosts ever do. */
  #data: Uint8Array | undefined;
  readonly #echoes = new WeakMap<Nexus, Uint8Array>();

  /** The data buffer from `offset` on, zeros where nothing was written. */
  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, dataBufferBytes);
    return this.#data?.slice(offset, end) ?? new Uint8Array(end - offset);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#data ??= new Uint8Array(dataBufferBytes);
    this.#data.set(bytes, offset);
  }

  /** Undefined: that nexus has written none. */
  echo(nexus: Nexus): Uint8Array | undefined {
    return this.#echoes.get(nexus);
  }

  writeEcho(nexus: Nexus, bytes: Uint8Array): void {
    this.#echoes.set(nexus, bytes);
  }
}
