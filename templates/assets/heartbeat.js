// Warns when the site was not renewed in time.
(() => {
  "use strict";
  const warn = document.querySelector("[data-heartbeat]");
  const judge = async () => {
    try {
      const answer = await fetch(warn.dataset.heartbeat, { cache: "no-cache" });
      const heartbeat = await answer.json();
      warn.textContent = Date.now() < Date.parse(heartbeat.next_update_before) ? "" : warn.dataset.stale;
    } catch {
      // Without an answer nothing is known: the page still says when it was made.
    }
  };

  if (warn && location.protocol.startsWith("http")) {
    judge();
    setInterval(judge, 300000);
  }
})();
