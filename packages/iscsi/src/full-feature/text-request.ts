/**
 * Text Request in full feature phase (RFC 7143 11.10, 11.11): SendTargets, and a new MaxRecvDataSegmentLength. Text
 * longer than one PDU, in either direction, goes on under one Target Transfer Tag.
 */
import { loginKeys, parseNumber } from "../login/keys.ts";
import { TAG_NONE } from "../pdu/bhs.ts";
import { dataSegmentOf, joinViews, sliceViews } from "../pdu/data-segment.ts";
import { decodeText, encodeText, type TextPair } from "../pdu/text.ts";
import type { TextRequest } from "../pdu/text-request.ts";
import { textResponse } from "../pdu/text-response.ts";
import { ProtocolError } from "../protocol-error.ts";
import type { Session } from "../session.ts";

function sendTargets(session: Session, value: string): TextPair[] {
  const own = session.identity.targetName;
  const targets = session.home.targetsFor(session.identity.initiatorName);
  // RFC 7143 Appendix C: "All" belongs to discovery sessions; "" to normal ones, where it means the session's target.
  const discovery = session.identity.sessionType === "Discovery";
  if (discovery ? value === "" : value === "All") return [["SendTargets", "Reject"]];
  const wanted = (value === "" ? own : value)?.toLowerCase();
  const shown = targets.filter(
    ({ name }) => (value === "All" || name.toLowerCase() === wanted) && (discovery || name === own),
  );
  const portals = session.transport.announced;
  return shown.flatMap((target) => [
    ["TargetName", target.name] as const,
    ...portals.map(
      ({ address, portalGroupTag }) => ["TargetAddress", `${address},${portalGroupTag}`] as const,
    ),
  ]);
}

function answerTo(session: Session, [key, value]: TextPair): TextPair[] {
  if (key === "SendTargets") return sendTargets(session, value);
  if (key === "MaxRecvDataSegmentLength") {
    const bytes = parseNumber(value, 512, 2 ** 24 - 1);
    if (bytes === undefined) return [[key, "Reject"]];
    session.initiatorDataSegmentBytesMax = bytes;
    return [];
  }
  if (key === "InitiatorAlias") return [];
  // What belongs into a login is understood, and not negotiated again here (RFC 7143 13).
  return [[key, loginKeys.has(key) ? "Reject" : "NotUnderstood"]];
}

function respond(session: Session, pdu: TextRequest, text: Uint8Array): void {
  const bytesMax = session.initiatorDataSegmentBytesMax;
  const more = text.byteLength > bytesMax;
  // An initiator that has not set F has more to say, and is not cut short (RFC 7143 11.11.1).
  const final = !more && pdu.final;
  const targetTransferTag = final ? TAG_NONE : session.nextTransferTag();
  session.text = final
    ? undefined
    : {
        initiatorTaskTag: pdu.initiatorTaskTag,
        targetTransferTag,
        received: [],
        toSend: more ? text.subarray(bytesMax) : undefined,
      };
  sendText(session, pdu, targetTransferTag, text.subarray(0, bytesMax), more);
}

function sendText(
  session: Session,
  pdu: TextRequest,
  targetTransferTag: number,
  text: Uint8Array,
  more: boolean,
): void {
  const answer = textResponse.encode({
    ...session.stamp(),
    final: targetTransferTag === TAG_NONE,
    // C says that a key or value goes on; F alone is clear when we only wait for more of the request.
    continue: more,
    lun: pdu.lun,
    initiatorTaskTag: pdu.initiatorTaskTag,
    targetTransferTag,
    data: dataSegmentOf(text),
  });
  session.send([answer]);
}

function goOn(session: Session, pdu: TextRequest, received: readonly Uint8Array[]): void {
  const targetTransferTag = session.nextTransferTag();
  session.text = {
    initiatorTaskTag: pdu.initiatorTaskTag,
    targetTransferTag,
    received,
    toSend: undefined,
  };
  sendText(session, pdu, targetTransferTag, new Uint8Array(0), false);
}

export function handleTextRequest(session: Session, pdu: TextRequest): ProtocolError | undefined {
  // A new exchange (TTT reserved) ends the one before (RFC 7143 11.10.4).
  const exchange = pdu.targetTransferTag === TAG_NONE ? undefined : session.text;
  session.text = undefined;
  if (pdu.targetTransferTag !== TAG_NONE) {
    const continues =
      exchange?.targetTransferTag === pdu.targetTransferTag &&
      exchange.initiatorTaskTag === pdu.initiatorTaskTag;
    if (!continues) return new ProtocolError("Invalid PDU Field", "no such text exchange");
  }
  if (exchange?.toSend !== undefined) {
    respond(session, pdu, exchange.toSend);
    return undefined;
  }
  const received = [
    ...(exchange?.received ?? []),
    joinViews(sliceViews(pdu.data.views, 0, pdu.data.byteLength)),
  ];
  const receivedBytes = received.reduce((sum, part) => sum + part.byteLength, 0);
  if (receivedBytes > session.home.limits.textBytesMax) {
    return new ProtocolError("Protocol Error", "the text is longer than we take");
  }
  if (pdu.continue) {
    goOn(session, pdu, received);
    return undefined;
  }
  const pairs = decodeText(joinViews(received));
  if (pairs === undefined) return new ProtocolError("Protocol Error", "the text is malformed");
  respond(
    session,
    pdu,
    joinViews(encodeText(pairs.flatMap((pair) => answerTo(session, pair))).views),
  );
  return undefined;
}
