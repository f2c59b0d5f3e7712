/**
 * `npm start`, `npm test` and their like, on nothing but Node >= 20 and the network of the first time: installs what
 * the lockfile names, generates the database client, then runs the target on the Node that the lockfile brought.
 * Plain JavaScript without dependencies, because it runs before there are any.
 */
/* oxlint-disable node/no-process-env -- A launcher hands its environment on. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";

const root = path.resolve(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  "..",
);
const pnpmVersion = "12.21.0";

const TARGETS = {
  start: "services/standalone/src/main.ts",
  test: "packages/tooling/src/run-tests.ts",
  demo: "packages/testing/src/demo/main.ts",
  bench: "packages/testing/src/bench/main.ts",
  acceptance: "acceptance/main.ts",
  soak: "acceptance/soak/main.ts",
  fuzz: "packages/iscsi/fuzz/main.ts",
  check: "packages/tooling/src/run-check.ts",
};

const node24 = path.join(root, "node_modules/.bin/node");
const installStamp = path.join(root, "node_modules/.reelhouse-install");
const generated = path.join(root, "services/inventory/generated/prisma");
const generateStamp = path.join(generated, ".reelhouse-schema");

const hashOf = (...files) => {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(path.join(root, file))).update("\0");
  return hash.digest("hex");
};
const stampIs = (stamp, value) => existsSync(stamp) && readFileSync(stamp, "utf8") === value;
const say = (text) => process.stderr.write(`${text}\n`);
const fail = (text) => {
  say(text);
  process.exit(1);
};

const isWritable = (directory) => {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** npm and pnpm keep caches at home. Without a home that can be written (user nobody) they lie in the project. */
const homeEnvironment = () => {
  const home = process.env.HOME;
  if (home !== undefined && home !== "" && isWritable(home)) return {};
  const cache = path.join(root, ".cache");
  try {
    mkdirSync(cache, { recursive: true });
  } catch (error) {
    fail(
      `${cache} cannot be made (${error.code}): this folder must belong to the user who runs it. To fix: chown -R ${os.userInfo().uid} ${root}`,
    );
  }
  return {
    HOME: cache,
    XDG_CACHE_HOME: path.join(cache, "xdg"),
    XDG_DATA_HOME: path.join(cache, "xdg-data"),
    XDG_STATE_HOME: path.join(cache, "xdg-state"),
    npm_config_cache: path.join(cache, "npm"),
  };
};

const environment = () => ({
  ...process.env,
  ...homeEnvironment(),
  TURBO_TELEMETRY_DISABLED: "1",
  PATH: `${path.join(root, "node_modules/.bin")}${path.delimiter}${process.env.PATH ?? ""}`,
});

/** Runs a step, its output shown only when it fails. */
const step = (name, command, args, env) =>
  new Promise((resolve) => {
    const begun = performance.now();
    process.stderr.write(`  ${name} … `);
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => fail(`failed: ${error.message}`));
    child.on("close", (code) => {
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      if (code !== 0)
        fail(`failed after ${seconds} s\n${output}\n${name} failed: ${command} ${args.join(" ")}`);
      process.stderr.write(`${seconds} s\n`);
      resolve();
    });
  });

const install = async () => {
  const wanted = hashOf("pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json");
  // A workspace's own links change with its package.json, which the lockfile reflects.
  if (stampIs(installStamp, wanted) && existsSync(node24)) return;
  // The npm beside this Node, whatever the PATH says; npx takes pnpm's single binary from the registry once.
  const args = ["-y", `pnpm@${pnpmVersion}`, "install", "--frozen-lockfile", "--prefer-offline"];
  await step("dependencies (the first time some 500 MB)", "npx", args, {
    ...environment(),
    CI: "1",
  });
  writeFileSync(installStamp, wanted);
};

const generateClient = async () => {
  const schema = [
    "services/inventory/prisma/schema.prisma",
    "services/inventory/prisma.config.ts",
    "pnpm-lock.yaml",
  ];
  const wanted = hashOf(...schema);
  if (stampIs(generateStamp, wanted)) return;
  rmSync(generateStamp, { force: true });
  const prisma = path.join(root, "services/inventory/node_modules/prisma/build/index.js");
  // Prisma would fetch an engine that generating does not need.
  const env = {
    ...environment(),
    PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    CHECKPOINT_DISABLE: "1",
  };
  const config = ["--config", path.join(root, "services/inventory/prisma.config.ts")];
  await step("database client", node24, [prisma, "generate", ...config], env);
  writeFileSync(generateStamp, wanted);
};

/** A terminal's Ctrl-C reaches npm, its shell and us, and npm sends it on once more: one is meant. */
const sameSignalMs = 1000;
const parentPollMs = 500;

/** Runs the target in its own process group, so that a signal reaches it once: from here. Leaves with its outcome. */
const exec = (target, args) => {
  const child = spawn(node24, [path.join(root, target), ...args], {
    cwd: root,
    env: environment(),
    // The channel tells the launcher when we are killed: it stops itself then, see service-kit's parent.ts.
    stdio: target === TARGETS.start ? ["inherit", "inherit", "inherit", "ipc"] : "inherit",
    detached: true,
  });
  const last = new Map();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - (last.get(signal) ?? -Infinity) < sameSignalMs) return;
      last.set(signal, now);
      child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
    });
  }
  if (process.env.npm_lifecycle_event !== undefined) {
    // npm ends its shell, not what the shell runs: a parent that changed means that npm was stopped.
    const parent = process.ppid;
    const poll = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(poll);
      child.kill("SIGTERM");
    }, parentPollMs);
    poll.unref();
  }
  child.on("error", (error) => fail(`${target} cannot be started: ${error.message}`));
  child.on("exit", (code, signal) =>
    process.exit(signal === null ? code : 128 + os.constants.signals[signal]),
  );
};

const [name, ...args] = process.argv.slice(2);
const target = Object.hasOwn(TARGETS, name ?? "") ? TARGETS[name] : undefined;
if (target === undefined)
  fail(`usage: node infra/bootstrap.mjs <${Object.keys(TARGETS).join("|")}> [arguments]`);
const [major] = process.versions.node.split(".");
if (Number(major) < 20)
  fail(`Node ${process.versions.node} is too old: Reelhouse needs 20 or later to begin with.`);
await install();
await generateClient();
if (!existsSync(path.join(root, target)))
  fail(`${target} is not there: this checkout is incomplete.`);
exec(target, args);
