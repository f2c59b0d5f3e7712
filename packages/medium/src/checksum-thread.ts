/**
 * Checksums of whole files, made in a thread of their own: reading 64 MiB and making their SHA-256 takes 50 ms of a CPU,
 * and every host that writes meanwhile would wait for it if it were done where the data path runs.
 */
import { Worker } from "node:worker_threads";
import type { FileChecksums } from "./disk.ts";

/** What the thread is asked for. */
export interface ChecksumRequest {
  readonly id: number;
  readonly fd: number;
  readonly byteLength: number;
  readonly tailBytes: number;
}

export type ChecksumAnswer = { readonly id: number } & (
  | { readonly checksums: FileChecksums }
  | { readonly reason: string }
);

interface Waiting {
  resolve(checksums: FileChecksums): void;
  reject(error: Error): void;
}

export class ChecksumThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #asked = 0;

  /** Of an open file, which is not closed meanwhile. Begins the thread when it is first needed. While it works it keeps the process alive, and not otherwise. */
  checksums(fd: number, byteLength: number, tailBytes: number): Promise<FileChecksums> {
    this.#asked += 1;
    const request: ChecksumRequest = { id: this.#asked, fd, byteLength, tailBytes };
    const worker = (this.#worker ??= this.#begin());
    worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread is no window.
      worker.postMessage(request);
    });
  }

  #begin(): Worker {
    const worker = new Worker(new URL("./checksum-worker.ts", import.meta.url));
    worker.on("message", (answer: ChecksumAnswer) => this.#answered(answer));
    worker.on("error", (error) => this.#ended(worker, error));
    worker.on("exit", () => this.#ended(worker, new Error("the checksum thread ended")));
    return worker;
  }

  #answered(answer: ChecksumAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ("checksums" in answer) waiting?.resolve(answer.checksums);
    else waiting?.reject(new Error(answer.reason));
  }

  /** Who waits is told; the next to ask gets a new thread. */
  #ended(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) one.reject(error);
  }
}
