/**
 * Which library of the gateway a volume belongs to. Barcodes are the gateway's, not the library's: volumes share one
 * folder, so two libraries of a gateway cannot have the same barcode, and a barcode alone says where it belongs.
 */
export type LibraryOf = (barcode: string) => string;
