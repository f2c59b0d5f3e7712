/** What the operator reads: steps, remarks, a service's warnings, the welcome. */
import path from "node:path";
import { expect, test } from "vitest";
import { dataLayout } from "./layout.ts";
import { createScreen } from "./screen.ts";
import { screenLine } from "./supervise/log-line.ts";
import { welcomeLines, type Welcome } from "./welcome.ts";

const record = () => {
  let text = "";
  const screen = createScreen((piece) => {
    text += piece;
  });
  return { screen, text: () => text };
};

const longLine = (level: string) => JSON.stringify({ level, msg: "x".repeat(1000) });
const address = (port: number) => ({ host: "0.0.0.0", port });

test("a step → its name at once, its time on the same line", async () => {
  const { screen, text } = record();
  const step = screen.step("postgres", async () => "url");
  expect(text()).toBe("  postgres       … ");
  expect(await step).toBe("url");
  expect(text()).toMatch(/^ {2}postgres {7}… 0\.\d s\n$/);
});

test("a remark in the middle of a step → a line of its own, the time on the next", async () => {
  const { screen, text } = record();
  await screen.step("gateway", async () => screen.say("  careful"));
  expect(text()).toMatch(/^ {2}gateway {8}… \n {2}careful\n {2}gateway {8}0\.\d s\n$/);
});

test("a step that fails → says so, and the error goes on", async () => {
  const { screen, text } = record();
  await expect(screen.step("x", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(text()).toContain("failed after");
});

test.each([
  ['{"level":"info","msg":"m"}', null],
  ['{"level":"warn","msg":"away","reason":"ECONNREFUSED"}', "  [s] warn: away (ECONNREFUSED)"],
  ['{"level":"error","event":"e"}', "  [s] error: e"],
  ["Error: at Node", "  [s] Error: at Node"],
  ["", null],
])("log line %j → %j", (line, shown) => expect(screenLine("s", line)).toBe(shown));

test("a long warning → cut; a fatal fault → whole", () => {
  expect(screenLine("s", longLine("warn"))?.length).toBeLessThan(330);
  expect(screenLine("s", longLine("fatal"))?.length).toBeGreaterThan(1000);
});

test("everything runs → `ready` first, then portal, targets, commands, API, folders, the warning", () => {
  const addresses = {
    iscsiListen: [{ ...address(3260), portalGroupTag: 1 }],
    apiListen: address(8080),
    cloudListen: address(9000),
    gatewayControlListen: address(8081),
    uploaderOpsListen: address(8082),
  };
  const welcome: Welcome = {
    seconds: 2.34,
    layout: dataLayout("/data"),
    addresses,
    reports: {
      gateway: {
        ready: true,
        iscsi: "0.0.0.0:3260",
        targets: ["iqn.a-mediachanger", "iqn.a-tapedrive-01"],
      },
      inventory: { ready: true, api: "0.0.0.0:8080" },
    },
    embeddedCloud: true,
  };
  const lines = welcomeLines(welcome);
  expect(lines[0]).toBe("ready after 2.3 s");
  const text = lines.join("\n");
  for (const part of [
    "iscsiadm -m discovery -t sendtargets -p 127.0.0.1:3260",
    "iscsiadm -m node -p 127.0.0.1:3260 --login",
    "iqn.a-tapedrive-01",
    `curl -H "Authorization: Bearer $(cat ${path.join("/data", "admin-token")})" http://127.0.0.1:8080/v1/tapes`,
    "NOT FOR PRODUCTION",
  ])
    expect(text).toContain(part);
  expect(welcomeLines({ ...welcome, embeddedCloud: false }).join("\n")).not.toContain("PRODUCTION");
});
