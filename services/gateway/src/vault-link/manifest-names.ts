/** The names of manifests within the library: the ids of their jobs, and back. */

export interface ManifestRef {
  readonly barcode: string;
  readonly generation: number;
  readonly sequence: number;
}

const form = /^(?<barcode>[^/]+)\/g(?<generation>\d+)\/(?<sequence>\d+)$/;

export const manifestJobId = ({ barcode, generation, sequence }: ManifestRef): string =>
  `${barcode}/g${generation}/${sequence}`;

/** The inverse of `manifestJobId`; undefined for anything else. */
export function parseManifestJobId(id: string): ManifestRef | undefined {
  const groups = form.exec(id)?.groups;
  if (groups === undefined) return undefined;
  const { barcode = "", generation, sequence } = groups;
  return { barcode, generation: Number(generation), sequence: Number(sequence) };
}
