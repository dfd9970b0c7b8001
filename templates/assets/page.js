// Adds to a page that is complete without it: how long something has lasted, the viewer's own time, the words of each
// day of a picture, and buttons that copy.
(() => {
  "use strict";
  const { lang, dir, dataset } = document.documentElement;
  const all = (selector) => document.querySelectorAll(selector);

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
    for (const place of all("[data-since]")) place.textContent = elapsed(place.dataset.since);
  };

  // Where the viewer's clock differs from the site's, the own time stands beside it.
  const said = (at, options) => new Intl.DateTimeFormat(lang, { dateStyle: "short", timeStyle: "short", ...options }).format(at);
  for (const place of all("time[datetime*='T']")) {
    const at = new Date(place.dateTime);
    if (!dataset.zone || said(at) === said(at, { timeZone: dataset.zone })) continue;
    const own = document.createElement("span");
    own.className = "own small";
    const named = { dateStyle: undefined, timeStyle: undefined, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
    own.textContent = ` (${said(at, named).replaceAll(" ", "\u00a0")})`;
    place.append(own);
  }

  // The words of a day: under the pointer, and by the arrow keys from the figures below the bars.
  for (const bars of all(".bars[data-last]")) {
    const words = new Map();
    for (const title of bars.querySelectorAll("title")) {
      words.set(title.parentNode.x.baseVal.value, title.textContent);
      title.remove();
    }
    const last = bars.viewBox.baseVal.width - 1;
    const bubble = document.createElement("span");
    bubble.className = "bars__read";
    bubble.ariaHidden = "true";
    bubble.hidden = true;
    bars.after(bubble);
    let shown = last;
    const show = (day) => {
      shown = Math.min(Math.max(day, 0), last);
      const date = new Date(`${bars.dataset.last}T12:00:00Z`);
      date.setUTCDate(date.getUTCDate() - last + shown);
      const name = new Intl.DateTimeFormat(lang, { day: "numeric", month: "long", timeZone: "UTC" }).format(date);
      bubble.textContent = words.get(shown) ?? `${name}: ${bars.dataset.sound}`;
      bubble.hidden = false;
      const share = (shown + 0.35) / (last + 1);
      const room = bars.clientWidth - bubble.offsetWidth;
      bubble.style.insetInlineStart = `${Math.max(0, Math.min(room, share * bars.clientWidth - bubble.offsetWidth / 2))}px`;
    };
    const hide = () => {
      bubble.hidden = true;
    };
    bars.addEventListener("pointermove", (event) => {
      const box = bars.getBoundingClientRect();
      const share = (event.clientX - box.left) / box.width;
      show(Math.floor((dir === "rtl" ? 1 - share : share) * (last + 1)));
    });
    bars.parentNode.addEventListener("pointerleave", hide);
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") hide();
    });
    const handle = bars.parentNode.querySelector("summary");
    handle?.addEventListener("focus", () => {
      if (handle.matches(":focus-visible")) show(Math.max(...words.keys()));
    });
    handle?.addEventListener("blur", hide);
    handle?.addEventListener("keydown", ({ key }) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (step) show(shown + (dir === "rtl" ? -step : step));
    });
  }

  if (navigator.clipboard) {
    for (const place of all("[data-copy]")) {
      const button = document.createElement("button");
      button.className = "feeds__copy noprint";
      button.type = "button";
      button.textContent = place.dataset.copy;
      button.ariaLabel = place.dataset.name;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(place.querySelector("code").textContent);
        button.textContent = place.dataset.copied;
      });
      place.append(button);
    }
  }

  showElapsed();
  setInterval(showElapsed, 60000);
})();
