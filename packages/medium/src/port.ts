/**
 * The shapes by which a volume is used: the drive's Medium port (matched structurally; neither package imports the
 * other) and what a volume asks of its owner.
 */

export type MaybePromise<T> = T | Promise<T>;

/** Bytes of the host. Views into somebody's buffers: valid until `release`, which the volume calls exactly once. */
export interface DataOut {
  readonly views: readonly Uint8Array[];
  readonly byteLength: number;
  release(): void;
}

/** Bytes for the host; whoever sends them calls `release` once. */
export interface DataIn {
  readonly views: readonly Uint8Array[];
  readonly byteLength: number;
  release(): void;
}

export interface Position {
  readonly partition: number;
  readonly objectNumber: number;
  readonly fileNumber: number;
  readonly byteOffset: number;
  readonly endOfData: boolean;
}

export interface MediumFault {
  readonly kind: "fault";
  readonly fault: "full" | "write" | "read" | "recall";
  readonly reason: string;
  /** Nothing failed: `giveUpRecall` ended the wait. */
  readonly givenUp?: boolean;
}

/** What a block is marked with on the medium, besides its bytes. */
export interface BlockMarks {
  /** The bytes are not the host's but what a cipher made of them. */
  readonly enciphered?: boolean;
  /** The host switched compression off: the vault stores the block's segment as it is. */
  readonly uncompressed?: boolean;
}

export interface MediumPartition {
  readonly capacityBytes: number;
  readonly usedBytes: number;
  readonly objectCount: number;
  readonly filemarkCount: number;
}

/** A medium auxiliary memory attribute (SPC-5 7.4), opaque here. */
export interface MediumAttribute {
  readonly identifier: number;
  readonly format: 0 | 1 | 2;
  readonly value: Uint8Array;
}

export type WriteResult = { readonly kind: "written" } | MediumFault;

export type ReadResult =
  | {
      readonly kind: "block";
      readonly length: number;
      readonly data: DataIn;
      /** As it was marked; such a block is handed out whole, whatever was asked for. */
      readonly enciphered: boolean;
    }
  | { readonly kind: "filemark" }
  | { readonly kind: "endOfData" }
  | MediumFault;

export type SpaceStop = "count" | "filemark" | "beginningOfPartition" | "endOfData";
export type SpaceResult =
  | { readonly kind: "spaced"; readonly moved: number; readonly stop: SpaceStop }
  | MediumFault;

export type LocateResult =
  | { readonly kind: "located" }
  | { readonly kind: "endOfData" }
  | MediumFault;

/** A buffer with owners: whoever gets it from `acquire` owns it once; the last `release` gives it back. */
export interface Slab {
  readonly bytes: Uint8Array;
  retain(): void;
  release(): void;
}

/** Names a segment for ever; without its generation a late receipt could reach the wrong segment. */
export interface SegmentRef {
  readonly generation: number;
  readonly partition: number;
  readonly number: number;
}

export interface VolumePorts {
  /** May `bytes` more go into the cache? False: the write is refused with fault `full`. */
  admit(bytes: number): MaybePromise<boolean>;
  /** Puts the segment's file back in its place (written beside, synced, renamed). Rejects when it cannot. */
  recall(segment: SegmentDescription): Promise<void>;
  /** A hint: these will be read soon and are not here. */
  recallAhead?(segments: readonly SegmentDescription[]): void;
  readonly buffers: { acquire(): Slab };
  /** Told after the fact, in order; must not throw. */
  onEvent?(event: VolumeEvent): void;
}

export interface SegmentDescription extends SegmentRef {
  readonly state: "open" | "sealed" | "uploaded" | "evicted" | "recalling" | "lost";
  /** Logical objects [firstObject, endObject) and filemarks [firstFilemark, endFilemark), counted from the partition's BOP. */
  readonly firstObject: number;
  readonly endObject: number;
  readonly firstFilemark: number;
  readonly endFilemark: number;
  /** Medium bytes: records with their headers. */
  readonly usedBytes: number;
  /** File bytes that belong to the volume: to the cut, or to the index. */
  readonly dataEndBytes: number;
  /** Whole file; once sealed, for ever. */
  readonly segmentBytes: number;
  /** A block in it was written with compression switched off: it goes to the store uncompressed. */
  readonly uncompressed: boolean;
  /** Bytes of the object in the store; 0 without a receipt. */
  readonly objectBytes: number;
  /** Relative to the media folder. */
  readonly path: string;
}

/**
 * `sealed`, `uploaded` and `cut` are told when they are on stable storage. `cut` names the last segment of the partition
 * after an overwrite or erasure behind BOP, open or sealed: it may end earlier than was told before. `attributes`: they
 * are others now, on stable storage.
 */
export type VolumeEvent =
  | {
      readonly type: "sealed" | "uploaded" | "evicted" | "recalled" | "cut" | "dropped";
      readonly segment: SegmentDescription;
    }
  | { readonly type: "generation"; readonly generation: number }
  | { readonly type: "attributes"; readonly identifiers: readonly number[] };

/** Events about one segment. */
export type SegmentEventType = Extract<VolumeEvent, { readonly segment: unknown }>["type"];

export const written = { kind: "written" } as const;

export const fault = (kind: MediumFault["fault"], reason: string): MediumFault => ({
  kind: "fault",
  fault: kind,
  reason,
});
