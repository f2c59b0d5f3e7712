/** The repository tests itself: the house rules that no linter knows. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");
const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(path.join(root, file)));
const sources = tracked.filter((file) => file.endsWith(".ts") && !file.includes("/generated/"));
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const houses = [
  ...new Set(
    tracked
      .filter((file) => /^(packages|services)\//.test(file))
      .map((file) => file.split("/").slice(0, 2).join("/")),
  ),
];

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Lines of a file past which it is two files. */
const linesMax = 400;

describe("every source file", () => {
  test(`has at most ${linesMax} lines`, () => {
    const long = sources.filter((file) => read(file).split("\n").length > linesMax + 1);
    expect(long).toEqual([]);
  });

  test("begins by saying what it is", () => {
    const silent = sources.filter(
      (file) => !/^(#!.*\n)?\/\*\*/.test(read(file)) && !file.endsWith(".test.ts"),
    );
    expect(silent).toEqual([]);
  });

  test("is named in kebab case", () => {
    const odd = sources.filter((file) => !/^[a-z0-9][a-z0-9.-]*\.ts$/.test(path.basename(file)));
    expect(odd).toEqual([]);
  });

  test("leaves no reminder behind", () => {
    // Spelt backwards, or this file would find itself.
    const words = ["ODOT", "EMXIF", "KCAH"].map((word) => word.split("").toReversed().join(""));
    words.push("X".repeat(3));
    const reminder = new RegExp(
      `\\b(${words.join("|")})\\b|@ts-(ignore|nocheck)|\\b(it|test|describe)\\.(skip|only|todo|skipIf|runIf)\\(`,
    );
    const left = sources.filter((file) => reminder.test(read(file)));
    expect(left).toEqual([]);
  });
});

describe("every package and service", () => {
  test.each(houses)("%s has a DESIGN.md", (house) => {
    if (house === "packages/tooling") return;
    expect(tracked).toContain(`${house}/DESIGN.md`);
  });

  test.each(houses)("%s takes each third-party version from the catalog", (house) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- pnpm has read the file before us
    const manifest = JSON.parse(read(`${house}/package.json`)) as PackageJson;
    const versions = { ...manifest.dependencies, ...manifest.devDependencies };
    const own = Object.entries(versions).filter(
      ([, version]) => version !== "catalog:" && version !== "workspace:*",
    );
    expect(own).toEqual([]);
  });

  test.each(houses)("%s has one door", (house) => {
    const inside = new RegExp(`from "(@reelhouse/[a-z-]+/src|(\\.\\./)+(packages|services)/)`);
    const burglars = sources.filter(
      (file) => file.startsWith(`${house}/`) && inside.test(read(file)),
    );
    expect(burglars).toEqual([]);
  });
});

describe("core packages (iscsi, scsi, medium)", () => {
  const core = sources.filter(
    (file) => /^packages\/(iscsi|scsi|medium)\/src\//.test(file) && !/test/.test(file),
  );

  test("own no socket, clock, timer or environment", () => {
    const forbidden =
      /from "node:(net|tls|http|https|timers|child_process)|\b(setTimeout|setInterval|setImmediate)\(|\bDate\.now\(|\bnew Date\(\)|process\.env/;
    expect(core.filter((file) => forbidden.test(read(file)))).toEqual([]);
  });

  test("never join payload: no Buffer.concat on the data path", () => {
    expect(core.filter((file) => /Buffer\.concat\(/.test(read(file)))).toEqual([]);
  });
});
