// Writes the current sentence of a status site into every [data-lagebild] of a page. Whatever fails, the page stays as
// it is; once the site is known to be late, the sentence says that nothing is known.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script) return;
  const base = new URL("..", script.src);
  const lang = script.dataset.lang || document.documentElement.lang.split("-")[0];
  let due, said;

  const read = async (path) => {
    const answer = await fetch(new URL(path, base), {
      cache: "no-cache",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    if (!answer.ok) throw answer.status;
    return answer.json();
  };

  const write = (state, sentence) => {
    for (const place of document.querySelectorAll("[data-lagebild]")) {
      const link = document.createElement("a");
      link.href = new URL(`${lang}/`, base);
      link.textContent = said.link;
      if (place.textContent === `${sentence} ${said.link}`) continue;
      place.dataset.lagebild = state;
      place.lang = said.lang;
      place.dir = said.dir;
      place.replaceChildren(`${sentence} `, link);
    }
  };

  const show = async () => {
    try {
      // In this order the sentence is never older than the heartbeat that vouches for it.
      const beat = await read("heartbeat.json");
      said = await read(`embed/${lang}/sentence.json`);
      due = new Date(beat.next_update_before);
    } catch {
      // What was read before still counts, until it is due.
    }
    if (!said || !(due > 0)) return;
    if (Date.now() < due) return write(said.status, said.headline);
    const since = new Intl.DateTimeFormat(said.lang, { dateStyle: "medium", timeStyle: "short" }).format(due);
    write("unknown", said.unknown.replace("{time}", since));
  };

  show();
  setInterval(show, 300000);
})();
