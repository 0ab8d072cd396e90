// Sets the theme, and says in a sentence why the page cannot start, or what it waits for. Old JavaScript on purpose: a browser that is
// too old for the page runs this. What loads the page itself is boot.js, which says how far it is by the event `map-palette-start`.
(function () {
  "use strict";
  // Milliseconds without a word from the network after which the page says what it waits for.
  var PATIENCE = 8000;
  var REMEDY_BROWSER = " Please use a current browser: Chrome or Edge 91, Firefox 89, Safari 16.4, or a newer one.";
  var REMEDY_SERVER = " If a reload does not help, tell whoever runs this page; “palette verify” finds the files that are not as they were built.";

  try {
    // JSON, or the bare name that earlier versions kept. A browser that keeps nothing has none.
    var theme = (localStorage.getItem("map-palette-theme") || "").replace(/"/g, "");
    if (theme === "light" || theme === "dark" || theme === "projector") document.documentElement.setAttribute("data-theme", theme);
  } catch (error) {}

  var ended = false; // The page has started, or it is said why not.
  var waitsFor = "its program";
  var heard = Date.now();
  var blocked = ""; // What a policy has blocked so far, in a sentence.
  var unreadable = false; // A script was not understood.

  function byId(id) {
    return document.getElementById(id);
  }

  function say(words) {
    var place = byId("loading");
    if (!place) return;
    place.textContent = words;
    place.hidden = false;
  }

  /** Says for good why the page cannot start. `words`: sentences with their remedy. */
  function cannotStart(words) {
    var place = byId("cannot-start");
    if (ended || !place) return;
    ended = true;
    if (byId("loading")) byId("loading").hidden = true;
    byId("cannot-start-title").textContent = "MAP Palette cannot start";
    byId("cannot-start-why").textContent = words + (words.indexOf("Content-Security-Policy") < 0 ? blocked : "");
    byId("cannot-start-reasons").hidden = true;
    place.className += " sure";
    place.hidden = false;
  }
  window.mapPaletteCannotStart = cannotStart;

  function started() {
    ended = true;
    var place = byId("cannot-start");
    if (place) place.parentNode.removeChild(place);
  }

  /** Why this browser cannot run the page, or nothing. */
  function lacks() {
    if (location.protocol === "file:" && !window.mapPaletteCarried) {
      return "It was opened from the disk, where browsers run no modules. Serve its folder by a web server, for example with " +
        "“scripts/serve” or “python3 -m http.server”, and open the address that it says. Or open the page in one file " +
        "(map-palette.html, by “scripts/build --one-file”), which is made for that.";
    }
    if (typeof WebAssembly !== "object") {
      return "This browser has no WebAssembly, which MAP Palette is made of, or has it switched off." + REMEDY_BROWSER;
    }
    if (!("noModule" in document.createElement("script")) || typeof BigInt !== "function" || typeof fetch !== "function" ||
      typeof ReadableStream !== "function" || typeof Symbol !== "function" || typeof globalThis !== "object") {
      return "This browser is too old for MAP Palette." + REMEDY_BROWSER;
    }
    try {
      new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    } catch (error) {
      return "WebAssembly, which MAP Palette is made of, is blocked. The server's Content-Security-Policy has to allow it: " +
        "script-src 'self' 'wasm-unsafe-eval' (docs/hosting.md has the whole policy, and the build has it ready for the usual servers). " +
        "Where it does, a setting of this browser or an extension blocks it.";
    }
    // One function that uses a 128-bit vector.
    var simd = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
    if (!WebAssembly.validate(new Uint8Array(simd))) {
      return "This browser's WebAssembly has no vectors (SIMD), which MAP Palette needs." + REMEDY_BROWSER;
    }
    return "";
  }

  /** The page's scripts, each with the hash that the build gave it. */
  function scripts() {
    var found = document.querySelectorAll("script[type=module][src], link[rel=modulepreload]");
    var list = [];
    for (var i = 0; i < found.length; i++) list.push({ url: found[i].src || found[i].href, integrity: found[i].integrity });
    return list;
  }

  /** Resolves to what is wrong with a script, or to an empty text. */
  function examine(script) {
    var name = script.url.split("/").pop();
    return fetch(script.url, { credentials: "same-origin" }).then(function (response) {
      var type = (response.headers.get("Content-Type") || "no type").split(";")[0].toLowerCase();
      if (!response.ok) return "Its file " + name + " is missing: the server answered " + response.status + "." + REMEDY_SERVER;
      if (!/^(text|application)\/(x-)?(java|ecma)script$/.test(type)) {
        return "The server sends the script " + name + " as " + type + ", and browsers run it only as text/javascript." +
          " Whoever runs the server has to set this type for .js files.";
      }
      return fetch(script.url, { credentials: "same-origin", integrity: script.integrity }).then(
        function () { return ""; },
        function () {
          return "Its file " + name + " is not what was built: something on the way altered it, such as a proxy, an extension, or an upload " +
            "that was not finished. Reload the page, or try another network." + REMEDY_SERVER;
        });
    }, function () {
      return "Its file " + name + " could not be fetched. Check the connection and reload the page.";
    });
  }

  /** None of the page's modules has run: finds out why. */
  function diagnose() {
    if (ended || window.mapPaletteStart || typeof Promise !== "function" || typeof fetch !== "function") return;
    var list = scripts();
    var next = function (i) {
      if (ended || window.mapPaletteStart) return;
      if (i < list.length) {
        examine(list[i]).then(function (wrong) {
          if (!wrong) return next(i + 1);
          forgetCopy();
          cannotStart(wrong);
        });
      } else if (unreadable) {
        cannotStart("This browser does not understand its scripts; it is too old." + REMEDY_BROWSER);
      } else {
        cannotStart("Its scripts came as they should, but did not run. An extension or a setting of this browser may block them, or a part of them " +
          "did not come: reload the page." + (blocked ? "" : REMEDY_SERVER));
      }
    };
    next(0);
  }

  /** A copy for use without a network that does not start is no use: the next load takes all from the network. */
  function forgetCopy() {
    var container = navigator.serviceWorker;
    if (container && container.controller && navigator.onLine !== false) container.controller.postMessage({ type: "could-not-start" });
  }

  function follow(state) {
    if (!state || ended) return;
    heard = Date.now();
    if (state.failed) {
      if (state.forget) forgetCopy();
      return cannotStart(state.failed);
    }
    waitsFor = state.waitsFor;
    say("Loading MAP Palette…" + (state.total ? " " + (state.bytes / 1e6).toFixed(1) + " of " + (state.total / 1e6).toFixed(1) + " MB" : ""));
  }

  function begin() {
    if (window.wasmBindings) return started();
    var place = byId("cannot-start");
    if (!window.mapPaletteStart && place) place.hidden = true;
    var why = lacks();
    if (why) return cannotStart(why);
    if (window.mapPaletteStart) follow(window.mapPaletteStart);
    else say("Loading MAP Palette…");
    setInterval(function () {
      var seconds = Math.round((Date.now() - heard) / 1000);
      if (ended || seconds * 1000 < PATIENCE) return;
      say("MAP Palette waits for " + waitsFor + ", of which nothing has come for " + seconds + " seconds. It starts as soon as that is " +
        "there. If it does not, check the connection and reload the page.");
    }, 1000);
    // After the load event every module has run or failed.
    var afterLoad = function () { setTimeout(diagnose, 300); };
    if (document.readyState === "complete") afterLoad();
    else addEventListener("load", afterLoad);
  }

  addEventListener("TrunkApplicationStarted", started);
  addEventListener("map-palette-start", function (event) { follow(event.detail); });
  addEventListener("error", function (event) {
    var element = event.target;
    if (element && element.tagName === "SCRIPT" && element.type === "module") diagnose();
    else if (event.error instanceof SyntaxError) unreadable = true;
  }, true);
  document.addEventListener("securitypolicyviolation", function (event) {
    if (event.disposition === "report") return;
    if (window.wasmBindings || blocked) return;
    blocked = " The server's Content-Security-Policy blocks " + (event.blockedURI || "a part of it") + " by its " + event.effectiveDirective +
      "; docs/hosting.md says what it has to allow.";
    // Told of after what it was the reason of.
    var why = byId("cannot-start-why");
    if (ended && why && why.textContent.indexOf("Content-Security-Policy") < 0) why.textContent += blocked;
  });
  // As soon as the words below stand there: DOMContentLoaded waits for the page's modules, which may be slow.
  (function whenThere() {
    if (byId("failed") || document.readyState !== "loading") begin();
    else setTimeout(whenThere, 20);
  })();
})();
