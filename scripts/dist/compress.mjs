// Every file that gains by it also compressed beside itself, as .br and .gz, for servers that pass these on.
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { filesIn, sha256 } from "./files.mjs";
import { isForTheHost } from "./policy.mjs";

const GAINS = /\.(css|html|js|json|svg|txt|wasm|webmanifest)$/;
/** Bytes below which a file travels in one packet as it is. */
const SMALL = 1000;

const KINDS = {
  br: (content) =>
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  // No time and no name go in, so the same content gives the same bytes.
  gz: (content) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
};

/** Files that are compressed beside themselves: none of the models, whose numbers do not get smaller. */
export const isCompressed = (file) => GAINS.test(file) && !isForTheHost(file);

/** Whether this is the compressed form of another file. */
export const isCompressedForm = (file) => /\.(br|gz)$/.test(file);

/** Compresses the files in `stage`. It takes seconds for each megabyte, so what was compressed before is kept in `$MAP_PALETTE_HOME`. */
export async function compressFiles(stage) {
  const kept = process.env.MAP_PALETTE_HOME && join(process.env.MAP_PALETTE_HOME, "compressed");
  if (kept) await mkdir(kept, { recursive: true });
  const files = (await filesIn(stage)).filter(isCompressed);
  await Promise.all(
    files.flatMap((file) =>
      Object.entries(KINDS).map(async ([kind, compress]) => {
        const content = await readFile(join(stage, file));
        if (content.length < SMALL) return;
        const smaller = await keptOr(kept, kind, content, compress);
        if (smaller.length < content.length) await writeFile(join(stage, `${file}.${kind}`), smaller);
      }),
    ),
  );
}

async function keptOr(folder, kind, content, compress) {
  if (!folder) return compress(content);
  // Another zlib may give other bytes.
  const name = sha256(`${kind} ${process.versions.brotli} ${process.versions.zlib} `, content).digest("hex").slice(0, 32);
  const place = join(folder, `${name}.${kind}`);
  if (existsSync(place)) return readFile(place);
  const smaller = await compress(content);
  await writeFile(`${place}.${process.pid}`, smaller);
  await rename(`${place}.${process.pid}`, place);
  return smaller;
}
