/** What the drive counts while one cartridge is in it. The hot path only adds to these. */
export interface MountStatistics {
  bytesWritten: number;
  bytesRead: number;
  /** Failures that could not be mended, each told to a host as MEDIUM ERROR or HARDWARE ERROR. */
  writeErrors: number;
  readErrors: number;
  /** How often the position came back to BOP by REWIND or LOCATE. */
  beginningOfMediumPasses: number;
}

export function newMountStatistics(): MountStatistics {
  return {
    bytesWritten: 0,
    bytesRead: 0,
    writeErrors: 0,
    readErrors: 0,
    beginningOfMediumPasses: 0,
  };
}

/** What was counted after `base` was taken: LOG SELECT sets log counters to zero, and the volume's totals go on. */
export function countedSince(now: MountStatistics, base: MountStatistics): MountStatistics {
  return {
    bytesWritten: now.bytesWritten - base.bytesWritten,
    bytesRead: now.bytesRead - base.bytesRead,
    writeErrors: now.writeErrors - base.writeErrors,
    readErrors: now.readErrors - base.readErrors,
    beginningOfMediumPasses: now.beginningOfMediumPasses - base.beginningOfMediumPasses,
  };
}
