// Runs in the tab: the built page's own worker, spoken to as the page does (src/protocol).

/** Starts the worker whose loader is at `loader` below `folder`; resolves to `ask(request)`, which resolves to the last reply, `{ Kind: content }`. */
export async function startWorker(loader, folder) {
  const base = new URL(folder, location.href).href;
  const worker = new Worker(new URL(loader, base), { type: "module", name: base });
  const waiting = new Map();
  const ready = new Promise((done, failed) => {
    waiting.set(0, { done, failed });
    worker.onerror = (event) => failed(new Error(event.message));
  });
  worker.onmessage = ({ data: { id, reply } }) => {
    const { done, failed } = waiting.get(id) ?? {};
    if (!done) return;
    const kind = typeof reply === "string" ? reply : Object.keys(reply)[0];
    if (["Loading", "Drawing", "Scoring", "Trusting"].includes(kind)) return; // on its way
    waiting.delete(id);
    if (kind === "Failed" || kind === "Lost") failed(new Error(JSON.stringify(reply)));
    else done(reply);
  };
  await ready;
  let last = 0;
  return (request) =>
    new Promise((done, failed) => {
      waiting.set(++last, { done, failed });
      worker.postMessage({ id: last, request });
    });
}

/** The same with the models loaded. */
export async function startModels(loader, folder) {
  const ask = await startWorker(loader, folder);
  const prepare = async () => (await ask({ Prepare: { own_model: null, heads: [] } })).Prepared;
  const { memory } = await prepare();
  return {
    /** Bytes of its memory when loaded, and the most it had up to now. */
    loaded: Number(memory),
    memory: async () => Number((await prepare()).memory),
    /** Draws and scores `answers` answers to one prompt: tokens, drawing_seconds, scoring_seconds. */
    draw: async (answers, tokens, seed, prompt = "Explain in detail how a bicycle stays upright.") => {
      const sampling = { answers, max_tokens: tokens, temperature: 1, top_k: 50, top_p: 1, seed, system: null };
      const { Drawn } = await ask({ Draw: { prompt, sampling } });
      return { ...Drawn, tokens: Number(Drawn.tokens) };
    },
  };
}
