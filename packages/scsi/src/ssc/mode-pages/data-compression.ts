/** Data Compression mode page, 0Fh (SSC-5 8.4.3). DCE is obeyed: see blocks/block-path.ts. */
import type { ModePage } from "../../spc/mode-pages/mode-page.ts";
import { type ModeParameters, defaultModeParameters } from "../mode-parameters.ts";

const dce = 0x80;
const dcc = 0x40;
const dde = 0x80;
const pageLength = 14;

function encode(enabled: boolean): Uint8Array {
  const data = new Uint8Array(pageLength);
  data[0] = (enabled ? dce : 0) | dcc;
  data[1] = dde;
  return data;
}

export const dataCompressionModePage = (parameters: ModeParameters): ModePage => ({
  pageCode: 0x0f,
  name: "Data Compression",
  current: () => encode(parameters.compressionEnabled),
  defaults: encode(defaultModeParameters.compressionEnabled),
  savable: true,
  changeable: Uint8Array.of(dce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  apply: (data) => {
    parameters.compressionEnabled = (data[0]! & dce) !== 0;
  },
});
