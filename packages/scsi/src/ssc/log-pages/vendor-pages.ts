/**
 * Log pages of LTO drives whose parameters tell of heads, channels and servo: Write Errors, 33h, Read Forward Errors,
 * 34h, DT Device Error, 35h, and Performance Characteristics, 37h (vendor specific). Programs read them when they dump
 * a drive. There is nothing of that kind here, so the pages are there and have no parameters.
 */
import type { LogPage } from "../../spc/log-pages/log-page.ts";

const emptyPage = (pageCode: number, name: string): LogPage => ({
  pageCode,
  name,
  parameters: () => [],
});

export const vendorPages: readonly LogPage[] = [
  emptyPage(0x33, "Write Errors"),
  emptyPage(0x34, "Read Forward Errors"),
  emptyPage(0x35, "DT Device Error"),
  emptyPage(0x37, "Performance Characteristics"),
];
