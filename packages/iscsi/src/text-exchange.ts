/** A text exchange under way (RFC 7143 11.10): what has come so far, or what is still to go. */
export interface TextExchange {
  readonly initiatorTaskTag: number;
  readonly targetTransferTag: number;
  readonly received: readonly Uint8Array[];
  readonly toSend: Uint8Array | undefined;
}
