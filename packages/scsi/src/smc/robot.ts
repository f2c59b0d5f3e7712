/**
 * The port of the medium changer: the library's elements (SMC-3 3.1) and the one action on them. The gateway owns
 * what lies where and writes it down before a move is answered.
 */
import type { MaybePromise } from "../task.ts";

export type ElementType = "transport" | "storage" | "importExport" | "dataTransfer";

export interface Element {
  /** Element address. */
  readonly address: number;
  readonly type: ElementType;
  /** The volume tag of the cartridge in it; undefined when empty. */
  readonly barcode: string | undefined;
  /** The storage element the cartridge came from (SVALID); undefined when not known. */
  readonly sourceAddress: number | undefined;
  /** Import/export: put in by an operator (true) or by the changer (false): the IMPEXP bit. */
  readonly enteredByOperator: boolean;
  /** Data transfer: the drive's identity for DVCID, and what ACCESS depends on; undefined when no drive is there. */
  readonly drive?:
    | {
        readonly vendor: string;
        readonly product: string;
        readonly serialNumber: string;
        /** No initiator prevents removal from it. */
        readonly accessible: boolean;
        /** It was not told to unload what is in it. */
        readonly threaded: boolean;
      }
    | undefined;
}

export interface ElementRange {
  readonly firstAddress: number;
  readonly count: number;
}

export type MoveResult =
  | { readonly kind: "moved" }
  | {
      readonly kind: "refused";
      readonly reason:
        | "sourceEmpty"
        | "destinationFull"
        | "medium removal prevented"
        | "drive not unloaded"
        | "drive not ready"
        /** The drive could not let go, or not take it: the cartridge is where it was, or in the drive. */
        | "unload failed"
        | "load failed"
        | "fault";
      readonly detail: string;
    };

export interface Robot {
  readonly ranges: Readonly<Record<ElementType, ElementRange>>;
  /** The elements with addresses from `firstAddress` on, at most `countMax`, in order of address, of `type` or of all types. */
  elements(type: ElementType | "all", firstAddress: number, countMax: number): readonly Element[];
  /** Moves a cartridge; the addresses exist and differ. Durable when it answers "moved"; a drive then answers as ready. */
  move(sourceAddress: number, destinationAddress: number): MaybePromise<MoveResult>;
}
