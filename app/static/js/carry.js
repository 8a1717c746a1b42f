// The rest of the battery, the help card and the last page are fetched ahead: a lost line stops nobody.
function createCarrier(form, saver, onMore) {
  const sheet = form.parentNode;
  let ready = false;

  if ("carried" in form.dataset) ready = true;
  else if (window.requestIdleCallback) requestIdleCallback(fetchRest, { timeout: 3000 });
  else setTimeout(fetchRest, 1000);
  sheet.addEventListener("click", event => { if (event.target.closest("[data-resume]")) showOnly(form); });

  function fetchRest() {
    if (ready) return;
    window.removeEventListener("online", fetchRest);
    fetch(form.dataset.rest, { credentials: "same-origin" }).then(response => {
      if (!response.ok) throw new Error(response.status);
      (form.elements.visit ? Promise.resolve() : keepForReload(response.clone())).then(() => keepMedia(form));
      return response.text();
    }).then(graft).catch(() => window.addEventListener("online", fetchRest));
  }

  function graft(html) {
    const rest = new DOMParser().parseFromString(html, "text/html");
    const number = Number(form.querySelector("[data-part]").dataset.part);
    const buttons = form.querySelector(".buttons");
    rest.querySelectorAll("[data-part]").forEach(part => {
      if (Number(part.dataset.part) > number) form.insertBefore(part, buttons);
    });
    rest.querySelectorAll("[data-noted], [data-thanks]").forEach(part => sheet.appendChild(part));
    form.dataset.last = rest.querySelector("[data-last]").dataset.last;
    form.dataset.over = rest.querySelector("[data-over]").dataset.over;
    ready = true;
    onMore();
  }

  function note(ask) {
    saver.ask(ask);
    const card = sheet.querySelector("[data-noted=" + ask + "]");
    saver.speakIn(card.querySelector("[data-state]"));
    showOnly(card);
  }

  function showOnly(part) {
    Array.from(sheet.children).forEach(one => { one.hidden = one !== part; });
    if (part === form) saver.speakIn(form.querySelector("[data-state]"));
    const title = part.querySelector(".title");
    title.tabIndex = -1;
    title.focus();
    window.scrollTo(0, 0);
  }

  // Nothing that was chosen stays on this page, in its history or in this browser; what has not
  // arrived lies sealed in the outbox, and until it has arrived the cookie shows no sitting here.
  function finish() {
    const thanks = sheet.querySelector("[data-thanks]");
    document.cookie = "over=1; path=/; max-age=1209600; SameSite=Lax";
    history.replaceState(null, "", form.dataset.over);
    document.title = thanks.querySelector(".title").textContent;
    saver.speakIn(thanks.querySelector("[data-state]"));
    saver.ask("finish");
    form.remove();
    showOnly(thanks);
    forgetSitting(saver.whenKept());
  }

  return { finish, isReady: () => ready && saver.takes(), note };
}

function keepForReload(response) {
  if (!navigator.serviceWorker || !window.caches) return Promise.resolve();
  const assets = Array.from(document.querySelectorAll("link[href], script[src]"), one => one.href || one.src);
  navigator.serviceWorker.register("/sw.js").catch(() => 0);
  return caches.delete("sitting").then(() => caches.open("sitting"))
    .then(cache => Promise.all([cache.put("/s", response), cache.addAll(assets.concat("/help", "/pause", "seat" in form.dataset ? "/i" : []))])).catch(() => 0);
}

// Pictures and recordings, if they are few: those of a large battery need a line.
function keepMedia(form) {
  const media = (form.dataset.media || "").split(" ").filter(Boolean);
  if (media.length && window.caches) caches.open("sitting").then(cache => cache.addAll(media)).catch(() => 0);
  else media.forEach(one => fetch(one).catch(() => 0));
}

// Which questions have an answer, never which: after a reload without a line the page goes on from there.
function rememberAnswered(ticket, name) {
  try {
    const names = answeredBefore(ticket).concat(name);
    localStorage.setItem("sitting", JSON.stringify({ ticket, names }));
  } catch (error) { /* no storage, no memory */ }
}

function forgetAnswered(ticket, name) {
  forgetMarks(one => one.of === ticket && one.name === name);
  try {
    const names = answeredBefore(ticket).filter(one => one !== name);
    localStorage.setItem("sitting", JSON.stringify({ ticket, names }));
  } catch (error) { /* no storage, nothing to forget */ }
}

function answeredBefore(ticket) {
  try {
    const kept = JSON.parse(localStorage.getItem("sitting"));
    return kept && kept.ticket === ticket ? kept.names : [];
  } catch (error) { return []; }
}

// Whether this browser has begun another sitting than the one of this page.
function isAnothers(ticket) {
  try {
    const kept = JSON.parse(localStorage.getItem("sitting"));
    return Boolean(kept) && kept.ticket !== ticket;
  } catch (error) { return false; }
}

// Resolves when it is done: who leaves the page waits for that. What was pressed last may still be on
// its way into the box.
function forgetSitting(kept) {
  try { localStorage.removeItem("sitting"); } catch (error) { /* no storage, nothing to forget */ }
  const marks = kept.then(() => forgetMarks());
  const page = window.caches ? caches.open("sitting").then(cache => cache.delete("/s")).catch(() => 0) : 0;
  return Promise.all([marks, page]);
}
