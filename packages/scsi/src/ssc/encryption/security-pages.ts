/** The pages of SECURITY PROTOCOL IN by protocol and number (SPC-5 7.7.2, SSC-5 8.5.2). */
import { randomBytes } from "node:crypto";
import { be, join } from "../../bytes.ts";
import { chain } from "../../maybe-promise.ts";
import type { Completion, MaybePromise, Nexus } from "../../task.ts";
import { check } from "../../completion.ts";
import type { TapeDrive } from "../tape-drive.ts";
import {
  dataEncryptionCapabilities,
  managementCapabilities,
  supportedKeyFormats,
} from "./capabilities-pages.ts";
import { nextBlockStatus } from "./next-block-status.ts";
import { setDataEncryptionPage } from "./set-data-encryption.ts";
import { dataEncryptionStatus } from "./status-page.ts";

/** SECURITY PROTOCOL. */
export const securityProtocol = { information: 0x00, tapeDataEncryption: 0x20 } as const;

/** A page's bytes, or the completion that stands for it. */
type Page = (drive: TapeDrive, nexus: Nexus) => MaybePromise<Uint8Array | Completion>;

const randomNumberLength = 32;

/** Page code and length come before what the page has to say. */
const withHeader =
  (code: number, body: Page): Page =>
  (drive, nexus) =>
    chain(body(drive, nexus), (bytes) =>
      bytes instanceof Uint8Array ? join(be(code, 2), be(bytes.length, 2), bytes) : bytes,
    );

const codes = (numbers: readonly number[]) => join(...numbers.map((number) => be(number, 2)));

const nextBlock: Page = (drive, nexus) => {
  const medium = drive.readyMedium;
  if (medium === undefined) return check("mediumNotPresent");
  const { parameters } = drive.encryption.inForce(nexus);
  return chain(nextBlockStatus(medium, parameters), (bytes) =>
    bytes instanceof Uint8Array ? bytes : drive.fault(bytes),
  );
};

const tapeDataEncryptionPages: Readonly<Record<number, Page>> = {
  0x0000: () => codes(Object.keys(tapeDataEncryptionPages).map(Number)),
  0x0001: () => codes([setDataEncryptionPage]),
  0x0010: (drive) => dataEncryptionCapabilities(drive.readyMedium !== undefined),
  0x0011: supportedKeyFormats,
  0x0012: managementCapabilities,
  0x0020: (drive, nexus) => dataEncryptionStatus(drive.encryption.inForce(nexus)),
  0x0021: nextBlock,
  0x0030: () => randomBytes(randomNumberLength),
};

/** Supported security protocols and certificates (SPC-5 7.7.2.2, 7.7.2.3); there is no certificate. */
const informationPages: Readonly<Record<number, Page>> = {
  0x0000: () => {
    const protocols = Object.values(securityProtocol);
    return join(new Uint8Array(6), be(protocols.length, 2), Uint8Array.from(protocols));
  },
  0x0001: () => new Uint8Array(4),
};

/** The page of that number in that protocol, with its header; undefined when there is none. */
export function securityPage(protocol: number, code: number): Page | undefined {
  if (protocol === securityProtocol.information) return informationPages[code];
  const page = tapeDataEncryptionPages[code];
  return page === undefined ? undefined : withHeader(code, page);
}
