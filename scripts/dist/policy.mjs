// What the page may do, as the browser enforces it: one policy, for the page's own meta element, for every server, and for what the
// service worker answers. The reasons are in docs/hosting.md.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Hashes of inline scripts: there are none, every script is a file. */
export const HASHES = [];
/** Policies of Trusted Types: `default` is made by public/boot.js, the other by public/register-sw.js. */
export const POLICIES = ["default", "map-palette-offline"];

const DIRECTIVES = [
  "default-src 'none'",
  ["script-src 'self' 'wasm-unsafe-eval'", ...HASHES.map((hash) => `'${hash}'`)].join(" "),
  "style-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "img-src 'self' data: blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];
const TRUSTED_TYPES = ["require-trusted-types-for 'script'", `trusted-types ${POLICIES.join(" ")}`];

/** For the meta element, where browsers do not know `frame-ancestors`. */
export const PAGE_POLICY = [...DIRECTIVES, ...TRUSTED_TYPES].join("; ");

/** Headers of every file. `ancestors`: who may show the page in a frame, as `frame-ancestors` has it. */
export function headers(ancestors = process.env.MAP_PALETTE_FRAME_ANCESTORS || "'none'") {
  return {
    "Content-Security-Policy": [...DIRECTIVES, `frame-ancestors ${ancestors}`, ...TRUSTED_TYPES].join("; "),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  };
}

export const TYPES = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
};

/** Where each kind of host looks for its settings; `hosting/` holds those that belong elsewhere than into the served folder. */
export function hostFiles() {
  const all = Object.entries(headers());
  const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
  const list = all.map(([key, value]) => ({ key, value }));
  return {
    // Netlify, Cloudflare Pages.
    _headers: `/*\n${all.map(([name, value]) => `  ${name}: ${value}`).join("\n")}\n  Cache-Control: no-cache\n`,
    // Apache.
    ".htaccess": [
      "AddType text/javascript .js",
      "AddType application/wasm .wasm",
      "AddType application/manifest+json .webmanifest",
      "<IfModule mod_headers.c>",
      ...all.map(([name, value]) => `  Header always set ${name} "${value}"`),
      '  Header always set Cache-Control "no-cache"',
      "</IfModule>",
      "",
    ].join("\n"),
    // Into the `server` or `location` block.
    "hosting/nginx.conf": [
      "# To send the compressed forms that lie beside the files, where nginx has these modules:",
      "#   gzip_static on;",
      "#   brotli_static on;  (ngx_brotli)",
      "# nginx knows .wasm since 1.21.4; before that, add `application/wasm wasm;` to mime.types.",
      ...all.map(([name, value]) => `add_header ${name} "${value}" always;`),
      'add_header Cache-Control "no-cache" always;',
      "",
    ].join("\n"),
    "hosting/Caddyfile": `# To send the compressed forms that lie beside the files, say in the site's block:\n#   file_server {\n#     precompressed br gzip\n#   }\nheader {\n${all.map(([name, value]) => `\t${name} "${value}"`).join("\n")}\n\tCache-Control no-cache\n}\n`,
    "hosting/firebase.json": json({ hosting: { public: "dist", headers: [{ source: "**", headers: [...list, { key: "Cache-Control", value: "no-cache" }] }] } }),
    "hosting/vercel.json": json({ headers: [{ source: "/(.*)", headers: [...list, { key: "Cache-Control", value: "no-cache" }] }] }),
    "security.json": json({ HASHES, POLICIES, meta: PAGE_POLICY, headers: headers() }),
  };
}

export async function writeHostFiles(stage) {
  await mkdir(join(stage, "hosting"), { recursive: true });
  for (const [name, text] of Object.entries(hostFiles())) await writeFile(join(stage, name), text);
}

/** Files that are for whoever runs a server, not for the page: hosts may refuse to serve them. */
export const isForTheHost = (file) => file === "_headers" || file === ".htaccess" || file === "security.json" || file.startsWith("hosting/");
