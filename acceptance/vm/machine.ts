/** The guest's machine, as QEMU's command line (7.2 and later): what each odd option is for stands beside it. */
import { readFileSync } from "node:fs";

export interface MachineFiles {
  readonly kernel: string;
  readonly initrd: string;
  readonly root: string;
  readonly job: string;
  /** A named pipe: what main.sh prints. */
  readonly output: string;
  readonly exitCode: string;
  readonly console: string;
}

const MEMORY_MIB = 1024;
/** Emulated AVX slows libc's copies, so a processor without it. */
const PROCESSOR = "Nehalem-v1";
const PROCESSORS = 2;

/**
 * The guest's TSC is the host's, but its calibration against an emulated timer fails at random on a busy host, and the
 * kernel then hangs: it is told the frequency. bogomips / 2 is the TSC's MHz on x86; elsewhere TCG makes its own.
 */
const clockArguments = (cpuinfo: string): string => {
  const bogomips = Number(/^bogomips\s*:\s*([\d.]+)$/m.exec(cpuinfo)?.[1] ?? 0);
  if (bogomips === 0) return "";
  const kilohertz = Math.floor(bogomips * 500);
  return `tsc=reliable tsc_early_khz=${kilohertz} lpj=${kilohertz * 4}`;
};

const kernelArguments = (): string =>
  [
    "console=ttyS0 panic=-1 reboot=t mitigations=off nokaslr audit=0 apparmor=0 random.trust_cpu=on",
    clockArguments(readFileSync("/proc/cpuinfo", "utf8")),
  ].join(" ");

const virtioSerial = (name: string, path: string): string[] =>
  [
    ["-chardev", `file,id=${name},path=${path}`],
    ["-device", `virtserialport,chardev=${name},name=${name}`],
  ].flat();

/** `number`: the virtio-mmio bus, so that each device has one of its own. */
const device = (kind: string, number: number, rest = ""): string[] => [
  "-device",
  `${kind}-device,bus=virtio-mmio-bus.${number}${rest}`,
];

const disk = (id: string, file: string, options: string, number: number): string[] => [
  "-drive",
  `id=${id},file=${file},format=raw,if=none,file.locking=off,${options}`,
  ...device("virtio-blk", number, `,drive=${id},serial=${id}`),
];

export const machineArguments = (files: MachineFiles): string[] =>
  [
    ["-accel", "tcg,thread=multi,tb-size=512"],
    // With its second IOAPIC, interrupts of virtio-mmio never arrive at Debian's kernel.
    ["-M", "microvm,x-option-roms=off,rtc=on,isa-serial=on,pit=on,pic=on,ioapic2=off"],
    ["-cpu", PROCESSOR, "-m", String(MEMORY_MIB), "-smp", String(PROCESSORS)],
    ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    ["-kernel", files.kernel, "-initrd", files.initrd, "-append", kernelArguments()],
    ["-serial", `file:${files.console}`],
    // Copy on write into a file that is deleted at once: runs leave nothing behind.
    disk("root", files.root, "snapshot=on,cache=unsafe", 0),
    disk("job", files.job, "readonly=on", 1),
    ["-netdev", "user,id=network"],
    device("virtio-net", 2, ",netdev=network"),
    device("virtio-serial", 3),
    virtioSerial("output", files.output),
    virtioSerial("exit", files.exitCode),
    ["-object", "rng-random,filename=/dev/urandom,id=random"],
    device("virtio-rng", 4, ",rng=random"),
  ].flat();
