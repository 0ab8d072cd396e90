// A small static server: for scripts/serve, and for the browser tests. Sends files with the types that browsers insist on,
// and in the compressed form that the build has laid beside them where the browser takes it (scripts/dist/compress.mjs).
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".gguf": "application/octet-stream",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".jsonl": "application/jsonl; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** Forms in which the build lays files beside themselves, the smallest first: their extension, and their name between browser and server. */
const ENCODINGS = [
  [".br", "br"],
  [".gz", "gzip"],
];

/** Whether a browser that says `accepted` takes `encoding`. */
function takes(accepted, encoding) {
  const listed = (accepted ?? "").split(",").map((part) => part.split(";").map((word) => word.trim().toLowerCase()));
  const named = listed.find(([name]) => name === encoding) ?? listed.find(([name]) => name === "*");
  return named !== undefined && !named.slice(1).some((parameter) => /^q=0(\.0*)?$/.test(parameter));
}

/** The smallest form of `file` that the browser takes: `{ place, encoding, found }`. `varies`: whether another browser would get another. */
async function formOf(file, found, accepted) {
  let varies = false;
  for (const [extension, encoding] of ENCODINGS) {
    const form = await stat(file + extension).catch(() => null);
    if (!form?.isFile()) continue;
    varies = true;
    if (takes(accepted, encoding)) return { place: file + extension, encoding, found: form, varies };
  }
  return { place: file, found, varies };
}

/**
 * Serves `dir` under the path `base` and resolves to `{ url, close }`.
 * `headers` go with every file, in place of those that the build wants.
 * `intercept(path, request, response)` may answer a request itself: it then returns true. `path` is relative to `base`.
 */
export async function startServer({ dir, host = "127.0.0.1", port = 0, base = "/", intercept = () => false, headers }) {
  const top = resolve(dir);
  const policy = headers ?? (await builtHeaders(top));
  const server = createServer((request, response) => {
    handle({ top, base, intercept, policy }, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise((done, failed) => server.once("error", failed).listen(port, host, done));
  const shown = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${shown === "127.0.0.1" ? "localhost" : shown}:${server.address().port}${base}`,
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}

/** The headers that the build wants for every file, its policy among them. A folder that is no build of the page has none. */
async function builtHeaders(top) {
  const text = await readFile(join(top, "security.json"), "utf8").catch(() => null);
  return text === null ? {} : JSON.parse(text).headers;
}

async function handle({ top, base, intercept, policy }, request, response) {
  const refuse = (status, text) => response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  let path;
  try {
    path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  } catch {
    return refuse(400, "This address cannot be read.");
  }
  if (path + "/" === base) return response.writeHead(301, { Location: base }).end();
  if (!path.startsWith(base)) return refuse(404, "There is no such file.");
  path = path.slice(base.length);
  if (await intercept(path, request, response)) return undefined;
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "Files can only be read.");

  const file = normalize(join(top, path === "" || path.endsWith("/") ? `${path}index.html` : path));
  if (file.includes("\0") || !file.startsWith(top + sep)) return refuse(404, "There is no such file.");
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) return refuse(404, "There is no such file.");

  const form = await formOf(file, found, request.headers["accept-encoding"]);
  const tag = `"${form.found.size.toString(16)}-${Math.round(form.found.mtimeMs).toString(16)}${form.encoding ? `-${form.encoding}` : ""}"`;
  const headers = {
    ...policy,
    "Content-Type": TYPES[extname(file).toLowerCase()] ?? "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    // Kept, but asked about each time: a new build shows at once.
    "Cache-Control": "no-cache",
    ETag: tag,
    ...(form.varies && { Vary: "Accept-Encoding" }),
    ...(form.encoding && { "Content-Encoding": form.encoding }),
  };
  if (request.headers["if-none-match"] === tag) return response.writeHead(304, headers).end();
  response.writeHead(200, { ...headers, "Content-Length": form.found.size });
  if (request.method === "HEAD") return response.end();
  return createReadStream(form.place)
    .on("error", () => response.destroy())
    .pipe(response);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { dir: { type: "string" }, host: { type: "string" }, port: { type: "string" } } });
  const port = Number(values.port ?? 8080);
  const host = values.host ?? "127.0.0.1";
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error(`Failed: --port needs a number from 0 to 65535, not “${values.port}”.`);
    process.exit(1);
  }
  try {
    const { url } = await startServer({ dir: values.dir ?? "dist", host, port });
    console.log(`MAP Palette is at ${url} (Ctrl+C ends it).`);
  } catch (error) {
    const why = error.code === "EADDRINUSE" ? `port ${port} is in use; choose another with --port` : error.message;
    console.error(`Failed: ${why}.`);
    process.exit(1);
  }
}
