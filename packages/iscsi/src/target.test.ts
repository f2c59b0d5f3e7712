/** What the transcripts cannot say: PDUs of no known kind, limits, and the release of what was never sent. */
import { expect, test } from "vitest";
import { defaultLimits, type Limits } from "./limits.ts";
import { dataSegmentOf, joinViews } from "./pdu/data-segment.ts";
import { decodeText } from "./pdu/text.ts";
import { Device } from "./testdata-runner/device.ts";
import { parseLine } from "./testdata-runner/lines.ts";
import { SlabCount, settled, Wire } from "./testdata-runner/wire.ts";
import { IscsiTarget } from "./target.ts";

const NAME = "iqn.2026-11.io.reelhouse:gw1-tapedrive-01";

function start(limits: Partial<Limits> = {}) {
  const device = new Device(() => {});
  const slabs = new SlabCount();
  const target = new IscsiTarget({
    targets: () => [{ name: NAME }],
    scsiTarget: () => device,
    commandWindow: () => 16,
    limits,
  });
  const connect = (source = "192.0.2.2"): Wire => new Wire(target, slabs, () => {}, { source });
  return { target, device, slabs, connect };
}

function send(wire: Wire, line: string): void {
  wire.send(parseLine(line, { cmdSN: 1, ttt: 0xffffffff }).raw);
}

function login(wire: Wire, isid = "800000000001", keys = ""): void {
  const names = `"InitiatorName=iqn.2026-11.org.example:b" "TargetName=${NAME}" ${keys}`;
  send(wire, `LoginRequest transit csg=1 nsg=3 isid=${isid} ${names}`);
}

test("an opcode nobody defines → Reject: Command Not Supported, and the session goes on", () => {
  const wire = start().connect();
  login(wire);
  const bhs = new Uint8Array(48);
  bhs[0] = 0x40 | 0x1d;
  wire.send({ bhs, ahs: new Uint8Array(0), data: dataSegmentOf() });
  send(wire, "NopOut immediate itt=2");
  expect(wire.received.slice(1)).toMatchObject([
    { kind: "Reject", reason: 0x05 },
    { kind: "NopIn" },
  ]);
});

test("a target's opcode from an initiator → Reject: Command Not Supported", () => {
  const wire = start().connect();
  login(wire);
  const bhs = new Uint8Array(48);
  bhs[0] = 0x21;
  wire.send({ bhs, ahs: new Uint8Array(0), data: dataSegmentOf() });
  expect(wire.received.at(-1)).toMatchObject({ kind: "Reject", reason: 0x05 });
});

test("a command with the tag of a task management function under way → Reject: Task In Progress", () => {
  const wire = start().connect();
  login(wire);
  send(wire, "TaskManagementRequest immediate function=5 itt=2");
  send(wire, "ScsiCommand immediate final itt=2");
  expect(wire.received.slice(1)).toMatchObject([{ kind: "Reject", reason: 0x07 }]);
});

test("a header longer than the initiator takes in one PDU is rejected → its beginning is quoted", () => {
  const wire = start().connect();
  login(wire, "800000000001", '"MaxRecvDataSegmentLength=512"');
  const { bhs, data } = parseLine("NopOut immediate itt=2", { cmdSN: 1, ttt: 0xffffffff }).raw;
  bhs[4] = 250;
  wire.send({ bhs, ahs: new Uint8Array(1000), data });
  const answer = wire.received.at(-1);
  expect(answer).toMatchObject({ kind: "Reject", reason: 0x04 });
  expect(answer?.data.byteLength).toBe(512);
});

test("more immediate commands than the limit → Reject: Immediate Command Reject", () => {
  const wire = start({ immediateCommandsMax: 2 }).connect();
  login(wire);
  for (const itt of [2, 3, 4])
    send(wire, `ScsiCommand immediate final read itt=${itt} cdb=e00000000000`);
  expect(wire.received.slice(1)).toMatchObject([{ kind: "Reject", reason: 0x06 }]);
});

test("a target that names no address → is announced at the one by which the initiator came", () => {
  const wire = start().connect();
  send(
    wire,
    'LoginRequest transit csg=1 nsg=3 "InitiatorName=iqn.2026-11.org.example:b" "SessionType=Discovery"',
  );
  send(wire, 'TextRequest immediate final itt=2 "SendTargets=All"');
  const answer = wire.received.at(-1);
  const text = answer?.kind === "TextResponse" ? decodeText(joinViews(answer.data.views)) : [];
  expect(text).toContainEqual(["TargetAddress", "192.0.2.1:3260,1"]);
});

