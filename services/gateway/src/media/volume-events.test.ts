/** What a cut of a volume makes others hear: the store's manifest and the inventory's runs are no longer so. */
import type { EventBody } from "@reelhouse/contracts";
import type { SegmentDescription } from "@reelhouse/medium";
import { describe, expect, test } from "vitest";
import { passOn } from "./volume-events.ts";

const description: SegmentDescription = {
  generation: 1,
  partition: 0,
  number: 2,
  state: "uploaded",
  firstObject: 10,
  endObject: 13,
  firstFilemark: 0,
  endFilemark: 0,
  usedBytes: 3096,
  dataEndBytes: 3224,
  segmentBytes: 8192,
  uncompressed: false,
  objectBytes: 8200,
  path: "RHS001L8/g1/p0/00000002.segment",
};

const hear = (state: SegmentDescription["state"]) => {
  const bodies: EventBody[] = [];
  const changed: string[] = [];
  let looks = 0;
  const event = { type: "cut", segment: { ...description, state } } as const;
  passOn("lib", "RHS001L8", event, {
    emit: (body) => bodies.push(body),
    sealed: () => {
      looks += 1;
    },
    changed: (barcode) => changed.push(barcode),
  });
  return { bodies, changed, looks };
};

const segment = { library: "lib", barcode: "RHS001L8", generation: 1, partition: 0, number: 2 };
const sealed = {
  type: "segment.sealed",
  segment,
  firstObject: 10,
  endObject: 13,
  segmentBytes: 8192,
};

describe("a cut", () => {
  test.each(["sealed", "uploaded", "lost"] as const)(
    "of a segment that is %s → the manifest is made anew, the segment told with its new end",
    (state) => {
      expect(hear(state)).toEqual({ bodies: [sealed], changed: ["RHS001L8"], looks: 0 });
    },
  );
  test.each(["evicted", "recalling"] as const)(
    "of a segment that is %s → told, and told that it is not in the cache",
    (state) => {
      const bodies = [sealed, { type: "segment.evicted", segment }];
      expect(hear(state)).toEqual({ bodies, changed: ["RHS001L8"], looks: 0 });
    },
  );
  test("of the open segment → nothing for the inventory, which was not told of it", () => {
    expect(hear("open")).toEqual({ bodies: [], changed: ["RHS001L8"], looks: 0 });
  });
});

const changedBy = (identifiers: readonly number[]) => {
  const changed: string[] = [];
  const event = { type: "attributes", identifiers } as const;
  passOn("lib", "RHS001L8", event, {
    emit: () => expect.unreachable(),
    sealed: () => expect.unreachable(),
    changed: (barcode) => changed.push(barcode),
  });
  return changed;
};

describe("attributes", () => {
  test.each([[[0x0c01, 0x0800]], [[0x0bff]], [[0x1400]], [[0x17ff]]])(
    "a host's among %j → the manifest is made anew, nothing for the inventory",
    (identifiers) => {
      expect(changedBy(identifiers)).toEqual(["RHS001L8"]);
    },
  );
  test("only what the drive counts at a mount → nothing", () => {
    expect(changedBy([0x020a, 0x020b, 0x0c00, 0x0c01, 0x1000])).toEqual([]);
  });
});
