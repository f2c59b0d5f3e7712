/** The security stage of a login (RFC 7143 6.3.2): which AuthMethod, and whether the initiator may go on. */
import type { TextPair } from "../pdu/text.ts";
import type { Authenticator, ChapCredentials, LoginClaim } from "./authentication.ts";
import { ChapExchange } from "./chap-exchange.ts";
import { LoginRefusal } from "./status.ts";

const isChapKey = (name: string): boolean => name.startsWith("CHAP_");

export class SecurityStage {
  readonly #credentials: ChapCredentials | undefined;
  readonly #randomBytes: Authenticator["randomBytes"] | undefined;
  #chap: ChapExchange | undefined;

  constructor(authenticator: Authenticator | undefined, claim: LoginClaim) {
    this.#credentials = authenticator?.credentials(claim);
    this.#randomBytes = authenticator?.randomBytes;
  }

  /** What we take for AuthMethod: None is not offered where proof is demanded. */
  get authMethods(): readonly string[] {
    return this.#credentials === undefined ? ["None"] : ["CHAP"];
  }

  /** Why the login may not leave this stage yet; undefined: it may. */
  get pending(): LoginRefusal | undefined {
    if (this.#credentials === undefined || this.chapName !== undefined) return undefined;
    return new LoginRefusal("AUTHENTICATION FAILURE", "this target asks for CHAP");
  }

  get chapName(): string | undefined {
    return this.#chap?.chapName;
  }

  /** AuthMethod was agreed on. */
  begin(authMethod: string): void {
    if (authMethod !== "CHAP" || this.#credentials === undefined) return;
    if (this.#randomBytes === undefined) return;
    this.#chap = new ChapExchange(this.#credentials, this.#randomBytes);
  }

  /** Answers the CHAP keys of one text; `rest` is what remains for the key table. */
  receive(
    pairs: readonly TextPair[],
  ): { readonly answers: readonly TextPair[]; readonly rest: readonly TextPair[] } | LoginRefusal {
    const rest = pairs.filter(([name]) => !isChapKey(name));
    const keys = pairs.filter(([name]) => isChapKey(name));
    if (keys.length === 0 || this.#chap === undefined) return { answers: [], rest: pairs };
    const byName = new Map(keys);
    if (byName.size < keys.length)
      return new LoginRefusal("INITIATOR ERROR", "a CHAP key was sent twice");
    const answers = this.#chap.receive(byName);
    return answers instanceof LoginRefusal ? answers : { answers, rest };
  }
}
