/** Every limit of the medium, each with its reason. The sizes of the format itself stand beside their codecs. */

/** Default size of a segment: large enough for one PUT to be worth it, small enough to recall for one file. */
export const segmentBytesDefault = 64 * 1024 * 1024;

/** Index entries of one segment: 32 bytes each, so an index in memory is at most 2 MiB, whatever the block length. */
export const indexEntriesMax = 65_536;

/** Staged bytes past which a write's answer waits: eight batches, a few milliseconds of a slow disk. */
export const stagedBytesMax = 8 * 1024 * 1024;

/** Staged bytes for which a write to the disk begins unasked: four of the usual 64 KiB blocks, or one of 256 KiB. */
export const flushBytes = 256 * 1024;

/** A batch is closed at this size: past it a larger `writev` gains nothing. */
export const batchBytes = 1024 * 1024;

/** Buffers of one `writev`: IOV_MAX of Linux. */
export const writevBuffersMax = 1024;

/** Longest block: the LENGTH of WRITE(6) and READ(6) is 24 bits, and READ BLOCK LIMITS names no more. */
export const blockLengthMax = 0xff_ff_ff;

/** What an enciphered block may be longer: the drive's header with key-associated data, IV and tag, with room to grow. */
export const cipherBytesMax = 4096;

/** Filemarks of one run: its count is 32 bits in the record header and in the index. */
export const filemarkRunMax = 0xff_ff_ff_ff;

/** Partitions of a volume: as many as the format's names and an LTO drive allow (SSC-5 4.2.7; LTO-6 and later: 4). */
export const partitionsMax = 4;

/**
 * All attributes of a volume together: four times the 16 KiB chip of an LTO-9 cartridge, and still small enough to be
 * rewritten as a whole in volume.json and to travel in every manifest.
 */
export const attributeBytesMax = 64 * 1024;

/** Slabs for reads are this long; the gateway's slabs are too. */
export const slabBytes = 1024 * 1024;

/** How far ahead of a host that goes forward is read: more than a 1 MiB block, so that the next is there; two slabs a drive. */
export const readAheadBytes = 2 * 1024 * 1024;

/** Indexes of sealed segments kept in memory for each volume: the one read, its neighbours, one to spare. */
export const indexesCachedMax = 4;

/** A log smaller than this is never compacted; it is read in a millisecond. */
export const logCompactBytesMin = 1024 * 1024;

/** Of a log's end that is written once more at opening: more than all rows between two syncs of it. */
export const logTailBytes = 1024 * 1024;

/** Body of one log row: a receipt is about 1 KB; 1 MiB says "this length is torn". */
export const logRowBytesMax = 1024 * 1024;
