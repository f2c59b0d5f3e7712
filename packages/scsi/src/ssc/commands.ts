/** The command set of the tape drive, in the order of operation codes. */
import { type BoundCommand, inOrder } from "../cdb.ts";
import { spcCommands } from "../spc/commands.ts";
import { allowOverwrite } from "./commands/allow-overwrite.ts";
import { erase16 } from "./commands/erase-16.ts";
import { erase6 } from "./commands/erase-6.ts";
import { formatMedium } from "./commands/format-medium.ts";
import { loadUnload } from "./commands/load-unload.ts";
import { locate10, locate16 } from "./commands/locate.ts";
import { read16 } from "./commands/read-16.ts";
import { read6 } from "./commands/read-6.ts";
import {
  readAttributeList,
  readAttributePartitions,
  readAttributeSupported,
  readAttributeValues,
  readAttributeVolumes,
} from "./commands/read-attribute.ts";
import { readBlockLimits } from "./commands/read-block-limits.ts";
import { readMediaSerialNumber } from "./commands/read-media-serial-number.ts";
import {
  readPositionExtended,
  readPositionLong,
  readPositionShort,
  readPositionVendor,
} from "./commands/read-position.ts";
import { reportDensitySupport } from "./commands/report-density-support.ts";
import { rewind } from "./commands/rewind.ts";
import { securityProtocolIn } from "./commands/security-protocol-in.ts";
import { securityProtocolOut } from "./commands/security-protocol-out.ts";
import { setCapacity } from "./commands/set-capacity.ts";
import { space16, space6 } from "./commands/space.ts";
import { testUnitReady } from "./commands/test-unit-ready.ts";
import { verify16, verify6 } from "./commands/verify.ts";
import { write16 } from "./commands/write-16.ts";
import { write6 } from "./commands/write-6.ts";
import { writeFilemarks16 } from "./commands/write-filemarks-16.ts";
import { writeAttribute } from "./commands/write-attribute.ts";
import { writeFilemarks6 } from "./commands/write-filemarks-6.ts";
import type { TapeDrive } from "./tape-drive.ts";

export const driveCommands: readonly BoundCommand<TapeDrive>[] = inOrder<TapeDrive>([
  ...spcCommands,
  testUnitReady,
  rewind,
  readBlockLimits,
  read6,
  write6,
  writeFilemarks6,
  space6,
  erase6,
  loadUnload,
  locate10,
  readPositionShort,
  readPositionVendor,
  readPositionLong,
  readPositionExtended,
  reportDensitySupport,
  space16,
  locate16,
  securityProtocolIn,
  securityProtocolOut,
  formatMedium,
  setCapacity,
  verify6,
  writeFilemarks16,
  allowOverwrite,
  read16,
  write16,
  verify16,
  erase16,
  readMediaSerialNumber,
  readAttributeValues,
  readAttributeList,
  readAttributeVolumes,
  readAttributePartitions,
  readAttributeSupported,
  writeAttribute,
]);
