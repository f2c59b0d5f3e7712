/** NOP-Out (RFC 7143 11.18): answers a ping with the same data; takes the answer to our own. */
import { TAG_NONE } from "../pdu/bhs.ts";
import { dataSegmentOf, sliceViews } from "../pdu/data-segment.ts";
import { nopIn } from "../pdu/nop-in.ts";
import type { NopOut } from "../pdu/nop-out.ts";
import type { Session } from "../session.ts";

export function handleNopOut(session: Session, pdu: NopOut): undefined {
  // Without a task tag it is the answer to our ping, or only brings ExpStatSN: that it came is all we want.
  if (pdu.initiatorTaskTag === TAG_NONE) return;
  const { data } = pdu;
  const byteLength = Math.min(data.byteLength, session.initiatorDataSegmentBytesMax);
  const echo = dataSegmentOf(...sliceViews(data.views, 0, byteLength));
  data.retain();
  const answer = nopIn.encode({
    ...session.stamp(),
    lun: pdu.lun,
    initiatorTaskTag: pdu.initiatorTaskTag,
    targetTransferTag: TAG_NONE,
    data: echo,
  });
  session.send([answer], () => data.release());
}
