// Tells a learning platform (SCORM 1.2) how far the lesson in the frame is: the page says it by messages, the platform hears it through
// the object API that it puts into a window above this one.
(function () {
  "use strict";
  var frame = document.getElementById("page");
  var began = Date.now();
  var ended = false;

  function find(from) {
    for (var depth = 0; from && depth < 12; depth++) {
      try {
        if (from.API) return from.API;
      } catch (error) {
        return null; // A window of another site.
      }
      if (from.parent === from) return null;
      from = from.parent;
    }
    return null;
  }

  var api = find(window);
  if (!api && window.opener) api = find(window.opener);

  function say(words) {
    var note = document.getElementById("note");
    note.textContent = words;
    note.hidden = false;
  }

  function set(name, value) {
    if (api.LMSSetValue(name, String(value)) === "false") say("The learning platform did not take " + name + " (error " + api.LMSGetLastError() + ").");
  }

  function two(n) {
    return (n < 10 ? "0" : "") + n;
  }

  /** HHHH:MM:SS, as SCORM 1.2 has it. */
  function time() {
    var seconds = Math.round((Date.now() - began) / 1000);
    var hours = Math.floor(seconds / 3600);
    return ("000" + hours).slice(-4) + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
  }

  if (!api) return say("No learning platform was found around this lesson: it can be done, but nothing is reported.");
  if (api.LMSInitialize("") === "false") return say("The learning platform could not begin the lesson: nothing is reported.");
  var before = api.LMSGetValue("cmi.core.lesson_status");
  if (before === "not attempted" || before === "unknown" || !before) set("cmi.core.lesson_status", "incomplete");
  set("cmi.core.score.min", 0);
  set("cmi.core.score.max", 100);
  api.LMSCommit("");

  addEventListener("message", function (event) {
    var told = event.data;
    if (ended || event.source !== frame.contentWindow || !told || told.type !== "map-palette-lesson") return;
    if (!(told.tasks > 0) || !(told.right >= 0)) return;
    set("cmi.core.score.raw", Math.round((100 * Math.min(told.right, told.tasks)) / told.tasks));
    set("cmi.core.lesson_status", told.right >= told.tasks ? "completed" : "incomplete");
    api.LMSCommit("");
  });

  function finish() {
    if (ended) return;
    ended = true;
    set("cmi.core.session_time", time());
    api.LMSCommit("");
    api.LMSFinish("");
  }
  addEventListener("pagehide", finish);
  addEventListener("beforeunload", finish);
})();
