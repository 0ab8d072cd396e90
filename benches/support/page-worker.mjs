// Runs in the tab: the built page's own worker, spoken to as the page does (crates/protocol).

/** Starts the worker whose loader is at `loader` below `folder`; resolves to `ask(request)`, which resolves to the reply. A request is `{ Kind: content }`. */
export async function startWorker(loader, folder) {
  const base = new URL(folder, location.href).href;
  const worker = new Worker(new URL(loader, base), { type: "module", name: base });
  const waiting = new Map();
  await new Promise((ready, failed) => {
    worker.onerror = (event) => failed(new Error(event.message));
    worker.onmessage = ({ data }) => {
      if (data === "Ready") return ready();
      const { id, answer } = data.Answer ?? {};
      const { done, failed } = waiting.get(id) ?? {};
      if (!done || answer.Progress !== undefined) return;
      waiting.delete(id);
      if (typeof answer === "object" && "Done" in answer) done(answer.Done);
      else failed(new Error(JSON.stringify(answer)));
    };
  });
  let last = 0;
  return (request) =>
    new Promise((done, failed) => {
      waiting.set(++last, { done, failed });
      worker.postMessage({ Call: { id: last, request } });
    });
}

/** The same with the models loaded. */
export async function startModels(loader, folder) {
  const ask = await startWorker(loader, folder);
  const prepare = () => ask({ Prepare: { config: { own_model: null, heads: [] } } });
  const { memory } = await prepare();
  return {
    /** Bytes of its memory when loaded, and the most it had up to now. */
    loaded: Number(memory),
    memory: async () => Number((await prepare()).memory),
    /** Draws and scores `answers` answers to one prompt: tokens, drawing_seconds, scoring_seconds. */
    draw: async (answers, tokens, seed, prompt = "Explain in detail how a bicycle stays upright.") => {
      const sampling = { answers, max_tokens: tokens, temperature: 1, top_k: 50, top_p: 1, seed, system: null };
      const drawn = await ask({ Draw: { prompt, sampling } });
      return { ...drawn, tokens: Number(drawn.tokens) };
    },
  };
}
