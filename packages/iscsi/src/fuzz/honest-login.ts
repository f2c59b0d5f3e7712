/** Test only: the logins of the fuzzer's initiator: right as a rule, with any key of the table and any value at times. */
import { chapAlgorithms, chapResponse, formatBinary } from "../login/chap-values.ts";
import type { RawPdu } from "../pdu/codec.ts";
import { dataSegmentOf } from "../pdu/data-segment.ts";
import { loginRequest } from "../pdu/login-request.ts";
import type { Random } from "./random.ts";
import { CHAP_NAME, CHAP_SECRET, OTHER_NAME, TARGET_NAME } from "./stage.ts";

/** What sessions agree on, most of the time; each may be left out. */
const usualKeys = [
  ["HeaderDigest", ["CRC32C,None", "None,CRC32C", "None", "CRC32C"]],
  ["DataDigest", ["CRC32C,None", "None", "CRC32C"]],
  ["ErrorRecoveryLevel", ["0", "1", "2"]],
  ["InitialR2T", ["Yes", "No"]],
  ["ImmediateData", ["Yes", "No"]],
  ["MaxRecvDataSegmentLength", ["512", "1024", "8192", "65536", "0x4000"]],
  ["MaxBurstLength", ["512", "2048", "8192", "16776192"]],
  ["FirstBurstLength", ["512", "1024", "65536"]],
  ["MaxOutstandingR2T", ["1", "2", "8"]],
] as const;
const rareKeys = [
  ["DefaultTime2Wait", ["0", "3600", "3601"]],
  ["DefaultTime2Retain", ["20", "-1"]],
  ["MaxConnections", ["1", "65535", "0"]],
  ["DataPDUInOrder", ["No", "Perhaps"]],
  ["DataSequenceInOrder", ["Yes", ""]],
  ["TaskReporting", ["FastAbort,RFC3720", "FastAbort"]],
  ["iSCSIProtocolLevel", ["1", "2", "32"]],
  ["IFMarker", ["Yes"]],
  ["OFMarkInt", ["2048~8192"]],
  ["InitiatorAlias", ["a", "b".repeat(255), "c".repeat(256)]],
  ["TargetAlias", ["mine"]],
  ["X-org.example", ["1"]],
  ["=", [""]],
  ["MaxBurstLength", ["511", "0x", "1e5", "16777216"]],
  ["SessionType", ["Casual"]],
  ["AuthMethod", ["None", "KRB5", "CHAP", "None,CHAP", ""]],
  ["CHAP_A", ["5", "9", "5,7"]],
  ["CHAP_R", ["0x", `0x${"00".repeat(1024)}`, `0x${"00".repeat(1025)}`, "0bAAAA"]],
] as const;

function keysOf(random: Random): string[] {
  const usual = usualKeys.flatMap(([name, values]) =>
    random.oneIn(3) ? [`${name}=${random.anyOf(values) ?? ""}`] : [],
  );
  if (!random.oneIn(6)) return usual;
  const [name, values] = random.pick(rareKeys);
  return [...usual, `${name}=${random.anyOf(values) ?? ""}`];
}

function namesOf(random: Random): string[] {
  const initiator = random.oneIn(40) ? "stranger" : random.oneIn(6) ? "other" : "fuzz";
  const names = [`InitiatorName=iqn.2026-11.org.example:${initiator}`];
  if (random.oneIn(16)) return [...names, "SessionType=Discovery"];
  if (random.oneIn(60)) return names;
  const target = random.oneIn(8) ? OTHER_NAME : random.oneIn(60) ? "iqn.2026-11.x:y" : TARGET_NAME;
  return [...names, `TargetName=${target}`];
}

const CHALLENGE = new Uint8Array(32).fill(0x5a);

function proofOf(random: Random): string[] {
  const algorithm = random.pick(chapAlgorithms);
  const secret = Buffer.from(random.oneIn(12) ? "a guess" : CHAP_SECRET);
  const proof = formatBinary(chapResponse(algorithm, 0x5a, secret, CHALLENGE));
  const name = random.oneIn(12) ? "nobody" : CHAP_NAME;
  const mutual = random.oneIn(8) ? formatBinary(CHALLENGE) : "0x0001020304050607";
  const ours = [`CHAP_N=${name}`, `CHAP_R=${proof}`];
  // The algorithm the target chose is the one list this proof is offered with: see `loginOf`.
  return [
    String(algorithm.number),
    ...ours,
    ...(random.oneIn(3) ? ["CHAP_I=7", `CHAP_C=${mutual}`] : []),
  ];
}

interface Stage {
  readonly transit: boolean;
  readonly csg: number;
  readonly nsg: number;
  readonly text: readonly string[];
}

function stagesOf(random: Random, chap: boolean): Stage[] {
  const names = namesOf(random);
  const keys = keysOf(random);
  if (chap && !random.oneIn(12)) {
    const [algorithm = "7", ...proof] = proofOf(random);
    return [
      { transit: false, csg: 0, nsg: 0, text: [...names, "AuthMethod=CHAP,None"] },
      { transit: false, csg: 0, nsg: 0, text: [`CHAP_A=${algorithm}`] },
      { transit: true, csg: 0, nsg: 1, text: proof },
      { transit: true, csg: 1, nsg: 3, text: keys },
    ];
  }
  if (random.oneIn(3))
    return [
      { transit: true, csg: 0, nsg: 1, text: [...names, "AuthMethod=None"] },
      { transit: true, csg: 1, nsg: 3, text: keys },
    ];
  return [{ transit: true, csg: 1, nsg: 3, text: [...names, ...keys] }];
}

const utf8 = new TextEncoder();

/** The Login Requests of one login, in order. Long text is spread over PDUs with the C bit now and then. */
export function loginOf(random: Random, chap: boolean, cmdSN: number): RawPdu[] {
  const isid = Uint8Array.of(0x80, 0, 0, 0, 0, random.oneIn(4) ? 2 : 1);
  const base = {
    versionMax: 0,
    versionMin: random.oneIn(80) ? 1 : 0,
    isid,
    tsih: random.oneIn(30) ? random.int(4) : 0,
    initiatorTaskTag: random.oneIn(2) ? 0 : random.int(9),
    cid: 1,
    cmdSN,
    expStatSN: 0,
  };
  return stagesOf(random, chap).flatMap(({ transit, csg, nsg, text }) => {
    const bytes = utf8.encode(text.map((pair) => `${pair}\0`).join(""));
    const pdu = (part: Uint8Array, last: boolean): RawPdu =>
      loginRequest.encode({
        ...base,
        csg,
        nsg: last ? nsg : 0,
        transit: last && transit,
        continue: !last,
        data: dataSegmentOf(part),
      });
    if (bytes.byteLength < 2 || !random.oneIn(10)) return [pdu(bytes, true)];
    const cut = 1 + random.int(bytes.byteLength - 1);
    return [pdu(bytes.subarray(0, cut), false), pdu(bytes.subarray(cut), true)];
  });
}
