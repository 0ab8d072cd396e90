// Registers the service worker and tells the page when a new version waits, by the event `map-palette-update` on window.
// Reloading is how a person takes the new version: a page that loads while a version waits asks it to take over, and loads once more.
// `event.detail.others` is the number of other open pages that stand in the way of that (0: a reload will do).
(() => {
  // Without a service worker (an insecure address, a private window) the page works all the same, with the network.
  if (!("serviceWorker" in navigator) || !isSecureContext) return;

  let started = false;
  let untold = null;
  let refused = false;
  const tell = (others) => {
    if (started) dispatchEvent(new CustomEvent("map-palette-update", { detail: { others } }));
    else untold = others;
  };
  // Nobody listens before the page has started.
  addEventListener("TrunkApplicationStarted", () => {
    started = true;
    if (untold !== null) tell(untold);
  });

  const container = navigator.serviceWorker;
  container.addEventListener("message", (event) => {
    if (event.data?.type !== "take-over-refused") return;
    refused = true;
    tell(event.data.others);
  });

  const follow = (worker) => {
    if (!worker) return;
    worker.addEventListener("statechange", () => {
      // Without a controller this is the first version, not a new one.
      if (worker.state === "installed" && container.controller) tell(0);
    });
  };

  const SCRIPT = "./sw.js";
  /** The address as Trusted Types want it, where the browser has them. */
  const trusted = () => {
    const createScriptURL = (address) => (address === SCRIPT ? address : null);
    return globalThis.trustedTypes?.createPolicy("map-palette-offline", { createScriptURL }).createScriptURL(SCRIPT) ?? SCRIPT;
  };

  /** Milliseconds that the page waits for a version to take over, and from one asking to the next. */
  const PATIENCE = 4000;
  const AGAIN = 250;

  /**
   * Where a version waits, it takes over before the page begins anything (public/boot.js waits for this): what begins is cut short by
   * the reload. Resolves when the page is to begin with the version that it has. While the old version still hands out files a browser
   * may put the change off and forget about it, so it is asked for again.
   */
  const switchOver = async () => {
    if (!container.controller) return;
    const waiting = (await container.getRegistration("./"))?.waiting;
    if (!waiting) return;
    container.addEventListener("controllerchange", () => location.reload(), { once: true });
    const end = Date.now() + PATIENCE;
    while (waiting.state === "installed" && !refused && Date.now() < end) {
      waiting.postMessage({ type: "take-over" });
      await new Promise((then) => setTimeout(then, AGAIN));
    }
    // It has taken over, and the page is about to be loaded again.
    if (waiting.state !== "installed") await new Promise((then) => setTimeout(then, PATIENCE));
    else if (!refused) tell(0);
  };
  globalThis.mapPaletteSwitching = switchOver().catch(() => {});

  const register = async () => {
    try {
      const registration = await container.register(trusted(), { scope: "./" });
      registration.addEventListener("updatefound", () => follow(registration.installing));
      follow(registration.installing);
    } catch (error) {
      console.info("The page will not work offline:", error);
    }
  };
  // At a first visit after the page has what it needs itself: a version is kept whole, and all of it would come beside what the person
  // waits for.
  const LATEST = 20000;
  let registered = false;
  const once = () => {
    if (!registered) register();
    registered = true;
  };
  const loaded = (then) => (document.readyState === "complete" ? then() : addEventListener("load", then, { once: true }));
  if (container.controller) {
    loaded(once);
  } else {
    addEventListener("map-palette-solved", once, { once: true });
    loaded(() => setTimeout(once, LATEST));
  }
})();
