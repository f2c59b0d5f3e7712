/** For tests: the unit attentions that wait for a session, told by TEST UNIT READY until there are none, as `ASC/ASCQ`. */
import type { ScsiDevice } from "@reelhouse/testing";

const unitAttention = 6;
const hex = (byte: number) => byte.toString(16).padStart(2, "0");

export async function attentionsOf(device: Pick<ScsiDevice, "session">): Promise<string[]> {
  const told: string[] = [];
  for (;;) {
    const { sense } = await device.session.command(Buffer.alloc(6));
    if (sense?.senseKey !== unitAttention) return told;
    told.push(`${hex(sense.additionalSenseCode)}/${hex(sense.additionalSenseCodeQualifier)}`);
  }
}
