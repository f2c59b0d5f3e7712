/** SECURITY PROTOCOL OUT (SPC-5 6.41): the Set Data Encryption page (SSC-5 8.5.3). */
import { joinBuffer } from "../../bytes.ts";
import type { Call } from "../../call.ts";
import { uint } from "../../cdb.ts";
import { check, good, invalidFieldInCdb, invalidFieldInParameterList } from "../../completion.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, DataOut } from "../../task.ts";
import { type EncryptionParameters, noEncryption } from "../encryption/parameters.ts";
import { securityProtocol } from "../encryption/security-pages.ts";
import {
  parseSetDataEncryption,
  setDataEncryptionPage,
} from "../encryption/set-data-encryption.ts";
import type { TapeDrive } from "../tape-drive.ts";
import { driveCommand } from "./command.ts";

/** The page with a key and all descriptors is under 300 bytes; more is refused before a buffer is asked for. */
const parameterListLengthMax = 4096;

const clearingByte = 5;
const clearingBit = { ckod: 2, ckorp: 1, ckorl: 0 } as const;

/** A copy of the list; the transport's bytes are wiped, for a key may be among them. */
function takeSecret(data: DataOut): Buffer {
  const list = joinBuffer(...data.views);
  for (const view of data.views) view.fill(0);
  data.release();
  return list;
}

/** The bit, if any, that asks for an end at something that cannot come: there is no volume, or no reservation. */
function pointlessClearing(
  { readyMedium, persistentReservations, reservedBy }: TapeDrive,
  { nexus }: Call,
  clearOn: EncryptionParameters["clearOn"],
): number | undefined {
  const isPersistent =
    persistentReservations.reservation !== undefined &&
    persistentReservations.keyOf(nexus) !== undefined;
  if (clearOn.demount && readyMedium === undefined) return clearingBit.ckod;
  if (clearOn.reservationPreempt && !isPersistent) return clearingBit.ckorp;
  if (clearOn.reservationLoss && !isPersistent && reservedBy !== nexus) return clearingBit.ckorl;
  return undefined;
}

function setDataEncryption(drive: TapeDrive, call: Call, list: Buffer): Completion {
  const page = parseSetDataEncryption(list);
  list.fill(0);
  if ("fault" in page) return page.fault;
  const { clearOn = noEncryption.clearOn } = page.parameters ?? {};
  const wrong = pointlessClearing(drive, call, clearOn);
  if (wrong !== undefined) return invalidFieldInParameterList(clearingByte, wrong);
  drive.encryption.establish(call.nexus, page);
  return good();
}

export const securityProtocolOut = driveCommand({
  name: "SECURITY PROTOCOL OUT",
  opcode: 0xb5,
  direction: "out",
  cdb: {
    securityProtocol: uint(1, 1),
    securityProtocolSpecific: uint(2, 2),
    transferLength: uint(6, 4),
  },
  execute(drive, cdb, call) {
    if (cdb.securityProtocol !== securityProtocol.tapeDataEncryption) {
      return invalidFieldInCdb(1, 7);
    }
    if (cdb.securityProtocolSpecific !== setDataEncryptionPage) return invalidFieldInCdb(2, 7);
    const { transferLength } = cdb;
    if (transferLength === 0) return good();
    if (transferLength > parameterListLengthMax) return check("parameterListLengthError");
    return chain(call.receiveDataOut(transferLength), (data) => {
      const list = takeSecret(data);
      if (list.length < transferLength) return check("parameterListLengthError");
      return setDataEncryption(drive, call, list);
    });
  },
});
