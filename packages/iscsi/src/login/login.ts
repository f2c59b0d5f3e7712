/**
 * The login phase of one connection (RFC 7143 6.3, 11.12, 11.13), target side.
 *
 *   SecurityNegotiation ──▶ LoginOperationalNegotiation ──▶ FullFeaturePhase
 *        └───────────────────────────────────────────────────▲
 *
 * Who need not prove anything may skip the security stage. CHAP lives in it: security-stage.ts.
 */
import type { Limits } from "../limits.ts";
import { type DataSegment, joinViews } from "../pdu/data-segment.ts";
import { type LoginRequest, loginStages } from "../pdu/login-request.ts";
import { decodeText, encodeText, type TextPair } from "../pdu/text.ts";
import type { TargetRecord } from "../target-record.ts";
import type { Authenticator } from "./authentication.ts";
import { loginNames } from "./login-names.ts";
import { Negotiation, type Parameters } from "./negotiation.ts";
import { SecurityStage } from "./security-stage.ts";
import { LoginRefusal } from "./status.ts";

/** Where a login comes from. */
export interface LoginOrigin {
  /** Of the portal at which it came. */
  readonly portalGroupTag: number;
  /** What counts as one host; the gateway's to say. */
  readonly source: string;
}

/** Who logs in to what. */
export interface LoginIdentity extends LoginOrigin {
  readonly initiatorName: string;
  readonly initiatorAlias: string | undefined;
  /** Six bytes as twelve hexadecimal digits. */
  readonly isid: string;
  readonly cid: number;
  readonly tsih: number;
  readonly sessionType: "Normal" | "Discovery";
  /** Undefined in a discovery session that names no target. */
  readonly targetName: string | undefined;
}

/** A login as it was granted. */
export interface LoggedInIdentity extends LoginIdentity {
  /** The name proven by CHAP; undefined when nothing had to be proven. */
  readonly chapName: string | undefined;
}

/** What the login asks the target about. */
export interface LoginPolicy {
  readonly limits: Limits;
  /** Left out: everybody may use everything. */
  readonly authenticator: Authenticator | undefined;
  /** The target of that name, whatever its case (RFC 3722 folds it); undefined when there is none. */
  findTarget(targetName: string): TargetRecord | undefined;
  /** The rules on ISID and TSIH (RFC 7143 6.3.1), and room for one session more. */
  admit(identity: LoginIdentity): LoginRefusal | undefined;
  /** Whether there is room for the session, and nobody else has the target. Asked when all is proven: strangers learn nothing. */
  occupied(identity: LoginIdentity): LoginRefusal | undefined;
}

/** What to answer to one Login Request. */
export interface LoginStep {
  readonly transit: boolean;
  readonly data: DataSegment;
  /** Set with the final response: the session as agreed on. */
  readonly established?: { readonly identity: LoggedInIdentity; readonly parameters: Parameters };
}

/** RFC 7143 13.12: before anything is declared, both sides take 8192 bytes. */
export const LOGIN_DATA_BYTES_MAX = 8192;
const VERSION = 0;
const NAMING_KEYS: ReadonlySet<string> = new Set(["SessionType", "InitiatorName", "TargetName"]);
const isNaming = ([name]: TextPair): boolean => NAMING_KEYS.has(name);

export class Login {
  readonly #policy: LoginPolicy;
  readonly #origin: LoginOrigin;
  readonly #negotiation: Negotiation;
  #first: LoginRequest | undefined;
  #stage: number = loginStages.SecurityNegotiation;
  #text: Uint8Array[] = [];
  #textBytes = 0;
  #identity: LoginIdentity | undefined;
  #security: SecurityStage | undefined;
  #declared = false;

  constructor(policy: LoginPolicy, origin: LoginOrigin) {
    this.#policy = policy;
    this.#origin = origin;
    this.#negotiation = new Negotiation(policy.limits);
  }

  /** The initiator's name, once known: for the observer of a refusal. */
  get initiatorName(): string | undefined {
    return this.#negotiation.value("InitiatorName");
  }

  /** The target's, as the initiator has it. */
  get targetName(): string | undefined {
    return this.#negotiation.value("TargetName");
  }

  /** True once our MaxRecvDataSegmentLength was sent, and so holds from full feature phase on. */
  get declared(): boolean {
    return this.#declared;
  }

