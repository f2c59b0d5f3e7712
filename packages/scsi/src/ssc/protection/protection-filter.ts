/** The block filter of logical block protection (SSC-5 4.2.29): checks and takes off on writing, appends on reading. */
import { chain } from "../../maybe-promise.ts";
import { type BlockFilter, type ReadBlock, refused } from "../blocks/block-filter.ts";
import { blocksOf, gather, viewsBetween } from "../blocks/block-views.ts";
import { Turns, eachBlock } from "../blocks/yielding.ts";
import { type Guard, informationLength } from "./methods.ts";

/** LBP_W and LBP_R. */
export interface ProtectedDirections {
  readonly write: boolean;
  readonly read: boolean;
}

/** The block without its protection information; undefined when that is not the block's. */
function unguarded(
  guard: Guard,
  block: readonly Uint8Array[],
  blockLength: number,
): readonly Uint8Array[] | undefined {
  const data = viewsBetween(block, 0, blockLength - informationLength);
  const sent = gather(viewsBetween(block, blockLength - informationLength, blockLength), 4);
  return guard(data).equals(sent) ? data : undefined;
}

/** The block as it is transferred: information is there only as far as the host asks beyond the block's end. */
function guarded(guard: Guard, block: ReadBlock, byteLengthMax: number): ReadBlock {
  const length = block.length + informationLength;
  const { data } = block;
  const room = byteLengthMax - block.length;
  if (room <= 0) return { ...block, length };
  const information = guard(data.views).subarray(0, room);
  return {
    ...block,
    length,
    data: {
      views: [...data.views, information],
      byteLength: data.byteLength + information.length,
      release: () => data.release(),
    },
  };
}

export function protectionFilter(
  guard: Guard,
  { write, read }: ProtectedDirections,
  nextTurn: () => Promise<void>,
): BlockFilter {
  const turns = new Turns(nextTurn);
  const ownLength = write ? informationLength : 0;
  return {
    writeInformationLength: ownLength,
    readInformationLength: read ? informationLength : 0,
    mediumLength: (transferLength) => Math.max(transferLength - ownLength, 0),
    toMedium(data, blockLength) {
      if (!write) return { kind: "blocks", data, blockLength, marks: {} };
      const length = blockLength - informationLength;
      // All are checked before one is written: a transfer is written as a whole or not at all.
      const checked =
        length <= 0
          ? undefined
          : eachBlock(turns, blocksOf(data.views, blockLength), blockLength, (block) =>
              unguarded(guard, block, blockLength),
            );
      return chain(checked, (blocks) => {
        if (blocks === undefined) {
          data.release();
          return refused("logicalBlockGuardCheckFailed");
        }
        const bare = {
          views: blocks.flat(),
          byteLength: blocks.length * length,
          release: () => data.release(),
        };
        return { kind: "blocks", data: bare, blockLength: length, marks: {} };
      });
    },
    fromMedium(block, byteLengthMax) {
      if (!read) return block;
      const given = guarded(guard, block, byteLengthMax);
      return turns.after(block.length)?.then(() => given) ?? given;
    },
  };
}

/** Both filters, as the host sees them: `outer` next to the host, `inner` next to the medium. */
export const composed = (outer: BlockFilter, inner: BlockFilter): BlockFilter => ({
  writeInformationLength: outer.writeInformationLength + inner.writeInformationLength,
  readInformationLength: outer.readInformationLength + inner.readInformationLength,
  mediumLength: (transferLength) => inner.mediumLength(outer.mediumLength(transferLength)),
  toMedium: (data, blockLength) =>
    chain(outer.toMedium(data, blockLength), (blocks) =>
      blocks.kind === "refused" ? blocks : inner.toMedium(blocks.data, blocks.blockLength),
    ),
  fromMedium: (block, byteLengthMax) =>
    chain(inner.fromMedium(block, byteLengthMax), (given) =>
      given.kind === "refused" ? given : outer.fromMedium(given, byteLengthMax),
    ),
});
