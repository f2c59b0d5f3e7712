/**
 * The drive's sets of data encryption parameters (SSC-5 4.2.22.8): one that the nexuses share and one for each nexus
 * that wants its own, the key instance counter, the locks, and all that ends a set. In memory only.
 */
import type { Nexus } from "../../task.ts";
import type { UnitAttentions } from "../../unit-attention.ts";
import type { BlockFilter } from "../blocks/block-filter.ts";
import { encryptionFilter, lockedOut } from "./encryption-filter.ts";
import {
  type EncryptionParameters,
  type Scope,
  decryptionMode,
  encryptionMode,
  noEncryption,
  scope,
} from "./parameters.ts";
import type { SetDataEncryption } from "./set-data-encryption.ts";

interface EncryptionSet {
  readonly parameters: EncryptionParameters;
  /** KEY INSTANCE COUNTER given to this set. */
  readonly keyInstance: number;
  readonly filter: BlockFilter | undefined;
}

interface Client {
  scope: Scope;
  local: EncryptionSet | undefined;
  /** LOCK: the key instance it is locked to. */
  lockedTo: number | undefined;
}

/** What is in force for one nexus. */
export interface EncryptionInForce {
  readonly nexusScope: Scope;
  /** Whose set it is: everybody's, this nexus's, or the defaults. */
  readonly blockScope: Scope;
  readonly keyInstance: number;
  readonly parameters: EncryptionParameters;
}

const defaultSet: EncryptionSet = { parameters: noEncryption, keyInstance: 0, filter: undefined };

const isOff = ({ encryptionMode: encrypt, decryptionMode: decrypt }: EncryptionParameters) =>
  encrypt === encryptionMode.disable && decrypt === decryptionMode.disable;

export class DataEncryption {
  readonly #attentions: UnitAttentions;
  readonly #nextTurn: () => Promise<void>;
  readonly #clients = new Map<Nexus, Client>();
  #shared: EncryptionSet | undefined;
  /** The nexus that established the shared set, as long as it is there. */
  #sharedBy: Nexus | undefined;
  #keyInstance = 0;

  constructor(attentions: UnitAttentions, nextTurn: () => Promise<void>) {
    this.#attentions = attentions;
    this.#nextTurn = nextTurn;
  }

  inForce(nexus: Nexus): EncryptionInForce {
    const client = this.#clients.get(nexus);
    const { parameters, keyInstance } = this.#setFor(client);
    const nexusScope = client?.scope ?? scope.public;
    const sharedScope = this.#shared === undefined ? scope.public : scope.allItNexus;
    const blockScope = client?.local === undefined ? sharedScope : scope.local;
    return { nexusScope, blockScope, keyInstance, parameters };
  }

  /** The filter of that nexus's blocks; undefined while nothing is enciphered or deciphered for it. */
  filter(nexus: Nexus): BlockFilter | undefined {
    if (this.#clients.size === 0) return this.#shared?.filter;
    const client = this.#clients.get(nexus);
    const set = this.#setFor(client);
    const isLockedOut = client?.lockedTo !== undefined && client.lockedTo !== set.keyInstance;
    return isLockedOut ? lockedOut : set.filter;
  }

  /** Carries out a Set Data Encryption page of `nexus`. */
  establish(nexus: Nexus, page: SetDataEncryption): void {
    const wasShared = this.#sharedBy === nexus;
    const client: Client = { scope: page.scope, local: undefined, lockedTo: undefined };
    this.#clients.set(nexus, client);
    const set = page.parameters === undefined ? undefined : this.#newSet(page.parameters);
    if (page.scope === scope.allItNexus) this.#share(nexus, set);
    else {
      client.local = set;
      if (wasShared) this.#share(undefined, undefined, nexus);
    }
    if (page.lock) client.lockedTo = this.#setFor(client).keyInstance;
  }

  /** Its own set and its lock go with a nexus; a set for all stays (SSC-5 4.2.22.8). */
  nexusLost(nexus: Nexus): void {
    this.#clients.delete(nexus);
    if (this.#sharedBy === nexus) this.#sharedBy = undefined;
  }

  /** The volume is demounted, by a command of `by` or by the changer: sets with CKOD end. */
  demounted(by?: Nexus): void {
    this.#end(({ clearOn }) => clearOn.demount, by);
  }

  /** A reservation ended by a command of `by`: sets with CKORL end, and those with CKORP when it was preempted. */
  reservationLost(preempted: boolean, by: Nexus): void {
    this.#end(
      ({ clearOn }) => clearOn.reservationLoss || (preempted && clearOn.reservationPreempt),
      by,
    );
  }

  /** Power on and resets: nothing is left. */
  reset(): void {
    this.#clients.clear();
    this.#shared = undefined;
    this.#sharedBy = undefined;
    this.#keyInstance = 0;
  }

  #setFor(client: Client | undefined): EncryptionSet {
    return client?.local ?? this.#shared ?? defaultSet;
  }

  #newSet(parameters: EncryptionParameters): EncryptionSet {
    this.#keyInstance = (this.#keyInstance + 1) >>> 0;
    const filter = isOff(parameters) ? undefined : encryptionFilter(parameters, this.#nextTurn);
    return { parameters, keyInstance: this.#keyInstance, filter };
  }

  /** Another set for all: who uses it without having made it hears so, and the one who made the last has public scope. */
  #share(by: Nexus | undefined, set: EncryptionSet | undefined, cause = by): void {
    const before = this.#sharedBy === undefined ? undefined : this.#clients.get(this.#sharedBy);
    if (before !== undefined && this.#sharedBy !== cause) before.scope = scope.public;
    this.#shared = set;
    this.#sharedBy = by;
    this.#tell((nexus) => nexus !== cause && this.#clients.get(nexus)?.local === undefined);
  }

  /** Who used a set that ends hears so, but for who ended it: what it writes next would be plain. */
  #end(concerns: (parameters: EncryptionParameters) => boolean, by: Nexus | undefined): void {
    if (this.#shared !== undefined && concerns(this.#shared.parameters)) {
      const owner = this.#sharedBy === undefined ? undefined : this.#clients.get(this.#sharedBy);
      if (owner !== undefined) owner.scope = scope.public;
      this.#share(undefined, undefined, by);
    }
    for (const [nexus, client] of this.#clients) {
      if (client.local === undefined || !concerns(client.local.parameters)) continue;
      client.local = undefined;
      client.scope = scope.public;
      this.#tell((each) => each === nexus && each !== by);
    }
  }

  #tell(concerns: (nexus: Nexus) => boolean): void {
    this.#attentions.establishWhere("dataEncryptionParametersChanged", concerns);
  }
}
