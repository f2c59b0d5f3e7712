import { expect, test } from "vitest";
import { createAdmission } from "./admission.ts";
import { isLoopback, plainAddress, sourceOf } from "./source-address.ts";

const limits = {
  connectionRate: { burst: 4, perSecond: 2 },
  refusedLoginRate: { burst: 2, perSecond: 0.5 },
};
const outcomes = (admission: ReturnType<typeof createAdmission>, count: number, nowMs: number) =>
  Array.from({ length: count }, () => admission.connect("192.0.2.1", nowMs) ?? "in");

test("more than a burst at once → refused until the rate gives again, another source is not touched", () => {
  const admission = createAdmission(limits);
  expect(outcomes(admission, 5, 0)).toEqual(["in", "in", "in", "in", "connectionRate"]);
  expect(admission.connect("192.0.2.2", 0)).toBeUndefined();
  expect(outcomes(admission, 3, 1000)).toEqual(["in", "in", "connectionRate"]);
});

test("refused logins past their burst → no connection until the rate gives again", () => {
  const admission = createAdmission(limits);
  admission.loginRefused("192.0.2.1", 0);
  expect(outcomes(admission, 1, 0)).toEqual(["in"]);
  admission.loginRefused("192.0.2.1", 0);
  expect(outcomes(admission, 1, 0)).toEqual(["refusedLogins"]);
  expect(outcomes(admission, 1, 2000)).toEqual(["in"]);
});

test("more sources than are remembered → the new ones share an allowance; quiet ones are forgotten", () => {
  const admission = createAdmission(limits);
  const connect = (index: number, nowMs: number) =>
    admission.connect(`10.0.${index >> 8}.${index & 255}`, nowMs);
  for (let index = 0; index < 4096; index++) expect(connect(index, 0)).toBeUndefined();
  const late = Array.from({ length: 6 }, (_, index) => connect(5000 + index, 0) ?? "in");
  expect(late).toEqual(["in", "in", "in", "in", "connectionRate", "connectionRate"]);
  admission.tick(60_000);
  expect(connect(5004, 60_000)).toBeUndefined();
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:0DB8::1:2:3:4", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
])("source of %s → %s", (address, source) => expect(sourceOf(address)).toBe(source));

test("loopback in every spelling → is known", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"].every(isLoopback)).toBe(true);
  expect(isLoopback("192.0.2.1")).toBe(false);
  expect(plainAddress("fe80::1%eth0")).toBe("fe80::1");
});
