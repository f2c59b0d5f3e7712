/** The barcodes of the tapes a new library is born with: RHS001L8, RHS002L8, … */
export const firstBarcodes = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `RHS${String(index + 1).padStart(3, "0")}L8`);
