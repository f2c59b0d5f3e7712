/** A slice of the fuzzer, the corpus, and proof that the judge would say something. */
import { expect, test } from "vitest";
import { noDigests, toWire } from "../pdu/codec.ts";
import { dataSegmentOf, joinViews } from "../pdu/data-segment.ts";
import { nopOut } from "../pdu/nop-out.ts";
import { reject } from "../pdu/reject.ts";
import { scsiResponse } from "../pdu/scsi-response.ts";
import { TAG_NONE } from "../pdu/bhs.ts";
import type { RawPdu } from "../pdu/codec.ts";
import { decodeTargetPdu } from "../pdu/pdus.ts";
import { ProtocolError, rejectReasons } from "../protocol-error.ts";
import { replay } from "./conversation.ts";
import { readCorpus } from "./corpus.ts";
import { FuzzDevice } from "./fuzz-device.ts";
import { Judge } from "./judge.ts";
import { runSlice } from "./slice.ts";
import { formatConversation, parseConversation } from "./steps.ts";

/** Some fifteen seconds on a machine that has other things to do. `npm run fuzz` takes any number. */
const PDUS = 100_000;

test("a slice of conversations that break the rules → no throw, no answer that breaks the RFC, all lent comes back", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const { failure, pdus } = await runSlice({ seed, pdus: PDUS });
  expect(failure, `npm run fuzz -- --seed ${seed}`).toBeUndefined();
  expect(pdus).toBeGreaterThanOrEqual(PDUS);
}, 120_000);

test.each(readCorpus())("the corpus: $outcome → still said, and nothing wrong", async (entry) => {
  const { faults, outcomes } = await replay(entry.conversation);
  expect(faults).toEqual([]);
  expect([...outcomes]).toContain(entry.outcome);
});

test("a conversation written down → reads as the same", () => {
  const [first] = readCorpus();
  const text = formatConversation(first?.conversation ?? { world: neverWorld, steps: [] });
  expect(formatConversation(parseConversation(text))).toBe(text);
});
const neverWorld = { window: 1, chap: false, exclusive: false, moved: false };

const numbers = { statSN: 5, expCmdSN: 9, maxCmdSN: 9 };
const response = {
  ...numbers,
  bidirectionalReadResidualOverflow: false,
  bidirectionalReadResidualUnderflow: false,
  bidirectionalReadResidualCount: 0,
  residualOverflow: false,
  residualUnderflow: false,
  residualCount: 0,
  response: 0,
  status: 0,
  initiatorTaskTag: 1,
  snackTag: 0,
  expDataSN: 0,
};
const ping = nopOut.encode({
  immediate: true,
  lun: new Uint8Array(8),
  initiatorTaskTag: 1,
  targetTransferTag: TAG_NONE,
  cmdSN: 9,
  expStatSN: 5,
});

/** What a judge says of these PDUs, one after the other, when a tag of 1 was used. */
function judged(...raws: readonly RawPdu[]): (string | undefined)[] {
  const judge = new Judge(new FuzzDevice());
  judge.sent(joinViews(toWire(ping, noDigests)));
  return raws.map((raw) => {
    const pdu = decodeTargetPdu(raw);
    return pdu instanceof ProtocolError ? pdu.detail : judge.pdu(pdu, raw);
  });
}
const rejectOf = (reason: number, header: Uint8Array): RawPdu =>
  reject.encode({ ...numbers, reason, dataSN: 0, data: dataSegmentOf(header) });

test.each([
  [
    "a StatSN left out",
    [scsiResponse.encode(response), scsiResponse.encode({ ...response, statSN: 7 })],
    /StatSN 7 instead of 6/,
  ],
  [
    "MaxCmdSN two below ExpCmdSN",
    [scsiResponse.encode({ ...response, maxCmdSN: 7 })],
    /MaxCmdSN is below/,
  ],
  [
    "a tag that nobody used",
    [scsiResponse.encode({ ...response, initiatorTaskTag: 2 })],
    /nobody used/,
  ],
  [
    "O and U",
    [scsiResponse.encode({ ...response, residualOverflow: true, residualUnderflow: true })],
    /over and under/,
  ],
  [
    "CHECK CONDITION without sense",
    [scsiResponse.encode({ ...response, status: 2 })],
    /without sense/,
  ],
  ["a Reject for no reason", [rejectOf(0, ping.bhs)], /reason 0/],
  [
    "a Reject of another header",
    [rejectOf(rejectReasons["Protocol Error"], new Uint8Array(48))],
    /never sent/,
  ],
] as const)("the judge hears of %s → says so", (_what, raws, wanted) => {
  expect(judged(...raws).at(-1)).toMatch(wanted);
});

test("the judge hears of an answer that is right → says nothing", () => {
  expect(judged(scsiResponse.encode(response))).toEqual([undefined]);
});
