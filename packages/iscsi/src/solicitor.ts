/** Whose turn it is to send R2Ts: a bound on what a session makes arrive at one time. First come, first served. */

export interface Soliciting {
  solicit(): void;
}

export class Solicitor {
  readonly #tasksMax: number;
  readonly #active = new Set<Soliciting>();
  readonly #waiting = new Set<Soliciting>();

  constructor(tasksMax: number) {
    this.#tasksMax = tasksMax;
  }

  awaitTurn(task: Soliciting): void {
    this.#waiting.add(task);
    this.#next();
  }

  endTurn(task: Soliciting): void {
    this.#waiting.delete(task);
    if (this.#active.delete(task)) this.#next();
  }

  #next(): void {
    for (const task of this.#waiting) {
      if (this.#active.size >= this.#tasksMax) return;
      this.#waiting.delete(task);
      this.#active.add(task);
      task.solicit();
    }
  }
}
