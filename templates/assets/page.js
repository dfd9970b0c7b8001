// Adds to a page that is complete without it: how long something has lasted, the viewer's own time, and a warning
// when the site was not renewed in time.
(() => {
  "use strict";
  const lang = document.documentElement.lang;
  const unit = (count, name) =>
    name === "day"
      ? new Intl.NumberFormat(lang, { style: "unit", unit: "day", unitDisplay: "long" }).format(count)
      : `${count}\u00a0${name}`;

  const elapsed = (since) => {
    const minutes = Math.floor((Date.now() - Date.parse(since)) / 60000);
    if (!(minutes > 0)) return "";
    const days = Math.floor(minutes / 1440);
    const hours = Math.floor((minutes % 1440) / 60);
    const parts = days
      ? [[days, "day"], [hours, "h"]]
      : [[hours, "h"], [minutes % 60, "min"]];
    return `(${parts.filter(([count]) => count).map(([count, name]) => unit(count, name)).join(" ")})`;
  };

  const showElapsed = () => {
    for (const place of document.querySelectorAll("[data-since]")) {
      place.textContent = elapsed(place.dataset.since);
    }
  };

  // Where the viewer's clock differs from the site's, the own time is added on hover.
  for (const place of document.querySelectorAll("time[datetime*='T']")) {
    const at = new Date(place.dateTime);
    const own = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" }).format(at);
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (here && !place.textContent.includes(own.slice(-5))) place.title = `${own} (${here})`;
  }

  const warn = document.querySelector("[data-heartbeat]");
  const judge = async () => {
    try {
      const answer = await fetch(warn.dataset.heartbeat, { cache: "no-cache" });
      const heartbeat = await answer.json();
      warn.hidden = Date.now() < Date.parse(heartbeat.next_update_before);
    } catch {
      // Without an answer nothing is known: the page still says when it was made.
    }
  };

  showElapsed();
  setInterval(showElapsed, 60000);
  if (warn && location.protocol.startsWith("http")) {
    judge();
    setInterval(judge, 300000);
  }
})();
