/** The cache's curve. */
import { describe, expect, it } from "vitest";
import { admission, delayMsMax, refuseFrom, slowDownFrom } from "./admission.ts";

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
