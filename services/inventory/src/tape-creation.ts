/**
 * POST /v1/tapes: first a row CREATING, so that the barcode is taken and the wish outlives this process; then the
 * gateway makes the volume; its event volume.created makes the row AVAILABLE.
 *
 *   the gateway …     → the row              → the answer
 *   made it           → AVAILABLE by event   → 201 with the tape
 *   would not         → withdrawn            → its reason
 *   was not reached   → withdrawn            → GATEWAY_UNAVAILABLE
 *   may have made it  → stays CREATING       → GATEWAY_UNAVAILABLE; the same request may be sent again
 */
import type { createTapeBody, Tape } from "@reelhouse/contracts";
import { ServiceError } from "@reelhouse/service-kit";
import type { z } from "zod";
import { type Database, isDuplicate, type Transaction } from "./database.ts";
import type { GatewayAnswer, GatewayClient } from "./gateway-client.ts";
import { findTape, type TapeKey } from "./store/tapes.ts";
import { waitUntil } from "./tape-wait.ts";

/** What is to be made: what was asked for, with its size settled. */
export interface WantedTape extends z.infer<typeof createTapeBody> {
  readonly sizeBytes: number;
}

/** A row CREATING for longer than any request takes is nobody's: the same request may take it over. */
export const creationLeaseMs = 30_000;

interface Reservation extends TapeKey {
  /** An earlier request may have made the volume already. */
  readonly isResumed: boolean;
}

/** The library that is named, or the first of the gateway that spoke last: the control API reaches one gateway. */
async function targetLibrary(
  database: Transaction,
  name: string | undefined,
): Promise<{ name: string; gateway: string }> {
  if (name !== undefined) {
    const named = await database.library.findUnique({ where: { name } });
    if (named === null) throw new ServiceError("LIBRARY_NOT_FOUND", { field: "body.library" });
    return named;
  }
  const libraries = await database.library.findMany({ orderBy: { describedAt: "desc" } });
  const library = libraries.find((each) => each.name === each.gateway) ?? libraries[0];
  if (library !== undefined) return library;
  throw new ServiceError("GATEWAY_UNAVAILABLE", {
    detail: "No gateway has described its library yet.",
  });
}

async function resume(database: Database, body: WantedTape, now: Date): Promise<Reservation> {
  const row = await database.tape.findFirst({ where: { barcode: body.barcode } });
  const leaseEnds = (row?.updatedAt.getTime() ?? 0) + creationLeaseMs;
  if (row === null || row.status !== "CREATING") throw new ServiceError("TAPE_EXISTS");
  const { library, barcode, updatedAt } = row;
  // Only one of several requests sees the row as it was.
  const { count } = await database.tape.updateMany({
    where: {
      library,
      barcode,
      status: "CREATING",
      updatedAt,
      AND: { updatedAt: { lt: new Date(now.getTime() - creationLeaseMs) } },
    },
    data: { sizeBytes: BigInt(body.sizeBytes), worm: body.worm, pool: body.pool, updatedAt: now },
  });
  if (count === 1) return { library, barcode, isResumed: true };
  throw new ServiceError("TAPE_EXISTS", {
    detail: `It is being created; the same request may be sent again after ${new Date(leaseEnds).toISOString()}.`,
  });
}

async function reserve(database: Database, body: WantedTape, now: Date): Promise<Reservation> {
  const { barcode } = body;
  if ((await database.tape.count({ where: { barcode } })) > 0) return resume(database, body, now);
  const { name: library, gateway } = await targetLibrary(database, body.library);
  const none = { usedBytes: 0n, uploadedBytes: 0n, cachedBytes: 0n, pendingBytes: 0n };
  const { worm, pool } = body;
  const row = { library, barcode, gateway, generation: 1, worm, pool, ...none };
  try {
    await database.tape.create({
      data: {
        ...row,
        status: "CREATING",
        sizeBytes: BigInt(body.sizeBytes),
        createdAt: now,
        updatedAt: now,
      },
    });
  } catch (error) {
    if (isDuplicate(error)) throw new ServiceError("TAPE_EXISTS", { cause: error });
    throw error;
  }
  return { library, barcode, isResumed: false };
}

/** The volume never came into being, so its barcode is free again. A row that an event made AVAILABLE stays. */
async function withdraw(database: Database, { library, barcode }: TapeKey): Promise<void> {
  await database.tape.deleteMany({ where: { library, barcode, status: "CREATING" } });
}

async function settle(
  database: Database,
  reservation: Reservation,
  answer: Exclude<GatewayAnswer, { kind: "done" }>,
): Promise<void> {
  if (answer.kind === "refused") {
    // The gateway has it from the request whose answer was lost.
    if (answer.code === "TAPE_EXISTS" && reservation.isResumed) return;
    await withdraw(database, reservation);
    throw new ServiceError(answer.code, { cause: answer.message });
  }
  const isPossible = answer.kind === "unknown" || reservation.isResumed;
  if (!isPossible) await withdraw(database, reservation);
  const detail =
    "The tape may have been created; look at it, or send the same request again later.";
  throw new ServiceError("GATEWAY_UNAVAILABLE", {
    cause: answer.cause,
    ...(isPossible ? { detail } : {}),
  });
}

/** Makes a tape, or throws the row of ERRORS that says why not. Waits shortly for the gateway's event. */
export async function createTape(
  database: Database,
  gateway: GatewayClient,
  body: WantedTape,
): Promise<Tape> {
  const reservation = await reserve(database, body, new Date());
  const { barcode, worm, pool, element } = body;
  const answer = await gateway.createVolume({
    barcode,
    capacityBytes: body.sizeBytes,
    worm,
    pool,
    element,
    library: reservation.library,
  });
  if (answer.kind !== "done") await settle(database, reservation, answer);
  let tape = await findTape(database, barcode, reservation.library);
  await waitUntil(async () => {
    tape = await findTape(database, barcode, reservation.library);
    // volume.created comes first, and the cartridge's first place after it.
    return tape.status === "AVAILABLE" && tape.element !== null;
  });
  return tape;
}
