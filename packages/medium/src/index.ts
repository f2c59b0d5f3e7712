/** The medium: what is on a tape, and how it lies on disk. See DESIGN.md. */
export { Volume } from "./volume.ts";
export type { NewVolume, VolumeOptions } from "./volume-options.ts";
export type { VolumeDescription } from "./volume-description.ts";
export type { SegmentDigest } from "./segment-keeper.ts";
export type { RepairReport } from "./recovery.ts";
export type {
  DataIn,
  DataOut,
  LocateResult,
  MediumFault,
  Position,
  ReadResult,
  SegmentDescription,
  SegmentRef,
  Slab,
  SpaceResult,
  VolumeEvent,
  VolumePorts,
  WriteResult,
} from "./port.ts";
export type { Disk, DiskFile } from "./disk.ts";
export { nodeDisk } from "./node-disk.ts";
export { segmentBytesDefault, slabBytes } from "./limits.ts";
export { listVolumes, removeVolume } from "./volume-list.ts";
export { admission, type Admission, type CacheFigures } from "./admission.ts";
