/** What the guest asks of this host: a line in, a line out; what it gets when the product refuses, or nothing is called so. */
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ApiAnswer, RestApi } from "@reelhouse/testing";
import { openHostDoor, type HostDoor } from "./host-door.ts";
import type { Relay } from "./relay.ts";

const TARGET = "iqn.2026-11.io.reelhouse:gw1-tapedrive-02";
const RULE = '{"credentials":[{"chapName":"a","secret":"0123456789ab"}]}';
const refusal = (detail: string) => `{"event":"iscsi.login-refused","detail":"${detail}"}\n`;

let door: HostDoor;
let requests: string[];
let answer: ApiAnswer<unknown>;
let output: string;
beforeEach(async () => {
  requests = [];
  answer = { status: 200, body: {} };
  output = "";
  const request = (...words: readonly unknown[]) => {
    requests.push(words.filter((word) => typeof word === "string").join(" "));
    return Promise.resolve(answer);
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the door asks nothing else of it
  const api = { request } as unknown as RestApi;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same
  const relay = { reset: () => 3 } as unknown as Relay;
  door = await openHostDoor({ api, relay, productOutput: () => Promise.resolve(output) });
});
afterEach(() => door.close());

const ask = async (line: string): Promise<string> => {
  const socket = connect({ host: "127.0.0.1", port: door.port });
  await once(socket, "connect");
  socket.write(`${line}\n`);
  return (await text(socket)).trim();
};

test("what it knows → ok and the answer", async () => {
  expect(await ask("reset")).toBe("ok 3");
  expect(await ask(`access ${TARGET} ${RULE}`)).toBe("ok");
  expect(requests).toEqual([`PUT /v1/iscsi/targets/${encodeURIComponent(TARGET)}/access`]);
});

test("a word it does not know, and what the product refuses → error", async () => {
  expect(await ask("nothing")).toBe("error Error: nothing is called nothing");
  answer = { status: 409, body: { code: "ACCESS_IN_FILE" } };
  expect(await ask("open discovery")).toBe('error Error: 409 {"code":"ACCESS_IN_FILE"}');
});

test("session → keys of who is logged in to that target", async () => {
  const session = { initiatorName: "iqn.a", chapName: null, keys: { InitialR2T: true } };
  const sessions = [
    { ...session, targetName: TARGET },
    { ...session, targetName: null },
  ];
  answer = { status: 200, body: { sessions } };
  expect(await ask(`session ${TARGET}`)).toBe("ok iqn.a chap=none InitialR2T=true");
});

test("refusals → those since it was asked", async () => {
  output = refusal("one") + refusal("two");
  expect(await ask("refusals")).toBe("ok one; two");
  output += refusal("three");
  expect(await ask("refusals")).toBe("ok three");
  expect(await ask("refusals")).toBe("ok");
});

test("secrets-shown → secrets of rules that stand in the product's output", async () => {
  await ask(`access ${TARGET} ${RULE}`);
  expect(await ask("secrets-shown")).toBe("ok 0 of 1");
  output = "… 0123456789ab …";
  expect(await ask("secrets-shown")).toBe("ok 1 of 1");
});
