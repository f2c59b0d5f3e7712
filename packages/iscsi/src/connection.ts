/** A connection (RFC 7143 4.2, 8.1): bytes in, PDUs out, from accept to close. The states are in connection-states.ts. */
import { type ConnectionEvent, type ConnectionState, nextState } from "./connection-states.ts";
import { dispatch, dispatchDamaged, nextHeld } from "./full-feature/dispatch.ts";
import { Keepalive } from "./keepalive.ts";
import { LOGIN_DATA_BYTES_MAX, type LoginPolicy } from "./login/login.ts";
import { encodeLoginStep, type Established, LoginExchange } from "./login/login-exchange.ts";
import { asyncEvents, asyncMessage } from "./pdu/async-message.ts";
import { type Digests, noDigests, type RawPdu, toWire } from "./pdu/codec.ts";
import { dataSegmentOf, joinViews, type SlabOwner } from "./pdu/data-segment.ts";
import { copyOf } from "./pdu/fields.ts";
import { type ParsedPdu, Parser } from "./pdu/parser.ts";
import { reject } from "./pdu/reject.ts";
import { ProtocolError, rejectReasons } from "./protocol-error.ts";
import type { Observer, SessionInfo } from "./observer.ts";
import type { Session, SessionTransport } from "./session.ts";
import type { TargetPortal } from "./target-portal.ts";

/** The transport under a connection: a socket, in the gateway. */
export interface ConnectionPort {
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** What counts as one host: sessions are limited by it. */
  readonly source: string;
  /** Of the portal at which the connection came. */
  readonly portalGroupTag: number;
  /** The portals that SendTargets names to an initiator that came here. */
  readonly announced: readonly TargetPortal[];
  /** Sends the views in order. `sent`, where given, is called once the transport took their last byte, and never before. */
  send(views: readonly Uint8Array[], sent?: () => void): void;
  /** Whether nothing is read for want of our own memory: the initiator's silence is then ours. */
  isHeldBack(): boolean;
  /**
   * Whether the peer has taken something since this was last asked, while more waited for it: the sign of life of an initiator
   * that says nothing because a long answer is still on its way to it.
   */
  isTaking(): boolean;
  /** Closes once what was sent has gone. The transport answers with `Connection.closed()`. */
  close(reason: string): void;
}

/** What a connection needs of the iSCSI target. */
export interface ConnectionHome extends LoginPolicy {
  readonly observer: Observer;
  /** Starts the session of a login: ends the one it reinstates, tells the device of the nexus. */
  establish(
    established: Established,
    transport: SessionTransport,
  ): { session: Session; tsih: number };
  /** The session has ended: forget it. */
  sessionEnded(session: Session): void;
  connectionClosed(connection: Connection): void;
}

export class Connection implements SessionTransport {
  readonly #home: ConnectionHome;
  readonly #port: ConnectionPort;
  readonly #parser: Parser;
  readonly #login: LoginExchange;
  readonly #keepalive: Keepalive;
  readonly #unsent = new Set<() => void>();
  #state: ConnectionState = "FREE";
  #digests: Digests = noDigests;
  #session: Session | undefined;
  #info: SessionInfo | undefined;
  #portClosed = false;

