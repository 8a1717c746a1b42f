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
      const copy = response.clone();
      // Who only looks at an open link is spared the worker: there is nothing to come back to.
      if (form.elements.visit) form.addEventListener("change", () => keepForReload(copy), { once: true });
      (form.elements.visit ? Promise.resolve() : keepForReload(copy)).then(() => keepMedia(form));
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
    forgetSitting(saver);
  }

  // Somebody was here minutes ago and did not finish. An open link knows nobody, so it is asked; what
  // any other sitting left in the box is forgotten.
  function offer(all, onTaken) {
    const { ticket, to } = form.dataset;
    const panel = sheet.querySelector("[data-left-off]");
    const mark = panel && all.filter(one => one.to === to && one.of !== ticket && isFresh(one)).pop();
    forgetMarks(one => one.of !== ticket && !isFresh(one));
    if (!mark) return;
    showOnly(panel);
    panel.addEventListener("click", ({ target }) => {
      if (target.value === "on") take(mark, onTaken);
      else if (target.value) forgetMarks().then(() => location.reload());
    });
  }

  // With a line the server shows what was answered, without one the page goes on behind it.
  function take(mark, onTaken) {
    const { visit, page, assent } = form.elements;
    visit.value = mark.of.split(".")[2];
    const sent = "carried" in form.dataset ? Promise.reject() : deliverBox([]);
    sent.then(() => {
      page.name = "do";
      page.value = "show";
      form.submit();
    }, () => {
      form.dataset.ticket = mark.of;
      assent.checked = true;
      showOnly(form);
      onTaken();
    });
  }

  return { finish, isReady: () => ready && saver.takes(), note, offer };
}

function keepForReload(response) {
  if (!navigator.serviceWorker || !window.caches) return Promise.resolve();
  const isVisit = Boolean(form.elements.visit);
  const assets = Array.from(document.querySelectorAll("link[href], script[src]"), one => one.href || one.src);
  navigator.serviceWorker.register("/sw.js").catch(() => 0);
  const others = isVisit ? [] : ["/help", "/pause"].concat("seat" in form.dataset ? "/i" : []);
  return (isVisit ? Promise.resolve() : caches.delete("sitting")).then(() => caches.open("sitting"))
    .then(cache => Promise.all([cache.put(isVisit ? location.pathname : "/s", response), cache.addAll(assets.concat(others))])).catch(() => 0);
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
  forgetMarks(one => one.name === name);
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
function forgetSitting(saver) {
  try { localStorage.removeItem("sitting"); } catch (error) { /* no storage, nothing to forget */ }
  forgetMarks();
  if (saver) saver.whenKept().then(() => forgetMarks());
  return window.caches ? caches.open("sitting").then(cache => cache.delete("/s")).catch(() => 0) : Promise.resolve();
}
