/** The cache's bookkeeping and its curve. */
import { describe, expect, it } from "vitest";
import { admission, CacheLedger, delayMsMax, refuseFrom, slowDownFrom } from "./cache.ts";

const figures = (pendingBytes: number, cleanBytes = 0) => ({
  bytesMax: 1000,
  pendingBytes,
  cleanBytes,
});

describe("admission", () => {
  it("little pending → at once", () => {
    expect(admission(figures(0), 100)).toEqual({ kind: "admitted", delayMs: 0, evictBytes: 0 });
  });
  it("pending below the slow-down share → no delay, however much is clean", () => {
    const result = admission(figures(slowDownFrom * 1000 - 100, 300), 100);
    expect(result).toEqual({ kind: "admitted", delayMs: 0, evictBytes: 50 });
  });
  it("pending past the slow-down share → a delay that grows", () => {
    let before = -1;
    for (let pending = slowDownFrom * 1000 + 20; pending < refuseFrom * 1000 - 1; pending += 20) {
      const result = admission(figures(pending), 0);
      if (result.kind === "refused") throw new Error("refused too early");
      expect(result.delayMs).toBeGreaterThan(before);
      expect(result.delayMs).toBeLessThanOrEqual(delayMsMax);
      before = result.delayMs;
    }
    expect(before).toBeGreaterThan(delayMsMax / 2);
  });
  it("pending at the refusal share → refused", () => {
    expect(admission(figures(refuseFrom * 1000), 0)).toEqual({ kind: "refused" });
    expect(admission(figures(0), 1000)).toEqual({ kind: "refused" });
  });
});

describe("ledger", () => {
  it("entries come, change and go → sums follow", () => {
    const ledger = new CacheLedger(1000);
    ledger.set("a", 100, false);
    ledger.set("b", 200, true);
    ledger.set("a", 150, false);
    expect(ledger.figures).toEqual({ bytesMax: 1000, pendingBytes: 150, cleanBytes: 200 });
    ledger.set("a", 150, true);
    ledger.delete("b");
    ledger.delete("unknown");
    expect(ledger.figures).toEqual({ bytesMax: 1000, pendingBytes: 0, cleanBytes: 150 });
  });
  it("victims → clean and unpinned, longest unused first, no more than needed", () => {
    const ledger = new CacheLedger(1000);
    ledger.set("pending", 500, false);
    for (const key of ["a", "b", "c", "d"]) ledger.set(key, 100, true);
    ledger.touch("a");
    ledger.pin("b");
    expect(ledger.victims(150)).toEqual(["c", "d"]);
    expect(ledger.victims(10_000)).toEqual(["c", "d", "a"]);
    ledger.unpin("b");
    expect(ledger.victims(1)).toEqual(["b"]);
    expect(ledger.victims(0)).toEqual([]);
  });
  it("a pinned entry that becomes clean → stays pinned", () => {
    const ledger = new CacheLedger(1000);
    ledger.set("a", 100, false);
    ledger.pin("a");
    ledger.set("a", 100, true);
    expect(ledger.victims(100)).toEqual([]);
    ledger.unpin("a");
    expect(ledger.victims(100)).toEqual(["a"]);
    expect(() => ledger.unpin("a")).toThrow();
  });
});
