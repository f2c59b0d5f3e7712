/** `Authorization: Bearer <token>` (RFC 6750): who may call. A token of the other kind is known, but not allowed. */
import type { FastifyRequest } from "fastify";
import { ServiceError } from "./service-error.ts";
import { sameToken } from "./tokens.ts";

export const TOKEN_KINDS = ["admin", "service"] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];
/** A kind without a token lets nobody in. */
export type Tokens = Readonly<Partial<Record<TokenKind, string>>>;

const givenToken = (header: string | undefined): string => {
  const match = /^Bearer +([\x21-\x7e]+)$/i.exec(header ?? "");
  if (match?.[1] === undefined) throw new ServiceError("UNAUTHENTICATED");
  return match[1];
};

/** Throws UNAUTHENTICATED for no or an unknown token, FORBIDDEN for one of another kind. */
export const checkBearer = (header: string | undefined, kind: TokenKind, tokens: Tokens): void => {
  const given = givenToken(header);
  // Every token is compared, so that the time taken does not say which one matched.
  const matching = TOKEN_KINDS.filter((candidate) => {
    const wanted = tokens[candidate];
    return wanted !== undefined && sameToken(given, wanted);
  });
  if (matching.includes(kind)) return;
  throw new ServiceError(matching.length > 0 ? "FORBIDDEN" : "UNAUTHENTICATED");
};

/** As a fastify `preHandler`/`onRequest` hook. */
export const bearerHook =
  (tokens: Tokens) =>
  (kind: TokenKind) =>
  async (request: FastifyRequest): Promise<void> =>
    checkBearer(request.headers.authorization, kind, tokens);
