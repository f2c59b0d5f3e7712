/**
 * CHAP within a login (RFC 7143 12.1.3), target side:
 *
 *   I  AuthMethod=CHAP              T  AuthMethod=CHAP
 *   I  CHAP_A=<list>                T  CHAP_A=<one> CHAP_I=<id> CHAP_C=<challenge>
 *   I  CHAP_N CHAP_R [CHAP_I CHAP_C]   T  [CHAP_N CHAP_R]
 *
 * Every failure is one and the same to the initiator: nothing tells a wrong name from a wrong secret.
 */
import type { TextPair } from "../pdu/text.ts";
import type { Authenticator, ChapCredentials } from "./authentication.ts";
import {
  type ChapAlgorithm,
  chapResponse,
  chooseAlgorithm,
  formatBinary,
  parseBinary,
  sameBytes,
} from "./chap-values.ts";
import { parseNumber } from "./keys.ts";
import { LoginRefusal } from "./status.ts";

/** As many bytes as the longest hash has, whatever the algorithm: a challenge is never the weaker part. */
const CHALLENGE_BYTES = 32;
const SECRET_BYTES = 32;

const failure = (detail: string): LoginRefusal =>
  new LoginRefusal("AUTHENTICATION FAILURE", detail);
const malformed = (detail: string): LoginRefusal => new LoginRefusal("INITIATOR ERROR", detail);

interface Challenge {
  readonly algorithm: ChapAlgorithm;
  readonly identifier: number;
  readonly bytes: Uint8Array;
}

export class ChapExchange {
  readonly #credentials: ChapCredentials;
  readonly #randomBytes: Authenticator["randomBytes"];
  #challenge: Challenge | undefined;
  #chapName: string | undefined;

  constructor(credentials: ChapCredentials, randomBytes: Authenticator["randomBytes"]) {
    this.#credentials = credentials;
    this.#randomBytes = randomBytes;
  }

  /** The name the initiator has proven, once it has. */
  get chapName(): string | undefined {
    return this.#chapName;
  }

  /** Takes the CHAP keys of one text of the security stage, and gives ours. */
  receive(keys: ReadonlyMap<string, string>): readonly TextPair[] | LoginRefusal {
    if (this.#chapName !== undefined) return malformed("CHAP keys after CHAP was complete");
    return this.#challenge === undefined ? this.#begin(keys) : this.#verify(keys, this.#challenge);
  }

  #begin(keys: ReadonlyMap<string, string>): readonly TextPair[] | LoginRefusal {
    const list = keys.get("CHAP_A");
    if (list === undefined || keys.size > 1) return malformed("CHAP begins with CHAP_A alone");
    const algorithm = chooseAlgorithm(list);
    if (algorithm === undefined) return failure(`no CHAP_A of ${list} is supported`);
    const [identifier = 0] = this.#randomBytes(1);
    const bytes = this.#randomBytes(CHALLENGE_BYTES);
    this.#challenge = { algorithm, identifier, bytes };
    return [
      ["CHAP_A", String(algorithm.number)],
      ["CHAP_I", String(identifier)],
      ["CHAP_C", formatBinary(bytes)],
    ];
  }

  #verify(
    keys: ReadonlyMap<string, string>,
    challenge: Challenge,
  ): readonly TextPair[] | LoginRefusal {
    const chapName = keys.get("CHAP_N");
    const given = parseBinary(keys.get("CHAP_R") ?? "");
    if (chapName === undefined || given === undefined)
      return malformed("CHAP_N and CHAP_R are to follow the challenge");
    const known = this.#credentials.initiatorSecret(chapName);
    // An unknown name costs the same time as a wrong secret.
    const secret = known ?? this.#randomBytes(SECRET_BYTES);
    const expected = chapResponse(
      challenge.algorithm,
      challenge.identifier,
      secret,
      challenge.bytes,
    );
    if (!sameBytes(given, expected) || known === undefined)
      return failure("CHAP: the name or the secret is wrong");
    const proof = this.#prove(keys, challenge, known);
    if (!(proof instanceof LoginRefusal)) this.#chapName = chapName;
    return proof;
  }

  /** Mutual CHAP: our proof, if the initiator asks for it. */
  #prove(
    keys: ReadonlyMap<string, string>,
    { algorithm, bytes: sent }: Challenge,
    initiatorSecret: Uint8Array,
  ): readonly TextPair[] | LoginRefusal {
    const identifierText = keys.get("CHAP_I");
    const challengeText = keys.get("CHAP_C");
    if (identifierText === undefined && challengeText === undefined) return [];
    const identifier = parseNumber(identifierText ?? "", 0, 255);
    const challenge = parseBinary(challengeText ?? "");
    if (identifier === undefined || challenge === undefined)
      return malformed("CHAP_I and CHAP_C come together");
    // RFC 7143 12.1.3: an initiator that gives our challenge back wants us to compute its answer.
    if (sameBytes(challenge, sent)) return failure("CHAP: our own challenge came back");
    const { target } = this.#credentials;
    if (target === undefined) return failure("CHAP: the target has no secret to prove itself with");
    if (sameBytes(target.secret, initiatorSecret))
      return failure("CHAP: the secrets of both directions are the same");
    return [
      ["CHAP_N", target.chapName],
      ["CHAP_R", formatBinary(chapResponse(algorithm, identifier, target.secret, challenge))],
    ];
  }
}