test("more connections than the limit → login refused: out of resources", () => {
  const { connect } = start({ connectionsMax: 1 });
  login(connect());
  const second = connect();
  login(second, "800000000002");
  expect(second.received).toMatchObject([
    { kind: "LoginResponse", statusClass: 3, statusDetail: 2 },
  ]);
  expect(second.closeReason).toBeDefined();
});

const discover = (wire: Wire, name = "b"): void =>
  send(
    wire,
    `LoginRequest transit csg=1 nsg=3 "InitiatorName=iqn.2026-11.org.example:${name}" "SessionType=Discovery"`,
  );
const isOpen = (wire: Wire): boolean => wire.closeReason === undefined;

test("a flood of discovery sessions → the oldest of its source leaves each time, and no session is kept out", () => {
  const { target, connect } = start({ discoverySessionsMax: 3, sessionsMax: 2 });
  const honest = connect("192.0.2.9");
  discover(honest);
  const flood = Array.from({ length: 20 }, () => connect("192.0.2.66"));
  for (const [index, wire] of flood.entries()) discover(wire, `x${index}`);
  expect(flood.filter(isOpen)).toEqual(flood.slice(-2));
  expect(flood[0]?.closeReason).toBe("newer discovery sessions took its place");
  expect(isOpen(honest)).toBe(true);
  const wires = [connect(), connect()];
  for (const [index, wire] of wires.entries()) login(wire, `80000000000${index}`);
  expect(wires.every(isOpen)).toBe(true);
  expect(target.sessions).toHaveLength(5);
});

test("sessions of one host under many names → refused at the limit of its address, another host gets in", () => {
  const { connect } = start({ sessionsPerSourceMax: 2 });
  const from = (source: string, name: string): Wire => {
    const wire = connect(source);
    const names = `"InitiatorName=iqn.2026-11.org.example:${name}" "TargetName=${NAME}"`;
    send(wire, `LoginRequest transit csg=1 nsg=3 ${names}`);
    return wire;
  };
  const crowd = ["a", "b", "c"].map((name) => from("192.0.2.66", name));
  expect(crowd.map(isOpen)).toEqual([true, true, false]);
  expect(crowd[2]?.closeReason).toBe("login refused: too many sessions of this address");
  expect(isOpen(from("192.0.2.9", "d"))).toBe(true);
  // The same port again takes its own place.
  expect(isOpen(from("192.0.2.66", "a"))).toBe(true);
});

/** A WRITE of 1 KiB, half of it sent; answers pings and says whatever else `each` does, once a second. */
function stall(each: (second: number, wire: Wire) => void, seconds: number) {
  const { target, device, slabs, connect } = start({ dataOutTimeoutMs: 5000 });
  const wire = connect();
  login(wire, "800000000001", '"InitialR2T=Yes" "ImmediateData=Yes"');
  const write = "expectedDataTransferLength=1024 cdb=0a0000040000 data=512*61";
  send(wire, `ScsiCommand immediate final write itt=2 ${write}`);
  expect(wire.received.at(-1)).toMatchObject({ kind: "R2T", bufferOffset: 512 });
  for (let second = 0; second < seconds && isOpen(wire); second += 1) {
    target.tick(1000 * second);
    each(second, wire);
  }
  return { wire, device, slabs };
}

test("an initiator that is asked for data and sends none, but answers → closed in time, what it held comes back", async () => {
  const { wire, slabs } = stall((_second, stalling) => send(stalling, "NopOut immediate itt=9"), 7);
  expect(wire.closeReason).toBe("data timeout");
  await settled();
  expect(slabs.lent).toBe(0);
});

test("data that comes by the byte → is no data: the time counts for the whole command", () => {
  const { wire } = stall((second, stalling) => {
    const place = `ttt=0 dataSN=${second} bufferOffset=${512 + 4 * second}`;
    send(stalling, `DataOut itt=2 ${place} data=4*61`);
  }, 7);
  expect(wire.closeReason).toBe("data timeout");
});

test("while we do not read for want of memory → neither missing data nor silence ends the session", () => {
  const { wire } = stall((_second, stalling) => {
    stalling.heldBack = true;
  }, 100);
  expect(wire.closeReason).toBeUndefined();
});

