/** Device Configuration mode page, 10h (SSC-5 8.4.5). No early warning on reads (REW), no synchronize at early warning (SEW). */
import { type ModePage, unchangeableField } from "../../spc/mode-pages/mode-page.ts";
import { type ModeParameters, defaultModeParameters } from "../mode-parameters.ts";

const pageLength = 14;
const at = { activePartition: 1, objectFlags: 6, endFlags: 8, compressionAlgorithm: 12 } as const;
/** LOIS: logical object identifiers are kept, so LOCATE and READ POSITION work. */
const lois = 0x40;
/** EEG: the drive writes end-of-data itself. */
const eeg = 0x10;
/** SWP: write protected by the application client. */
const swp = 0x04;

function encode(parameters: Readonly<ModeParameters>, activePartition: number): Uint8Array {
  const data = new Uint8Array(pageLength);
  data[at.activePartition] = activePartition;
  data[at.objectFlags] = lois;
  data[at.endFlags] = eeg | (parameters.softwareWriteProtect ? swp : 0);
  // SELECT DATA COMPRESSION ALGORITHM says the same as DCE of page 0Fh.
  data[at.compressionAlgorithm] = parameters.compressionEnabled ? 1 : 0;
  return data;
}

const changeable = new Uint8Array(pageLength);
changeable[at.endFlags] = swp;
changeable[at.compressionAlgorithm] = 0x01;

export const deviceConfigurationModePage = (
  parameters: ModeParameters,
  activePartition: () => number,
): ModePage => ({
  pageCode: 0x10,
  name: "Device Configuration",
  current: () => encode(parameters, activePartition()),
  defaults: encode(defaultModeParameters, 0),
  changeable,
  // CAP is zero: ACTIVE PARTITION is not looked at, so a page read before a LOCATE is taken back after it.
  invalidField: (data) =>
    unchangeableField(encode(parameters, data[at.activePartition]!), changeable, data),
  apply: (data) => {
    parameters.softwareWriteProtect = (data[at.endFlags]! & swp) !== 0;
    parameters.compressionEnabled = data[at.compressionAlgorithm] !== 0;
  },
});
