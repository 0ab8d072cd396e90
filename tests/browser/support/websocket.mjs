// The little of WebSocket that speaking to a browser on this machine takes: text in both directions (RFC 6455).
import { randomBytes } from "node:crypto";
import { request } from "node:http";

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** Resolves to `{ send, close }`; `receive` is called with every text that comes, `ended` once when nothing more will. */
export function openSocket(url, { receive, ended }) {
  return new Promise((done, failed) => {
    const asking = request(url.replace(/^ws:/, "http:"), {
      headers: { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": 13, "Sec-WebSocket-Key": randomBytes(16).toString("base64") },
    });
    asking.on("response", (response) => failed(new Error(`The browser answered ${response.statusCode} and opened no socket.`)));
    asking.on("error", failed);
    asking.on("upgrade", (_response, socket, first) => {
      let buffer = first;
      let parts = [];
      socket.on("data", (data) => {
        buffer = Buffer.concat([buffer, data]);
        for (let frame = frameOf(buffer); frame; frame = frameOf(buffer)) {
          buffer = buffer.subarray(frame.end);
          if (frame.opcode === CLOSE) socket.end();
          else if (frame.opcode === PING) socket.write(framed(PONG, frame.payload));
          else if (frame.opcode !== PONG) {
            parts.push(frame.payload);
            if (frame.isLast) {
              receive(Buffer.concat(parts).toString());
              parts = [];
            }
          }
        }
      });
      socket.on("error", () => {});
      socket.on("close", ended);
      done({ send: (text) => socket.write(framed(TEXT, Buffer.from(text))), close: () => socket.end(framed(CLOSE, Buffer.alloc(0))) });
    });
    asking.end();
  });
}

/** The first frame in `buffer` when it is there whole. A server masks nothing. */
function frameOf(buffer) {
  if (buffer.length < 2) return undefined;
  let length = buffer[1] & 127;
  let start = 2;
  if (length === 126) {
    if (buffer.length < 4) return undefined;
    [length, start] = [buffer.readUInt16BE(2), 4];
  } else if (length === 127) {
    if (buffer.length < 10) return undefined;
    [length, start] = [Number(buffer.readBigUInt64BE(2)), 10];
  }
  const end = start + length;
  if (buffer.length < end) return undefined;
  return { isLast: buffer[0] >= 128, opcode: buffer[0] & 15, payload: buffer.subarray(start, end), end };
}

/** One frame of a client, which has to mask. */
function framed(opcode, payload) {
  const long = payload.length > 65535 ? 8 : payload.length > 125 ? 2 : 0;
  const head = Buffer.alloc(2 + long);
  head[0] = 128 | opcode;
  head[1] = 128 | (long === 8 ? 127 : long === 2 ? 126 : payload.length);
  if (long === 2) head.writeUInt16BE(payload.length, 2);
  if (long === 8) head.writeBigUInt64BE(BigInt(payload.length), 2);
  const mask = randomBytes(4);
  const masked = Buffer.from(payload.map((byte, i) => byte ^ mask[i % 4]));
  return Buffer.concat([head, mask, masked]);
}
