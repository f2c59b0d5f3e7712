/** Medium Configuration mode page, 1Dh (SSC-5 8.3.7): whether the cartridge is write-once, and what may be written over on it. */
import { readOnlyModePage } from "../../spc/mode-pages/mode-page.ts";
import type { Medium } from "../medium.ts";

const wormm = 0x01;
const length = 30;
/** Nothing may be written over: neither labels nor filemarks (SSC-5 tables 85 and 86). */
const restrictions = { labels: 0x00, filemarks: 0x01 } as const;

export const mediumConfigurationModePage = (medium: () => Medium | undefined) =>
  readOnlyModePage(0x1d, "Medium Configuration", () => {
    const data = new Uint8Array(length);
    if (medium()?.worm !== true) return data;
    data[0] = wormm;
    data[2] = restrictions.labels;
    data[3] = restrictions.filemarks;
    return data;
  });
