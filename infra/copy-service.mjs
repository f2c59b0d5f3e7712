/**
 * For infra/Dockerfile: copies one service with the packages it runs on, and with what pnpm installed for them, to a folder
 * of their own. Neither tests nor what only development needs comes along.
 * Usage: node copy-service.mjs <workspace> <service> <folder>
 */
import { cpSync, existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

const [workspace, service, target] = process.argv.slice(2);
if (workspace === undefined || service === undefined || target === undefined)
  throw new Error("usage: node copy-service.mjs <workspace> <service> <folder>");

const scope = "@reelhouse/";
const manifestOf = (folder) =>
  JSON.parse(readFileSync(path.join(workspace, folder, "package.json"), "utf8"));

const folders = ["packages", "services"].flatMap((parent) =>
  readdirSync(path.join(workspace, parent)).map((name) => `${parent}/${name}`),
);
const folderOf = new Map(folders.map((folder) => [manifestOf(folder).name, folder]));

/** The service's folder and those of the packages it depends on, however deeply. */
const closure = (name, found = new Set()) => {
  const folder = folderOf.get(name);
  if (folder === undefined) throw new Error(`there is no ${name} in ${workspace}`);
  if (found.has(folder)) return found;
  found.add(folder);
  const dependencies = Object.keys(manifestOf(folder).dependencies ?? {});
  for (const dependency of dependencies.filter((each) => each.startsWith(scope)))
    closure(dependency, found);
  return found;
};

/** What runs: manifest, sources, what is generated from them, migrations, and pnpm's links. */
const parts = ["package.json", "src", "generated", "prisma", "node_modules"];
const isForTests = (file) =>
  /(^|\/)(testing|testing-[^/]*|testing\.ts|[^/]*\.test\.ts)$/.test(file);

const copy = (relative, filter = () => true) => {
  const from = path.join(workspace, relative);
  if (!existsSync(from)) return;
  cpSync(from, path.join(target, relative), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => filter(path.relative(from, file)),
  });
};

/** The links of a folder node_modules, scopes looked into. */
const linksIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const file = path.join(folder, entry.name);
        if (entry.isSymbolicLink()) return [file];
        return entry.isDirectory() && entry.name.startsWith("@") ? linksIn(file) : [];
      })
    : [];

const store = path.join(realpathSync(workspace), "node_modules/.pnpm");

/** The folder of pnpm's store that a link leads to; undefined: a package of our own. */
const stored = (link) => {
  const [folder] = path.relative(store, realpathSync(link)).split(path.sep);
  return folder === ".." ? undefined : folder;
};

/** Everything in pnpm's store that can be reached by links from `folder`. */
const reach = (folder, found) => {
  for (const link of linksIn(folder)) {
    const next = stored(link);
    if (next === undefined || found.has(next)) continue;
    found.add(next);
    reach(path.join(store, next, "node_modules"), found);
  }
};

const needed = new Set();
for (const folder of closure(`${scope}${service}`)) {
  reach(path.join(workspace, folder, "node_modules"), needed);
  for (const part of parts)
    copy(`${folder}/${part}`, (file) => part !== "src" || !isForTests(file));
}
for (const folder of needed) copy(`node_modules/.pnpm/${folder}`);
