/** The port to the service that wraps data keys. Implementations throw VaultError with a KEY_… code. */
import type { WrappedKey } from "@reelhouse/contracts";

export type KeyContext = Readonly<Record<string, string>>;

export interface KeyService {
  /** A new 32-byte data key, wrapped; the plain key is dropped at once. Needed again, it is unwrapped. */
  createDataKey(context: KeyContext): Promise<WrappedKey>;
  /** The plain key: the caller's own copy, which the caller fills with zeros after use. */
  unwrap(wrapped: WrappedKey): Promise<Buffer>;
  /** For start-up: rejects with the fault that would stop every later call. */
  check(): Promise<void>;
  /** Forgets all plain keys and closes connections. */
  close(): void;
}

/** Runs `use` with the plain key and zeroes it afterwards, whatever happens. */
export const withDataKey = async <T>(
  keys: KeyService,
  wrapped: WrappedKey,
  use: (dataKey: Buffer) => Promise<T>,
): Promise<T> => {
  const dataKey = await keys.unwrap(wrapped);
  try {
    return await use(dataKey);
  } finally {
    dataKey.fill(0);
  }
};
