/** What the target tells whoever keeps metrics and logs. Nothing is told of a command that went well. */
import type { LoggedInIdentity } from "./login/login.ts";
import type { LoginStatus } from "./login/status.ts";
import type { Parameters } from "./login/negotiation.ts";
import type { RejectReason } from "./protocol-error.ts";

export interface SessionInfo extends LoggedInIdentity {
  readonly remoteAddress: string;
  readonly parameters: Parameters;
}

export interface Observer {
  loginRefused?(event: {
    readonly remoteAddress: string;
    readonly initiatorName: string | undefined;
    /** As the initiator asked for it, when it got so far. */
    readonly targetName: string | undefined;
    readonly status: LoginStatus;
    readonly detail: string;
  }): void;
  sessionStarted?(session: SessionInfo): void;
  sessionEnded?(session: SessionInfo, reason: string): void;
  protocolError?(event: {
    readonly remoteAddress: string;
    readonly initiatorName: string | undefined;
    readonly reason: RejectReason;
    readonly detail: string;
  }): void;
}
