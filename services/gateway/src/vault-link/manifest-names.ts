/** The names of manifests: the ids of their jobs, and back. Several gateways may share one queue. */

export interface ManifestRef {
  readonly library: string;
  readonly barcode: string;
  readonly generation: number;
  readonly sequence: number;
}

const form = /^(?<library>[^/]+)\/(?<barcode>[^/]+)\/g(?<generation>\d+)\/(?<sequence>\d+)$/;

export const manifestJobId = ({ library, barcode, generation, sequence }: ManifestRef): string =>
  `${library}/${barcode}/g${generation}/${sequence}`;

/** The inverse of `manifestJobId`; undefined for anything else. */
export function parseManifestJobId(id: string): ManifestRef | undefined {
  const groups = form.exec(id)?.groups;
  if (groups === undefined) return undefined;
  const { library = "", barcode = "", generation, sequence } = groups;
  return { library, barcode, generation: Number(generation), sequence: Number(sequence) };
}
