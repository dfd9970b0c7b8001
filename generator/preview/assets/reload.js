// Reloads the page once the preview has another version of it. A hidden tab does not listen, for a browser keeps only
// six connections to a server; it looks again when it is shown.
(() => {
  "use strict";
  const { version } = document.currentScript.dataset;
  let stream = null;

  const turn = () => {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else if (!stream) {
      stream = new EventSource("/__lagebild__/events");
      stream.onmessage = (event) => {
        if (event.data !== version) location.reload();
      };
    }
  };

  document.addEventListener("visibilitychange", turn);
  turn();
})();
