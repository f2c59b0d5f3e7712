/** What a KMS operation is, and the readers of its request's fields. */
import { KmsError } from "../errors.ts";
import type { EncryptionContext } from "./ciphertext.ts";
import type { KmsKeys } from "./keys.ts";

export interface KmsRequest {
  /** ValidationException if it is missing or no string. */
  text(name: string): string;
  optionalText(name: string): string | undefined;
  optionalNumber(name: string): number | undefined;
  /** base64. */
  bytes(name: string): Buffer;
  context(name?: string): EncryptionContext;
}

export interface KmsOperation {
  /** As in `X-Amz-Target: TrentService.<name>`. */
  readonly name: string;
  execute(request: KmsRequest, keys: KmsKeys): Record<string, unknown>;
}

const invalid = (name: string): KmsError =>
  new KmsError("ValidationException", `1 validation error detected: '${name}'`);

const isStringRecord = (value: unknown): value is EncryptionContext =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((item) => typeof item === "string");

export const readRequest = (body: string): KmsRequest => {
  const fields = parse(body);
  const optionalText = (name: string): string | undefined => {
    const value = fields[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "string") throw invalid(name);
    return value;
  };
  const text = (name: string): string => {
    const value = optionalText(name);
    if (value === undefined) throw invalid(name);
    return value;
  };
  return {
    text,
    optionalText,
    optionalNumber(name) {
      const value = fields[name];
      if (value === undefined || value === null) return undefined;
      if (typeof value !== "number") throw invalid(name);
      return value;
    },
    bytes: (name) => Buffer.from(text(name), "base64"),
    context(name = "EncryptionContext") {
      const value = fields[name] ?? {};
      if (!isStringRecord(value)) throw invalid(name);
      return value;
    },
  };
};

const parse = (body: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body === "" ? "{}" : body);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // Not JSON: answered below like any other body that is no object.
  }
  throw new KmsError("ValidationException", "The body is not a JSON object.");
};
