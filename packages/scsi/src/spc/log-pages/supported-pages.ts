/** Supported Log Pages 00h, Supported Log Pages and Subpages 00h/FFh and Supported Subpages (SPC-5 7.3.17 to 7.3.19). */
import { be, join } from "../../bytes.ts";
import type { LogPage } from "./log-page.ts";

export const supportedLogPages = 0x00;
export const allSubpages = 0xff;
const subpageFormat = 0x40;

const byCode = (one: LogPage, other: LogPage) =>
  one.pageCode - other.pageCode || (one.subpageCode ?? 0) - (other.subpageCode ?? 0);

/** Page header; SPF with a subpage code. */
export function logPageData(
  pageCode: number,
  subpageCode: number | undefined,
  body: Uint8Array,
): Uint8Array {
  const first = subpageCode === undefined ? pageCode : pageCode | subpageFormat;
  return join(first, subpageCode ?? 0, be(body.length, 2), body);
}

/** Page codes, each once. */
export function supportedPagesData(pages: readonly LogPage[]): Uint8Array {
  const codes = new Set([
    supportedLogPages,
    ...[...pages].sort(byCode).map((each) => each.pageCode),
  ]);
  return logPageData(supportedLogPages, undefined, Uint8Array.from(codes));
}

/** Pairs of page code and subpage code: of all pages, or of one with all its subpages. */
export function supportedSubpagesData(pages: readonly LogPage[], pageCode: number): Uint8Array {
  const meant = pages.filter((each) => pageCode === 0 || each.pageCode === pageCode);
  const lists = [supportedLogPages, ...meant.map((each) => each.pageCode)];
  const listing = new Set(pageCode === supportedLogPages ? lists : [pageCode]);
  const pairs = [
    ...(pageCode === supportedLogPages ? [[0, 0]] : []),
    ...meant.map((each) => [each.pageCode, each.subpageCode ?? 0]),
    ...[...listing].map((code) => [code, allSubpages]),
  ];
  pairs.sort(([page = 0, subpage = 0], [otherPage = 0, otherSubpage = 0]) =>
    page === otherPage ? subpage - otherSubpage : page - otherPage,
  );
  return logPageData(pageCode, allSubpages, Uint8Array.from(pairs.flat()));
}