  /** Takes one Login Request. The data segment is copied: login text is small and comes once. */
  request(pdu: LoginRequest): LoginStep | LoginRefusal {
    const fault = this.#checkHeader(pdu);
    if (fault !== undefined) return fault;
    this.#first ??= pdu;
    this.#stage = pdu.csg;
    this.#textBytes += pdu.data.byteLength;
    if (this.#textBytes > this.#policy.limits.textBytesMax) {
      return new LoginRefusal("OUT OF RESOURCES", "the login text is longer than we take");
    }
    this.#text.push(joinViews(pdu.data.views));
    if (pdu.continue) return { transit: false, data: encodeText([]) };
    const pairs = decodeText(joinViews(this.#text));
    this.#text = [];
    if (pairs === undefined)
      return new LoginRefusal("INITIATOR ERROR", "the login text is malformed");
    return this.#answer(pdu, pairs);
  }

  #checkHeader(pdu: LoginRequest): LoginRefusal | undefined {
    if (pdu.versionMin > VERSION) {
      return new LoginRefusal("UNSUPPORTED VERSION", `version ${pdu.versionMin} is asked for`);
    }
    const first = this.#first;
    if (first === undefined) return undefined;
    const same =
      first.initiatorTaskTag === pdu.initiatorTaskTag &&
      first.cid === pdu.cid &&
      first.tsih === pdu.tsih &&
      first.isid.every((byte, index) => byte === pdu.isid[index]);
    if (!same) return new LoginRefusal("INITIATOR ERROR", "the login changed its tags midway");
    if (pdu.csg !== this.#stage) {
      return new LoginRefusal("INITIATOR ERROR", "CSG is not the stage we are in");
    }
    return undefined;
  }

  #answer(pdu: LoginRequest, pairs: readonly TextPair[]): LoginStep | LoginRefusal {
    const stage = this.#stage === loginStages.SecurityNegotiation ? "S" : "O";
    // Who asks for what decides how the rest is answered, wherever in the text it stands.
    const named = this.#negotiate(pairs.filter(isNaming), stage);
    if (named instanceof LoginRefusal) return named;
    if (this.#identity !== undefined && pairs.some(isNaming)) {
      return new LoginRefusal("INITIATOR ERROR", "the first text names both ends, not a later one");
    }
    const opening = this.#identify(pdu);
    if (opening instanceof LoginRefusal) return opening;
    const secured = this.#secure(
      pairs.filter((pair) => !isNaming(pair)),
      stage,
    );
    if (secured instanceof LoginRefusal) return secured;
    const data = encodeText([...opening, ...named, ...secured, ...this.#declare(stage)]);
    if (data.byteLength > LOGIN_DATA_BYTES_MAX) {
      return new LoginRefusal("OUT OF RESOURCES", "the answer does not fit one Login Response");
    }
    return this.#step(pdu, data);
  }

  #negotiate(pairs: readonly TextPair[], stage: "S" | "O"): TextPair[] | LoginRefusal {
    const answers: TextPair[] = [];
    for (const pair of pairs) {
      const answer = this.#negotiation.receive(pair, stage);
      if (answer instanceof LoginRefusal) return answer;
      if (answer !== undefined) answers.push(answer);
    }
    return answers;
  }

  /** CHAP keys go to the security stage, all others to the table. */
  #secure(pairs: readonly TextPair[], stage: "S" | "O"): readonly TextPair[] | LoginRefusal {
    const security = this.#security;
    if (stage === "O" || security === undefined) {
      return security?.pending ?? this.#negotiate(pairs, stage);
    }
    const proven = security.receive(pairs);
    if (proven instanceof LoginRefusal) return proven;
    const answers = this.#negotiate(proven.rest, stage);
    if (answers instanceof LoginRefusal) return answers;
    const authMethod = answers.find(([name]) => name === "AuthMethod")?.[1];
    if (authMethod !== undefined) security.begin(authMethod);
    return [...answers, ...proven.answers];
  }

  /** The first whole text names both ends (RFC 7143 6.3); we answer with our portal group and the target's alias. */
  #identify(pdu: LoginRequest): TextPair[] | LoginRefusal {
    if (this.#identity !== undefined) return [];
    const names = loginNames(this.#negotiation, (name) => this.#policy.findTarget(name));
    if (names instanceof LoginRefusal) return names;
    const { initiatorName, sessionType, target } = names;
    const { portalGroupTag, source } = this.#origin;
    const identity: LoginIdentity = {
      initiatorName,
      initiatorAlias: this.#negotiation.value("InitiatorAlias"),
      isid: Buffer.from(pdu.isid).toString("hex"),
      cid: pdu.cid,
      tsih: pdu.tsih,
      sessionType,
      targetName: target?.name,
      portalGroupTag,
      source,
    };
    const refusal = this.#authorize(identity) ?? this.#policy.admit(identity);
    if (refusal !== undefined) return refusal;
    this.#identity = identity;
    this.#security = new SecurityStage(this.#policy.authenticator, identity);
    this.#negotiation.authMethods = this.#security.authMethods;
    if (sessionType === "Discovery") return [];
    const tag: TextPair = ["TargetPortalGroupTag", String(portalGroupTag)];
    return target?.alias === undefined ? [tag] : [tag, ["TargetAlias", target.alias]];
  }

  #authorize({ initiatorName, targetName }: LoginIdentity): LoginRefusal | undefined {
    if (targetName === undefined) return undefined;
    const allowed = this.#policy.authenticator?.mayUse(initiatorName, targetName) ?? true;
    return allowed
      ? undefined
      : new LoginRefusal("AUTHORIZATION FAILURE", `${targetName} is not for this initiator`);
  }

  #declare(stage: "S" | "O"): TextPair[] {
    if (stage === "S" || this.#declared) return [];
    this.#declared = true;
    return [["MaxRecvDataSegmentLength", String(this.#policy.limits.maxRecvDataSegmentLength)]];
  }

  #step(pdu: LoginRequest, data: DataSegment): LoginStep | LoginRefusal {
    // An initiator that sets T before it has proven itself is kept in the security stage.
    if (!pdu.transit || this.#security?.pending !== undefined) return { transit: false, data };
    this.#stage = pdu.nsg;
    if (pdu.nsg !== loginStages.FullFeaturePhase || this.#identity === undefined) {
      return { transit: true, data };
    }
    const occupied = this.#policy.occupied(this.#identity);
    if (occupied !== undefined) return occupied;
    const parameters = this.#negotiation.parameters();
    const identity = { ...this.#identity, chapName: this.#security?.chapName };
    return { transit: true, data, established: { identity, parameters } };
  }
}
