// A slow line in front of a server: everything that goes through it shares its bandwidth, and every byte takes its time. Unlike the
// browser's own throttling it holds for the page, its workers and its service worker together.
import { connect, createServer } from "node:net";

/** Milliseconds between two deliveries. */
const TICK = 4;
/** Bytes that one connection is given at a time while others wait. */
const SHARE = 2920;
/** Bytes that wait in the line before the server is held back. */
const FULL = 1 << 16;

/**
 * Listens and passes everything on to `port` of this machine. `megabits`: what comes down, per second, for all connections together;
 * `roundTrip`: milliseconds there and back. Resolves to `{ port, received, close }`; `received()` is the bytes that came down so far.
 */
export async function slowLink(port, { megabits, roundTrip }) {
  const perTick = (megabits * 1e6 * TICK) / 8000;
  const lines = new Set();
  let credit = 0;
  let received = 0;

  const server = createServer({ pauseOnConnect: true }, (browser) => {
    const upstream = connect(port, "127.0.0.1");
    const line = { waiting: [], bytes: 0, ended: false, deliver: (part) => later(() => browser.writable && browser.write(part)), end: () => later(() => browser.end()) };
    lines.add(line);
    const close = () => {
      lines.delete(line);
      browser.destroy();
      upstream.destroy();
    };
    upstream.on("data", (part) => {
      line.waiting.push(part);
      line.bytes += part.length;
      if (line.bytes > FULL) upstream.pause();
    });
    line.taken = () => line.bytes <= FULL && upstream.resume();
    upstream.on("end", () => (line.ended = true));
    upstream.on("error", close);
    browser.on("error", close);
    browser.on("close", close);
    browser.on("data", (part) => later(() => upstream.writable && upstream.write(part)));
    browser.on("end", () => later(() => upstream.end()));
    // The handshake took a round trip before anything could be asked.
    setTimeout(() => browser.resume(), roundTrip);
  });
  const later = (then) => setTimeout(then, roundTrip / 2);

  let last = performance.now();
  const clock = setInterval(() => {
    const now = performance.now();
    credit = Math.min(credit + (perTick * (now - last)) / TICK, perTick * 25);
    last = now;
    let busy = true;
    while (credit > 0 && busy) {
      busy = false;
      for (const line of [...lines]) {
        if (credit <= 0) break;
        const part = line.waiting.shift();
        if (part === undefined) {
          if (line.ended) {
            line.end();
            lines.delete(line);
          }
          continue;
        }
        busy = true;
        // Whoever was served waits behind the others.
        lines.delete(line);
        lines.add(line);
        const now = part.subarray(0, SHARE);
        if (part.length > SHARE) line.waiting.unshift(part.subarray(SHARE));
        credit -= now.length;
        received += now.length;
        line.bytes -= now.length;
        line.deliver(now);
        line.taken();
      }
    }
  }, TICK);

  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: server.address().port,
    received: () => received,
    close: () => {
      clearInterval(clock);
      server.close();
    },
  };
}
