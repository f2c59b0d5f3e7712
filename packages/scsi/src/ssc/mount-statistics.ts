/** What the drive counts while one cartridge is in it, for the log pages. */
export interface MountStatistics {
  bytesWritten: number;
  bytesRead: number;
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