test("an answer the device gives at once → sent before receive returns", () => {
  const wire = start().connect();
  login(wire);
  send(wire, "ScsiCommand final itt=2 cdb=000000000000");
  expect(wire.received.at(-1)).toMatchObject({ kind: "ScsiResponse", initiatorTaskTag: 2 });
});

test("the transport breaks before it took the data → the data is released once all the same", async () => {
  const { device, target } = start();
  const releases: ((() => void) | undefined)[] = [];
  const connection = target.accept({
    localAddress: "",
    portalGroupTag: 1,
    announced: [],
    remoteAddress: "",
    source: "",
    isHeldBack: () => false,
    isTaking: () => false,
    send: (_views, sent) => void releases.push(sent),
    close: () => {},
  });
  const owner = { retain: () => {}, release: () => {} };
  const feed = (line: string): void => {
    for (const part of [parseLine(line, { cmdSN: 1 }).raw]) {
      connection.receive(part.bhs, owner);
      for (const view of part.data.views) connection.receive(view, owner);
      connection.receive(new Uint8Array((4 - (part.data.byteLength % 4)) % 4), owner);
    }
  };
  feed(
    `LoginRequest transit csg=1 nsg=3 "InitiatorName=iqn.2026-11.org.example:b" "TargetName=${NAME}"`,
  );
  feed("ScsiCommand final read itt=2 expectedDataTransferLength=512 cdb=080000020000");
  expect(device.dataInLent).toBe(1);
  connection.closed();
  await settled();
  expect(device.dataInLent).toBe(0);
  for (const sent of releases) sent?.();
  expect(device.dataInLent).toBe(0);
});

test("limits left out → the defaults", () => {
  expect(start({ connectionsMax: 3 }).target.limits).toEqual({
    ...defaultLimits,
    connectionsMax: 3,
  });
});

test("something is sent on a closed connection → nothing goes out, and its sender is told at once", () => {
  const wire = start().connect();
  wire.connection.close("test");
  let told = 0;
  wire.connection.send([parseLine("NopOut immediate", {}).raw], () => void (told += 1));
  expect(told).toBe(1);
  expect(wire.received).toEqual([]);
});

test("level 1, nothing is ever confirmed → closed at the limit, and all that was kept comes back", async () => {
  const { connect, device, slabs } = start({ unconfirmedMax: 4 });
  const wire = connect();
  login(wire, "800000000001", '"ErrorRecoveryLevel=1"');
  for (let tag = 2; tag < 6; tag += 1) {
    send(
      wire,
      `ScsiCommand immediate final read itt=${tag} expectedDataTransferLength=4 cdb=080000040000`,
    );
  }
  expect(device.dataInLent).toBe(4);
  expect(wire.closeReason).toBeUndefined();
  send(wire, "NopOut immediate itt=9 data=4*61");
  expect(wire.closeReason).toBe("the initiator confirms nothing");
  await settled();
  expect([device.dataInLent, slabs.lent]).toEqual([0, 0]);
});

test("a session → counts commands, bytes both ways and what it got wrong, under its TSIH", async () => {
  const { target, connect } = start();
  const wire = connect();
  login(wire);
  send(
    wire,
    "ScsiCommand immediate final read itt=2 expectedDataTransferLength=512 cdb=080000020000",
  );
  const write = "expectedDataTransferLength=512 cdb=0a0000020000 data=512*61";
  send(wire, `ScsiCommand immediate final write itt=3 ${write}`);
  send(wire, "SnackRequest itt=2");
  await settled();
  const [session] = target.sessions;
  expect(target.session(1)).toBe(session);
  expect(session?.statistics).toEqual({
    commands: 2,
    dataInBytes: 512,
    dataOutBytes: 512,
    protocolErrors: 1,
  });
});

test("one session is asked to log out → it alone, and its nexus is lost when it does not", async () => {
  const { target, connect } = start({ logoutTimeoutMs: 1000 });
  const wire = connect();
  const other = connect();
  login(wire);
  login(other, "800000000002");
  target.session(1)?.transport.drain();
  expect(wire.received.at(-1)).toMatchObject({ kind: "AsyncMessage", asyncEvent: 1 });
  target.tick(0);
  target.tick(1000);
  await settled();
  expect([wire.closeReason, other.closeReason]).toEqual(["logout timeout", undefined]);
  expect(target.session(2)).toBeDefined();
});