  constructor(home: ConnectionHome, port: ConnectionPort) {
    this.#home = home;
    this.#port = port;
    this.#login = new LoginExchange(home, port);
    this.#keepalive = new Keepalive(home.limits);
    this.#parser = new Parser(
      {
        pdu: (raw) => this.#receivePdu(raw),
        broken: (error, header) => this.#protocolError(error, header),
      },
      LOGIN_DATA_BYTES_MAX,
    );
    this.#move("accepted");
  }

  get localAddress(): string {
    return this.#port.localAddress;
  }

  get announced(): readonly TargetPortal[] {
    return this.#port.announced;
  }

  /** Who has logged in; undefined before. */
  get initiatorName(): string | undefined {
    return this.#info?.initiatorName;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Takes the bytes of one read. `owner` is retained for as long as views of `chunk` are in use. */
  receive(chunk: Uint8Array, owner: SlabOwner): void {
    this.#keepalive.heard();
    this.#parser.push(chunk, owner);
  }

  /** The transport is gone: nothing it held is in use any more. */
  closed(): void {
    this.#portClosed = true;
    this.#end("connection lost", "kept");
    for (const sent of this.#unsent) sent();
    this.#home.connectionClosed(this);
  }

  /** Lets time pass: login timeout, pings, the end of a requested logout. Call it about once a second. */
  tick(nowMs: number): void {
    if (this.#state === "FREE") return;
    const due = this.#keepalive.tick(nowMs, {
      state: this.#state,
      isHeldBack: this.#port.isHeldBack(),
      isTaking: this.#port.isTaking(),
      taskAwaited: this.#session?.taskAwaited,
    });
    if (due === "ping") this.#session?.ping();
    else if (due !== undefined) this.close(due, due === "logout timeout" ? "lost" : "kept");
  }

  /** Asks the initiator to log out (RFC 7143 11.9.1, event 1). Who has not logged in is closed at once. */
  drain(): void {
    const session = this.#session;
    if (session === undefined) return this.close("shutdown");
    if (this.#state !== "LOGGED_IN") return undefined;
    this.#move("logoutRequested");
    const message = asyncMessage.encode({
      ...session.stamp(),
      lun: new Uint8Array(8),
      asyncEvent: asyncEvents.targetRequestsLogout,
      asyncVCode: 0,
      parameter1: 0,
      parameter2: 0,
      parameter3: Math.ceil(this.#home.limits.logoutTimeoutMs / 1000),
    });
    session.send([message]);
    return undefined;
  }

  send(pdus: readonly RawPdu[], sent?: () => void): void {
    if (this.#portClosed) return sent?.();
    const [only] = pdus;
    const views =
      only !== undefined && pdus.length === 1
        ? toWire(only, this.#digests)
        : pdus.flatMap((pdu) => toWire(pdu, this.#digests));
    if (sent === undefined) return this.#port.send(views);
    const done = (): void => {
      if (this.#unsent.delete(done)) sent();
    };
    this.#unsent.add(done);
    return this.#port.send(views, done);
  }

  /** Ends the session, if any, and closes the transport. */
  close(reason: string, nexus: "kept" | "lost" = "kept"): void {
    if (this.#portClosed) return;
    this.#portClosed = true;
    this.#end(reason, nexus);
    this.#port.close(reason);
  }

  logoutGranted(): void {
    this.#move("logoutGranted");
  }

  #move(event: ConnectionEvent): void {
    this.#state = nextState(this.#state, event);
  }

  #end(reason: string, nexus: "kept" | "lost"): void {
    if (this.#state === "FREE") return;
    this.#parser.stop();
    const session = this.#session;
    if (session === undefined || this.#state === "IN_LOGOUT") {
      this.#move("ended");
    } else {
      this.#move("failed");
      session.end(nexus);
      this.#move("cleanedUp");
    }
    if (session === undefined || this.#info === undefined) return;
    this.#home.sessionEnded(session);
    this.#home.observer.sessionEnded?.(this.#info, reason);
  }

  #receivePdu(raw: ParsedPdu): void {
    try {
      const session = this.#session;
      if (session === undefined) this.#loginPdu(raw);
      else if (this.#state !== "IN_LOGOUT") this.#sessionPdu(session, raw);
    } finally {
      raw.data.release();
    }
  }

  #loginPdu(raw: ParsedPdu): void {
    this.#move("loginReceived");
    const outcome = this.#login.receive(raw);
    if (outcome.kind === "established") return this.#establish(outcome.established);
    this.send([outcome.response]);
    if (outcome.kind === "continue") return undefined;
    const { status, detail } = outcome.refusal;
    const { remoteAddress } = this.#port;
    const { initiatorName, targetName } = this.#login;
    const refused = { remoteAddress, initiatorName, targetName, status, detail };
    this.#home.observer.loginRefused?.(refused);
    return this.close(`login refused: ${detail}`);
  }

  #establish(established: Established): void {
    const { session, tsih } = this.#home.establish(established, this);
    const { identity, parameters, request, step } = established;
    this.#session = session;
    this.#info = { ...identity, tsih, parameters, remoteAddress: this.#port.remoteAddress };
    this.#move("loginSucceeded");
    this.send([encodeLoginStep(request, step, session.stamp(), tsih)]);
    this.#digests = { header: parameters.headerDigest, data: parameters.dataDigest };
    this.#parser.digests = this.#digests;
    if (established.declared) {
      this.#parser.dataSegmentBytesMax = this.#home.limits.maxRecvDataSegmentLength;
    }
    this.#home.observer.sessionStarted?.(this.#info);
  }

  #sessionPdu(session: Session, raw: ParsedPdu): void {
    if (!raw.dataDigestOk) {
      const error = new ProtocolError("Data Digest Error", "data digest error");
      this.#protocolError(error, joinViews([raw.bhs, raw.ahs]));
      return dispatchDamaged(session, raw);
    }
    this.#run(session, raw);
    // What waited for this command's CmdSN has its turn now.
    for (let held = nextHeld(session); held !== undefined; held = nextHeld(session)) {
      this.#run(session, held);
      held.data.release();
    }
    return undefined;
  }

  #run(session: Session, raw: RawPdu): void {
    const outcome = dispatch(session, raw);
    if (outcome !== undefined) this.#protocolError(outcome, joinViews([raw.bhs, raw.ahs]));
  }

  /** Reports an error: a Reject in a session (before one there is no such thing), and the end where that is due. */
  #protocolError(error: ProtocolError, header: Uint8Array): void {
    const session = this.#session;
    this.#home.observer.protocolError?.({
      remoteAddress: this.#port.remoteAddress,
      initiatorName: this.#login.initiatorName,
      reason: error.reason,
      detail: error.detail,
    });
    if (session !== undefined) session.statistics.protocolErrors += 1;
    if (session !== undefined && error.severity !== "drop") {
      const pdu = reject.encode({
        ...session.stamp(),
        reason: rejectReasons[error.reason],
        dataSN: 0,
        // An initiator that takes little gets the beginning of a header with much in its AHS.
        data: dataSegmentOf(copyOf(header.subarray(0, session.initiatorDataSegmentBytesMax))),
      });
      session.send([pdu]);
    }
    if (error.severity !== "reject") this.close(error.detail);
  }
}
