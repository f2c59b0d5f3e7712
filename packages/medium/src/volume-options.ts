/** What a volume is made and opened with. */

export interface VolumeOptions {
  /** Segments are sealed before they grow past this. */
  readonly segmentBytesMax?: number;
  /** Bytes accepted and not yet written, past which answers wait. */
  readonly stagedBytesMax?: number;
  /**
   * To open only: the last process closed the volume, and nothing failed. Without it all that is found is made to last
   * once more, some milliseconds of a disk for each volume.
   */
  readonly isSettled?: boolean;
}

export interface NewVolume {
  readonly barcode: string;
  readonly capacityBytes: number;
  readonly worm: boolean;
  readonly pool: string | null;
  /** ISO 8601; there is no clock in here. */
  readonly createdAt: string;
  readonly uuid?: string;
}
