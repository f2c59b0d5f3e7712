/** The iSCSI target (RFC 7143 4.2): all connections and sessions of our portals, in front of SCSI targets. */
import assert from "node:assert/strict";
import { Connection, type ConnectionHome, type ConnectionPort } from "./connection.ts";
import { crowded, discoveryThatLeaves } from "./crowding.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { NexusRetention } from "./nexus-retention.ts";
import type { Authenticator } from "./login/authentication.ts";
import type { LoginIdentity } from "./login/login.ts";
import type { Established } from "./login/login-exchange.ts";
import { redirection } from "./login/login-names.ts";
import { LoginRefusal } from "./login/status.ts";
import type { Observer } from "./observer.ts";
import type { ScsiTarget } from "./scsi-target.ts";
import { Session, type SessionHome, type SessionTransport } from "./session.ts";
import type { TargetRecord } from "./target-record.ts";

export interface IscsiTargetOptions {
  /** All targets, for discovery and login. Asked each time: targets may come and go. */
  targets(): readonly TargetRecord[];
  /** The device behind a target: there is one for each that `targets` names. */
  scsiTarget(targetName: string): ScsiTarget | undefined;
  /** Commands a session of that initiator may have outstanding now: backpressure. Cut to 1..128. */
  commandWindow(initiatorName: string): number;
  /** Who may use what, and what they have to prove. Left out: everybody, nothing. Asked at each login. */
  readonly authenticator?: Authenticator;
  readonly limits?: Partial<Limits>;
  readonly observer?: Observer;
}

const TSIH_MAX = 0xffff;

export class IscsiTarget implements ConnectionHome, SessionHome {
  readonly limits: Limits;
  readonly observer: Observer;
  readonly authenticator: Authenticator | undefined;
  readonly #options: IscsiTargetOptions;
  readonly #connections = new Set<Connection>();
  readonly #sessions = new Map<number, Session>();
  readonly #retention: NexusRetention;
  #lastTsih = 0;

  constructor(options: IscsiTargetOptions) {
    this.#options = options;
    this.limits = { ...defaultLimits, ...options.limits };
    this.observer = options.observer ?? {};
    this.authenticator = options.authenticator;
    this.#retention = new NexusRetention(this.limits.nexusRetentionMs);
  }

  /** A new transport connection. Feed it with `receive`, tell it of its end with `closed`. */
  accept(port: ConnectionPort): Connection {
    const connection = new Connection(this, port);
    this.#connections.add(connection);
    return connection;
  }

