/** The result of every key of the table (RFC 7143 13), row by row. */
import { describe, expect, test } from "vitest";
import { defaultLimits } from "../limits.ts";
import { keyTable } from "./keys.ts";
import { Negotiation } from "./negotiation.ts";
import { LoginRefusal } from "./status.ts";

/** Key, offer, answer; undefined where a declaration asks for none. */
const operational: readonly (readonly [string, string, string | undefined])[] = [
  ["HeaderDigest", "CRC32C,None", "CRC32C"],
  ["HeaderDigest", "None,CRC32C", "None"],
  ["DataDigest", "X-SHA,CRC32C", "CRC32C"],
  ["DataDigest", "X-SHA", "Reject"],
  ["MaxConnections", "8", "1"],
  ["MaxConnections", "0", "Reject"],
  ["InitialR2T", "No", "No"],
  ["InitialR2T", "Yes", "Yes"],
  ["InitialR2T", "no", "Reject"],
  ["ImmediateData", "Yes", "Yes"],
  ["ImmediateData", "No", "No"],
  ["MaxRecvDataSegmentLength", "0x40000", undefined],
  ["MaxBurstLength", "16777215", "16777215"],
  ["MaxBurstLength", "16777216", "Reject"],
  ["MaxBurstLength", "511", "Reject"],
  ["FirstBurstLength", "16777215", "1048576"],
  ["FirstBurstLength", "0x1000", "4096"],
  ["FirstBurstLength", "010", "Reject"],
  ["MaxOutstandingR2T", "65535", "8"],
  ["DataPDUInOrder", "No", "Yes"],
  ["DataSequenceInOrder", "No", "Yes"],
  ["DefaultTime2Wait", "0", "2"],
  ["DefaultTime2Wait", "3600", "3600"],
  ["DefaultTime2Retain", "3600", "0"],
  ["ErrorRecoveryLevel", "2", "1"],
  ["ErrorRecoveryLevel", "3", "Reject"],
  ["TaskReporting", "ResponseFence,RFC3720", "RFC3720"],
  ["iSCSIProtocolLevel", "2", "1"],
  ["IFMarker", "Yes", "No"],
  ["OFMarker", "No", "No"],
  ["IFMarkInt", "2048", "Reject"],
  ["OFMarkInt", "2048", "Reject"],
  ["AuthMethod", "None", "Reject"],
  ["InitiatorAlias", "backup", undefined],
  ["X-com.example.odd", "1", "NotUnderstood"],
];

describe("operational stage", () => {
  test.each(operational)("%s=%s → %s", (key, offer, answer) => {
    const result = new Negotiation(defaultLimits).receive([key, offer], "O");
    expect(result).toEqual(answer === undefined ? undefined : [key, answer]);
  });

  test.each(["TargetAlias", "TargetAddress", "TargetPortalGroupTag"])("%s → refused", (key) => {
    expect(new Negotiation(defaultLimits).receive([key, "1"], "O")).toBeInstanceOf(LoginRefusal);
  });
});

test.each(keyTable(defaultLimits).filter(({ normalOnly }) => normalOnly === true))(
  "$name in a discovery session → Irrelevant, whatever its value",
  ({ name }) => {
    const negotiation = new Negotiation(defaultLimits);
    negotiation.receive(["SessionType", "Discovery"], "O");
    expect(negotiation.receive([name, "nonsense"], "O")).toEqual([name, "Irrelevant"]);
  },
);

test("AuthMethod with None → None; without → authentication failure", () => {
  expect(new Negotiation(defaultLimits).receive(["AuthMethod", "CHAP,None"], "S")).toEqual([
    "AuthMethod",
    "None",
  ]);
  const refusal = new Negotiation(defaultLimits).receive(["AuthMethod", "CHAP"], "S");
  expect(refusal).toMatchObject({ status: "AUTHENTICATION FAILURE" });
});

test("nothing negotiated → the RFC's defaults", () => {
  expect(new Negotiation(defaultLimits).parameters()).toEqual({
    headerDigest: false,
    dataDigest: false,
    initialR2T: true,
    immediateData: true,
    firstBurstLength: 65536,
    maxBurstLength: 262144,
    maxOutstandingR2T: 1,
    errorRecoveryLevel: 0,
    defaultTime2Wait: 2,
    initiatorMaxRecvDataSegmentLength: 8192,
  });
});

test("MaxBurstLength below the first burst → the first burst is cut to it", () => {
  const negotiation = new Negotiation(defaultLimits);
  negotiation.receive(["MaxBurstLength", "512"], "O");
  expect(negotiation.parameters().firstBurstLength).toBe(512);
});
