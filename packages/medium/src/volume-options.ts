/** What a volume is made and opened with. */

export interface VolumeOptions {
  /** Segments are sealed before they grow past this. */
  readonly segmentBytesMax?: number;
  /** Bytes accepted and not yet written, past which answers wait. */
  readonly stagedBytesMax?: number;
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