  /** Lets time pass for all connections, and for the nexuses that wait for their initiator. */
  tick(nowMs: number): void {
    this.#retention.tick(nowMs);
    for (const connection of this.#connections) connection.tick(nowMs);
  }

  /** Asks all initiators to log out: the first step of a planned shutdown. */
  drain(): void {
    for (const connection of this.#connections) connection.drain();
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  get sessions(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /** The session with that TSIH. */
  session(tsih: number): Session | undefined {
    return this.#sessions.get(tsih);
  }

  commandWindow(initiatorName: string): number {
    return this.#options.commandWindow(initiatorName);
  }

  /** What an initiator is shown: the targets that it may use. */
  targetsFor(initiatorName: string): readonly TargetRecord[] {
    const targets = this.#options.targets();
    const { authenticator } = this;
    if (authenticator === undefined) return targets;
    return targets.filter(({ name }) => authenticator.mayUse(initiatorName, name));
  }

  findTarget(targetName: string): TargetRecord | undefined {
    const wanted = targetName.toLowerCase();
    return this.#options.targets().find(({ name }) => name.toLowerCase() === wanted);
  }

  /** The normal sessions of a target: a discovery session that names it does not use it. */
  sessionsOf(targetName: string): readonly Session[] {
    return this.sessions.filter(
      ({ scsiTarget, nexus }) => scsiTarget !== undefined && nexus.targetName === targetName,
    );
  }

  admit(identity: LoginIdentity): LoginRefusal | undefined {
    if (identity.tsih === 0) {
      const room = this.#connections.size <= this.limits.connectionsMax;
      return room ? undefined : new LoginRefusal("OUT OF RESOURCES", "too many connections");
    }
    const session = this.#sessions.get(identity.tsih);
    if (session === undefined || session !== this.#sameNexus(identity)) {
      return new LoginRefusal("SESSION DOES NOT EXIST", `there is no session ${identity.tsih}`);
    }
    // Reinstating a connection in its session needs a session that outlives it: ErrorRecoveryLevel 2.
    return session.identity.cid === identity.cid
      ? new LoginRefusal("CAN'T INCLUDE IN SESSION", "connections are not reinstated")
      : new LoginRefusal("TOO MANY CONNECTIONS", "a session has one connection");
  }

  occupied(identity: LoginIdentity): LoginRefusal | undefined {
    const gone = this.#gone(identity);
    if (gone !== undefined || identity.sessionType === "Discovery") return gone;
    return this.#crowded(identity) ?? this.#taken(identity);
  }

  /** The target may have been taken away, or moved, since the login named it. */
  #gone({ targetName, sessionType }: LoginIdentity): LoginRefusal | undefined {
    if (targetName === undefined) return undefined;
    if (this.#options.scsiTarget(targetName) === undefined)
      return new LoginRefusal("NOT FOUND", `${targetName} is not there any more`);
    return sessionType === "Normal" ? redirection(this.findTarget(targetName)) : undefined;
  }

  #crowded(identity: LoginIdentity): LoginRefusal | undefined {
    const reinstated = this.#sameNexus(identity);
    const others = this.sessions.filter((session) => session !== reinstated);
    return crowded(identity, others, this.limits);
  }

  #taken({ initiatorName, targetName }: LoginIdentity): LoginRefusal | undefined {
    if (targetName === undefined || this.authenticator?.exclusive(targetName) !== true)
      return undefined;
    const holders = [
      ...this.sessionsOf(targetName).map(({ nexus }) => nexus),
      ...this.#retention.of(targetName),
    ];
    return holders.some((holder) => holder.initiatorName !== initiatorName)
      ? new LoginRefusal("SERVICE UNAVAILABLE", "another initiator uses this target")
      : undefined;
  }

  nexusLeft({ nexus, scsiTarget }: Session, tasksLost: boolean): void {
    if (scsiTarget === undefined) return;
    this.#retention.keep(nexus, scsiTarget, tasksLost);
  }

  establish(
    established: Established,
    transport: SessionTransport,
  ): { session: Session; tsih: number } {
    const { identity, parameters, request, statSN } = established;
    // RFC 7143 6.3.5: a login with TSIH 0 and the ISID of a live session takes its place.
    this.#sameNexus(identity)?.transport.close("session reinstated");
    this.#makeRoom(identity);
    const { targetName } = identity;
    const scsiTarget =
      targetName === undefined ? undefined : this.#scsiTargetOf(identity, targetName);
    const kept = scsiTarget && this.#retention.take(identity, scsiTarget);
    const session = new Session({
      identity,
      parameters,
      home: this,
      transport,
      scsiTarget,
      nexus: kept?.nexus,
      firstCmdSN: request.cmdSN,
      statSN,
    });
    const tsih = this.#freeTsih();
    this.#sessions.set(tsih, session);
    if (kept === undefined) scsiTarget?.nexusEstablished(session.nexus);
    else scsiTarget?.nexusReturned(session.nexus, kept.tasksLost);
    return { session, tsih };
  }

  #makeRoom({ sessionType }: LoginIdentity): void {
    if (sessionType !== "Discovery") return;
    const leaving = discoveryThatLeaves(this.sessions, this.limits);
    leaving?.transport.close("newer discovery sessions took its place");
  }

  sessionEnded(session: Session): void {
    for (const [tsih, each] of this.#sessions) if (each === session) this.#sessions.delete(tsih);
  }

  connectionClosed(connection: Connection): void {
    this.#connections.delete(connection);
  }

  #scsiTargetOf(identity: LoginIdentity, targetName: string): ScsiTarget | undefined {
    if (identity.sessionType === "Discovery") return undefined;
    const scsiTarget = this.#options.scsiTarget(targetName);
    assert(scsiTarget !== undefined, `no device stands behind ${targetName}`);
    return scsiTarget;
  }

  #sameNexus(identity: LoginIdentity): Session | undefined {
    return this.sessions.find(
      (session) =>
        session.identity.initiatorName === identity.initiatorName &&
        session.identity.isid === identity.isid &&
        session.identity.portalGroupTag === identity.portalGroupTag &&
        session.identity.sessionType === identity.sessionType &&
        session.identity.targetName === identity.targetName,
    );
  }

  #freeTsih(): number {
    do {
      this.#lastTsih = (this.#lastTsih % TSIH_MAX) + 1;
    } while (this.#sessions.has(this.#lastTsih));
    return this.#lastTsih;
  }
}
