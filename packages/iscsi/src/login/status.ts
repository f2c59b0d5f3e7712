/** Login status codes (RFC 7143 11.13.5): why a login was refused. */
import type { TextPair } from "../pdu/text.ts";

export const loginStatuses = {
  SUCCESS: [0x00, 0x00],
  "TARGET MOVED TEMPORARILY": [0x01, 0x01],
  "TARGET MOVED PERMANENTLY": [0x01, 0x02],
  "INITIATOR ERROR": [0x02, 0x00],
  "AUTHENTICATION FAILURE": [0x02, 0x01],
  "AUTHORIZATION FAILURE": [0x02, 0x02],
  "NOT FOUND": [0x02, 0x03],
  "UNSUPPORTED VERSION": [0x02, 0x05],
  "TOO MANY CONNECTIONS": [0x02, 0x06],
  "MISSING PARAMETER": [0x02, 0x07],
  "CAN'T INCLUDE IN SESSION": [0x02, 0x08],
  "SESSION TYPE NOT SUPPORTED": [0x02, 0x09],
  "SESSION DOES NOT EXIST": [0x02, 0x0a],
  "INVALID DURING LOGIN": [0x02, 0x0b],
  "SERVICE UNAVAILABLE": [0x03, 0x01],
  "OUT OF RESOURCES": [0x03, 0x02],
} as const satisfies Readonly<Record<string, readonly [statusClass: number, statusDetail: number]>>;
export type LoginStatus = keyof typeof loginStatuses;

/** A refused login: the status for the response, and a sentence for the operator. */
export class LoginRefusal {
  readonly status: LoginStatus;
  readonly detail: string;
  /** What the response says beside its status: TargetAddress, when the target has moved. */
  readonly text: readonly TextPair[];

  constructor(status: LoginStatus, detail: string, text: readonly TextPair[] = []) {
    this.status = status;
    this.detail = detail;
    this.text = text;
  }
}
