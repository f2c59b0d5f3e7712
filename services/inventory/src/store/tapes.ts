/** Reading tapes: rows of the catalogue as the API shows them. */
import type { Tape } from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import type { Element, Tape as TapeRow } from "../../generated/prisma/client.ts";
import type { Transaction } from "../database.ts";
import type { TapeStatus } from "../tape-lifecycle.ts";

export interface TapeKey {
  readonly library: string;
  readonly barcode: string;
}

/** Bytes are exact: contracts bound every count by 2^53. */
const tapeView = (row: TapeRow, element: Element | undefined): Tape => ({
  barcode: row.barcode,
  status: row.status,
  gateway: row.gateway,
  library: row.library,
  sizeBytes: Number(row.sizeBytes),
  usedBytes: Number(row.usedBytes),
  uploadedBytes: Number(row.uploadedBytes),
  cachedBytes: Number(row.cachedBytes),
  pendingBytes: Number(row.pendingBytes),
  element: element === undefined ? null : { address: element.address, type: element.type },
  exportedAt: row.exportedAt?.toISOString() ?? null,
  worm: row.worm,
  pool: row.pool,
  generation: row.generation,
  kmsKeyId: row.kmsKeyId,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

const keyOf = ({ library, barcode }: TapeKey) => `${library}/${barcode}`;

async function withElements(database: Transaction, rows: readonly TapeRow[]): Promise<Tape[]> {
  const barcodes = rows.map((row) => row.barcode);
  const elements = await database.element.findMany({ where: { barcode: { in: barcodes } } });
  const places = new Map(elements.map((element) => [keyOf(element), element]));
  return rows.map((row) => tapeView(row, places.get(keyOf(row))));
}

/**
 * The tape of that barcode, or of that barcode in that library. Two gateways may each have brought a tape of one
 * barcode into the catalogue; then the library must be named (INVALID_REQUEST). Throws TAPE_NOT_FOUND.
 */
export async function findTape(
  database: Transaction,
  barcode: string,
  library: string | undefined,
): Promise<Tape> {
  const where = library === undefined ? { barcode } : { barcode, library };
  const rows = await database.tape.findMany({ where, orderBy: { library: "asc" }, take: 2 });
  const [tape] = await withElements(database, rows);
  if (tape === undefined) throw new ServiceError("TAPE_NOT_FOUND");
  if (rows.length > 1) {
    throw new ServiceError("INVALID_REQUEST", {
      field: "query.library",
      detail: "Several libraries have a tape of this barcode; name one.",
    });
  }
  return tape;
}

export interface TapeFilter {
  /** Without: every status but DELETED. */
  readonly status: TapeStatus | undefined;
  readonly prefix: string | undefined;
  readonly library: string | undefined;
  /** The last tape of the page before. */
  readonly after: TapeKey | null;
  readonly limit: number;
}

/** One page, in order of barcode and library; one tape more than `limit` when there is a next page. */
export async function listTapes(database: Transaction, filter: TapeFilter): Promise<Tape[]> {
  const { after } = filter;
  const rows = await database.tape.findMany({
    where: {
      status: filter.status ?? { not: "DELETED" },
      ...(filter.prefix === undefined ? {} : { barcode: { startsWith: filter.prefix } }),
      ...(filter.library === undefined ? {} : { library: filter.library }),
      ...(after === null
        ? {}
        : {
            OR: [
              { barcode: { gt: after.barcode } },
              { barcode: after.barcode, library: { gt: after.library } },
            ],
          }),
    },
    orderBy: [{ barcode: "asc" }, { library: "asc" }],
    take: filter.limit + 1,
  });
  return withElements(database, rows);
}
