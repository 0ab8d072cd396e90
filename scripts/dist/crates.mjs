// Which crates page and worker are compiled from, as cargo says.
import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { fail } from "./files.mjs";

const TARGET = "wasm32-unknown-unknown";

function cargo(source, ...args) {
  try {
    return execFileSync("cargo", [...args, "--locked"], { cwd: source, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
  } catch (error) {
    return fail(`cargo ${args[0]} could not list the crates (${error.message})`);
  }
}

const keyOf = ({ name, version }) => `${name} ${version}`;

/** What cargo knows of the workspace for wasm: packages by `name version`, and the edges between them. */
export function workspace(source) {
  const { packages, resolve } = JSON.parse(cargo(source, "metadata", "--format-version", "1", "--filter-platform", TARGET));
  const byId = new Map(packages.map((one) => [one.id, one]));
  const edges = new Map();
  for (const node of resolve.nodes) {
    const normal = node.deps.filter(({ dep_kinds }) => dep_kinds.some(({ kind }) => kind === null));
    edges.set(keyOf(byId.get(node.id)), normal.map(({ pkg }) => keyOf(byId.get(pkg))));
  }
  return { packages: new Map(packages.map((one) => [keyOf(one), one])), edges };
}

/** The crates that are compiled into `root` with these `features`, as cargo is told them, each `{ key, name, version, licence, authors, own, folder, needs, root }`, sorted by name. */
export function compiledInto(source, { packages, edges }, root, features = []) {
  // The tree knows the features that are on for this one package; the metadata know those of the whole workspace.
  const tree = cargo(source, "tree", "--target", TARGET, "--package", root, ...features, "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}");
  const keys = new Set([...tree.matchAll(/^(\S+) v(\S+)/gm)].map(([, name, version]) => keyOf({ name, version })));
  return [...keys].sort().map((key) => {
    const found = packages.get(key) ?? fail(`cargo's metadata know no ${key}`);
    return {
      key,
      name: found.name,
      version: found.version,
      licence: (found.license ?? "").replaceAll("/", " OR "),
      authors: found.authors,
      own: found.source === null,
      folder: dirname(found.manifest_path),
      needs: (edges.get(key) ?? []).filter((other) => keys.has(other)),
      root: found.name === root,
    };
  });
}
