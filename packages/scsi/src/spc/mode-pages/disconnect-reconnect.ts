/** Disconnect-Reconnect mode page, 02h (SPC-5 7.5.11): nothing of it applies to iSCSI. */
import { fixedModePage } from "./mode-page.ts";

export const disconnectReconnectModePage = fixedModePage(
  0x02,
  "Disconnect-Reconnect",
  Array.from<number>({ length: 14 }).fill(0),
);
