/** The queue of unit attentions (SAM-5 5.14): precedence, order, once each, and for whom. */
import { expect, test } from "vitest";
import { type UnitAttention, UnitAttentions } from "./unit-attention.ts";

const portA = { initiatorPortName: "iqn.a,i,0x1", portalGroupTag: 1 };
const portB = { initiatorPortName: "iqn.b,i,0x1", portalGroupTag: 1 };

/** All that is pending for a nexus, in the order in which it would be told. */
function drain(attentions: UnitAttentions, nexus = portA): readonly UnitAttention[] {
  const told: UnitAttention[] = [];
  for (;;) {
    const attention = attentions.take(nexus);
    if (attention === undefined) return told;
    told.push(attention);
  }
}

function joined(): UnitAttentions {
  const attentions = new UnitAttentions();
  for (const nexus of [portA, portB]) {
    attentions.join(nexus);
    attentions.take(nexus);
  }
  return attentions;
}

const unranked: readonly UnitAttention[] = [
  "reportedLunsDataChanged",
  "inquiryDataChanged",
  "targetOperatingConditionsChanged",
  "timestampChanged",
  "registrationsPreempted",
  "reservationsReleased",
  "reservationsPreempted",
  "logParametersChanged",
  "modeParametersChanged",
  "dataTransferElementInserted",
  "dataTransferElementRemoved",
  "importExportAccessed",
  "notReadyToReadyChange",
];

test("changes of all kinds → told in the order in which they happened, each once", () => {
  const attentions = joined();
  for (const attention of [...unranked, ...unranked]) attentions.establish(portA, attention);
  expect(drain(attentions)).toEqual(unranked);
});

test.each([
  ["powerOn", ["powerOn", "microcodeChanged"]],
  ["scsiBusReset", ["scsiBusReset", "microcodeChanged"]],
  ["busDeviceReset", ["microcodeChanged", "busDeviceReset"]],
  ["nexusLoss", ["microcodeChanged", "nexusLoss"]],
] as const)("%s after other changes → by precedence, before what has none", (reset, first) => {
  const attentions = joined();
  for (const each of ["inquiryDataChanged", "microcodeChanged", reset] as const) {
    attentions.establish(portA, each);
  }
  expect(drain(attentions)).toEqual([...first, "inquiryDataChanged"]);
});

test("several resets → the one of highest precedence, in whichever order they came", () => {
  const resets = ["nexusLoss", "busDeviceReset", "scsiBusReset", "powerOn"] as const;
  for (const order of [resets, resets.toReversed()]) {
    const attentions = joined();
    for (const reset of order) attentions.establish(portA, reset);
    expect(drain(attentions)).toEqual(["powerOn"]);
  }
});

test("for all but one, for a port, for a nexus that left → only they hear", () => {
  const attentions = joined();
  attentions.establishForAll("timestampChanged", portA);
  attentions.establishForPort(portB.initiatorPortName, "reservationsReleased");
  expect(drain(attentions)).toEqual([]);
  expect(drain(attentions, portB)).toEqual(["timestampChanged", "reservationsReleased"]);
  attentions.leave(portB);
  attentions.establishForAll("inquiryDataChanged");
  expect(drain(attentions, portB)).toEqual([]);
  expect(drain(attentions)).toEqual(["inquiryDataChanged"]);
});

test("cleared → not told, what else waits is", () => {
  const attentions = joined();
  attentions.establish(portA, "reportedLunsDataChanged");
  attentions.establish(portA, "inquiryDataChanged");
  attentions.clear(portA, "reportedLunsDataChanged");
  expect(drain(attentions)).toEqual(["inquiryDataChanged"]);
});
