// Loads WebAssembly, for the page and for its workers. It tells how much has come, compiles it whatever type the server gives it, and
// takes nothing that is not byte for byte what was built.

/** An error whose message is one or more sentences for people. `altered`: a stored copy may be to blame. */
export class CannotStart extends Error {
  constructor(message, { altered = false } = {}) {
    super(message);
    this.name = "CannotStart";
    this.altered = altered;
  }
}

const EMPTY_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
const TELL = " Reload the page. If that does not help, tell whoever runs it; “palette verify” finds the files that are not as they were built.";

/**
 * Resolves to the compiled module at `url`, which has `size` bytes and the integrity `sha256-…`. `arrived(bytes)` is told on the way.
 * `asked`: the answer of the server, where it was asked already. Rejects with a `CannotStart`.
 */
export async function loadWasm(url, { size, integrity }, arrived = () => {}, asked = fetch(url, { credentials: "same-origin" })) {
  const name = new URL(url).pathname.split("/").pop();
  const response = await asked.catch(() => {
    throw new CannotStart(`Its file ${name} could not be fetched. Check the connection and reload the page.`);
  });
  if (!response.ok) throw new CannotStart(`Its file ${name} is missing: the server answered ${response.status}.${TELL}`, { altered: true });
  const type = (response.headers.get("Content-Type") ?? "").split(";")[0].trim().toLowerCase();
  // While it comes, where the server gives it its type; else from the bytes.
  const streamed = type === "application/wasm" && WebAssembly.compileStreaming ? WebAssembly.compileStreaming(response.clone()) : null;
  streamed?.catch(() => {});
  const bytes = await bodyOf(response, name, size, arrived);
  await verify(url, name, type, bytes, integrity);
  try {
    return await (streamed ?? WebAssembly.compile(bytes));
  } catch {
    return WebAssembly.compile(bytes).catch((error) => {
      throw new CannotStart(whyNotCompiled(bytes, error));
    });
  }
}

async function bodyOf(response, name, size, arrived) {
  const parts = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new CannotStart(`The transfer of its file ${name} broke off after ${length} of ${size} bytes. Check the connection and reload the page.`);
    });
    if (done) break;
    parts.push(value);
    length += value.length;
    if (length > size) break;
    arrived(length);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function verify(url, name, type, bytes, integrity) {
  if (EMPTY_MODULE.subarray(0, 4).some((byte, i) => bytes[i] !== byte)) {
    throw new CannotStart(`Its file ${name} is not WebAssembly: the server sent something else${type ? ` (${type})` : ""} in its place.${TELL}`, { altered: true });
  }
  let same;
  if (globalThis.crypto?.subtle) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    same = `sha256-${btoa(String.fromCharCode(...digest))}` === integrity;
  } else {
    // Without https there is no digest for scripts; the browser's own check is there all the same.
    same = await fetch(url, { credentials: "same-origin", cache: "force-cache", integrity }).then(() => true, () => false);
  }
  if (same) return;
  throw new CannotStart(
    `Its file ${name} is not what was built: something on the way altered it, such as a proxy, an extension, or an upload that was not finished.${TELL}`,
    { altered: true },
  );
}

/** Why the browser does not compile the very bytes that were built. */
function whyNotCompiled(bytes, error) {
  try {
    new WebAssembly.Module(EMPTY_MODULE);
  } catch {
    return (
      "WebAssembly, which MAP Palette is made of, is blocked. The server's Content-Security-Policy has to allow it: " +
      "script-src 'self' 'wasm-unsafe-eval', for the page and for its workers. Where it does, a setting of this browser or an extension blocks it."
    );
  }
  if (!WebAssembly.validate(bytes)) {
    return "This browser's WebAssembly is too old for MAP Palette. Please use a current browser: Chrome or Edge 91, Firefox 89, Safari 16.4, or a newer one.";
  }
  return `This browser could not compile MAP Palette's WebAssembly; it may have run out of memory. Close other tabs and reload the page. It said: ${error.message}.`;
}
