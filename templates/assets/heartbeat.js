// Says that nothing is known any more when the site was not renewed in time.
(() => {
  "use strict";
  const warn = document.querySelector("[data-heartbeat]");
  const claims = [...document.querySelectorAll("[data-unknown]")].map((place) => [place, [...place.childNodes]]);
  const show = (stale) => {
    document.documentElement.classList.toggle("is-stale", stale);
    warn.textContent = stale ? warn.dataset.stale : "";
    for (const [place, said] of claims) place.replaceChildren(...(stale ? [place.dataset.unknown] : said));
  };
  const judge = async () => {
    try {
      const answer = await fetch(warn.dataset.heartbeat, { cache: "no-cache" });
      const heartbeat = await answer.json();
      show(Date.now() >= Date.parse(heartbeat.next_update_before));
    } catch {
      // Without an answer nothing is known: the page still says when it was made.
    }
  };

  if (warn && location.protocol.startsWith("http")) {
    judge();
    setInterval(judge, 300000);
  }
})();
