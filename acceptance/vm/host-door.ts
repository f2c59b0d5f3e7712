/**
 * What the guest may ask of this host: a line of words in, a line out, on a port of the loopback interface. It has the
 * operator's side (rules over REST, the sessions as the product sees them) and the relay that breaks connections.
 */
import { createServer, type AddressInfo, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { RestApi } from "@reelhouse/testing";
import type { Relay } from "./relay.ts";

export interface HostSide {
  readonly api: RestApi;
  readonly relay: Relay;
  /** Everything the product showed and logged so far. */
  readonly productOutput: () => Promise<string>;
}

interface Asked {
  /** Secrets that were set: none may be seen anywhere. */
  readonly secrets: Set<string>;
  /** Refused logins that the guest has heard of. */
  refusals: number;
}

/** Answers with what the guest reads, if anything. Throws Error with what it reads otherwise. */
type Answer = string | number | void;
type Request = (side: HostSide, words: readonly string[], asked: Asked) => Answer | Promise<Answer>;

const accessPath = (target: string) =>
  target === "discovery"
    ? "/v1/iscsi/discovery/access"
    : `/v1/iscsi/targets/${encodeURIComponent(target)}/access`;

const expectOk = async (side: HostSide, method: string, path: string, body?: unknown) => {
  const answer = await side.api.request<Record<string, unknown>>(method, path, body);
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};

interface SessionView {
  readonly initiatorName: string;
  readonly targetName: string | null;
  readonly chapName: string | null;
  readonly keys: Readonly<Record<string, unknown>>;
}

const REQUESTS: Readonly<Record<string, Request>> = {
  reset: ({ relay }) => relay.reset(),
  /** reset-after BYTES [TIMES [SECONDS]] */
  "reset-after": ({ relay }, [bytes, times = "1", seconds = "0"]) =>
    relay.resetAfter(Number(bytes), Number(times), Number(seconds) * 1000),
  cut: ({ relay }, [seconds]) => relay.cut(Number(seconds) * 1000),
  /** access TARGET|discovery JSON */
  access: async (side, [target = "", json = ""], { secrets }) => {
    for (const [, secret = ""] of json.matchAll(/"secret":"([^"]*)"/g)) secrets.add(secret);
    await expectOk(side, "PUT", accessPath(target), JSON.parse(json));
  },
  /** open TARGET|discovery: without rules again. */
  open: (side, [target = ""]) => expectOk(side, "DELETE", accessPath(target)).then(() => undefined),
  /** session TARGET: who is logged in and what the product says was agreed on; a word each. */
  session: async (side, [target = ""]) => {
    const body = await expectOk(side, "GET", "/v1/iscsi/sessions");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the answer is judged by what the guest reads of it
    const all = body["sessions"] as readonly SessionView[];
    return all
      .filter(({ targetName }) => targetName === target)
      .flatMap(({ initiatorName, chapName, keys }) => [
        initiatorName,
        `chap=${chapName ?? "none"}`,
        ...Object.entries(keys).map(([key, value]) => `${key}=${String(value)}`),
      ])
      .join(" ");
  },
  /** Why logins were refused since it was asked the last time, as the product's log has it. */
  refusals: async ({ productOutput }, _words, asked) => {
    const lines = (await productOutput()).match(/"event":"iscsi\.login-refused".*/g) ?? [];
    const details = lines.map((line) => /"detail":"([^"]*)"/.exec(line)?.[1] ?? "no reason");
    const since = new Set(details.slice(asked.refusals));
    asked.refusals = details.length;
    return [...since].join("; ");
  },
  /** How many of the secrets that were set stand in what the product showed. */
  "secrets-shown": async ({ productOutput }, _words, { secrets }) => {
    const output = await productOutput();
    return `${[...secrets].filter((secret) => output.includes(secret)).length} of ${secrets.size}`;
  },
};

export interface HostDoor {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens it on a free port of the loopback interface. */
export const openHostDoor = async (side: HostSide): Promise<HostDoor> => {
  const asked: Asked = { secrets: new Set(), refusals: 0 };
  const sockets = new Set<Socket>();
  const answer = async (line: string): Promise<string> => {
    const [word = "", ...words] = line.split(" ");
    const request = REQUESTS[word];
    try {
      if (request === undefined) throw new Error(`nothing is called ${word}`);
      const text = await request(side, words, asked);
      return `ok ${text ?? ""}`.trim();
    } catch (error) {
      return `error ${String(error)}`;
    }
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    createInterface({ input: socket }).once("line", (line) => {
      void answer(line).then((text) => socket.end(`${text}\n`));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a path
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
