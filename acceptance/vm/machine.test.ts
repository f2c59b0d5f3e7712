/** The guest's command line: what would make it hang, or change the image, when it is lost. */
import { expect, test } from "vitest";
import { machineArguments } from "./machine.ts";

const files = {
  kernel: "/c/vmlinux",
  initrd: "/c/initrd.gz",
  root: "/c/rootfs.ext4",
  job: "/t/job.tar",
  output: "/t/output",
  exitCode: "/t/exit",
  console: "/t/console",
};

test("the machine → emulated, without the second IOAPIC, its root disk never written to", () => {
  const line = machineArguments(files).join(" ");
  expect(line).toMatch(/-accel tcg/);
  expect(line).toMatch(/ioapic2=off/);
  expect(line).toMatch(/file=\/c\/rootfs\.ext4[^ ]*snapshot=on/);
  expect(line).toMatch(/file=\/t\/job\.tar[^ ]*readonly=on/);
});

test("devices → each on a bus of its own", () => {
  const buses = machineArguments(files).flatMap((part) => /virtio-mmio-bus\.\d+/.exec(part) ?? []);
  expect(buses.length).toBeGreaterThan(4);
  expect(new Set(buses).size).toBe(buses.length);
});
