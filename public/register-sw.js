// Registers the service worker and tells the page when a new version waits, by the event `map-palette-update` on window.
// Reloading is how a person takes the new version: a page that loads while a version waits asks it to take over, and loads once more.
// `event.detail.others` is the number of other open pages that stand in the way of that (0: a reload will do).
(() => {
  // Without a service worker (an insecure address, a private window) the page works all the same, with the network.
  if (!("serviceWorker" in navigator) || !isSecureContext) return;

  let started = false;
  let untold = null;
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
    if (event.data?.type === "take-over-refused") tell(event.data.others);
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

  const register = async () => {
    try {
      const registration = await container.register(trusted(), { scope: "./" });
      registration.addEventListener("updatefound", () => follow(registration.installing));
      follow(registration.installing);
      if (registration.waiting && container.controller) {
        container.addEventListener("controllerchange", () => location.reload(), { once: true });
        registration.waiting.postMessage({ type: "take-over" });
      }
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
