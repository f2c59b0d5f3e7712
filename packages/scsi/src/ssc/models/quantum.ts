/** Quantum's drives: "ULTRIUM-HHn", made by IBM from LTO-5 on, with IBM's pages. */
import type { DriveModel } from "./drive-model.ts";
import { ibmMade } from "./ibm.ts";

const quantum = ibmMade("QUANTUM");

export const quantumDrives: readonly DriveModel[] = [
  quantum("ULTRIUM-HH5", "L5", "H976"),
  quantum("ULTRIUM-HH6", "L6", "J5T0"),
  quantum("ULTRIUM-HH7", "L7", "M9Q1"),
  quantum("ULTRIUM-HH8", "L8", "R3G3"),
  quantum("ULTRIUM-HH9", "L9", "S2G1"),
];
