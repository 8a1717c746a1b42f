// One item a screen, every answer saved at the tap. Without this file the same page is a plain form.
// ES2018: it also runs in the browsers of old computer rooms.

const BEAT = 260; // ms between a tap and the next item: long enough to see what was chosen
const STRAY = 300; // ms after a change of screen in which a second tap belongs to the first
const ARROWS = 700; // ms of rest before a choice made with the arrow keys counts as an answer
const RETRY = [2000, 4000, 8000, 15000, 30000];
const BEATS = 30000; // ms between two signs that the device is there
const PATIENCE = 15000; // ms after which a request counts as lost

const form = document.querySelector("form[data-sitting]");
if (form) start();

function start() {
  const screens = Array.from(form.querySelectorAll("[data-screen]"));
  const next = form.querySelector("[name=next]");
  const back = form.querySelector("[data-back]");
  const asked = form.elements.asked;
  const backIsOffered = !back.hidden;
  const saver = createSaver(form.querySelector("[data-state]"));
  let at = -1;
  let shownAt = 0;
  let beat = 0;
  let rest = 0;
  let leaving = false;

  form.classList.add("stepping");
  form.dataset.later = saver.say("");
  screens.forEach(screen => { screen.tabIndex = -1; });
  form.addEventListener("change", onChange);
  form.addEventListener("click", onClick, true);
  form.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onKey);
  window.addEventListener("pagehide", saver.flush);
  // A page from the back-forward cache could show what another sitting answered.
  window.addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
  show(firstScreen(), false);

  function firstScreen() {
    if (location.hash === "#last") return screens.length - 1;
    const open = screens.findIndex(screen => isQuestion(screen) ? !answered(screen) : !isFilled(screen));
    return open < 0 ? 0 : open;
  }

  function show(index, focus = true) {
    at = index;
    shownAt = performance.now();
    screens.forEach((screen, i) => { screen.hidden = i !== at; });
    back.hidden = at === 0 && !backIsOffered;
    next.textContent = at + 1 < screens.length ? form.dataset.next : form.dataset.last;
    form.querySelectorAll("[data-questions]").forEach(part => { part.hidden = !isQuestion(screens[at]); });
    count();
    if (focus) {
      screens[at].focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }

  function count() {
    const words = form.querySelector("[data-count]");
    if (!words) return;
    const questions = screens.filter(isQuestion);
    const offset = Number(words.dataset.offset);
    const number = Math.max(questions.indexOf(screens[at]) + 1, 0) + offset;
    words.textContent = Math.max(number, 1) + " / " + words.dataset.total;
    form.querySelector("[data-progress]").value = Math.max(number - 1, 0);
  }

  function onChange(event) {
    const input = event.target;
    const screen = input.closest("[data-screen]");
    if (input.type !== "radio") return;
    forgetNote(screen);
    clearTimeout(rest);
    // Arrow keys choose every option on their way; only where they rest is an answer.
    if (screen.dataset.byArrow) rest = setTimeout(() => keep(screen), ARROWS);
    else keep(screen);
  }

  function onClick(event) {
    const row = event.target.closest(".option");
    if (!row || !row.querySelector("[type=radio]")) return;
    if (performance.now() - shownAt < STRAY && event.detail > 0) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const screen = row.closest("[data-screen]");
    if (event.detail > 0) {
      delete screen.dataset.byArrow;
      clearTimeout(beat);
      beat = setTimeout(() => { if (answered(screen) && screens[at] === screen) forward(); }, BEAT);
    }
  }

  function onKey(event) {
    const screen = screens[at];
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("textarea, .field")) return;
    if (event.key.startsWith("Arrow")) screen.dataset.byArrow = "yes";
    if (/^[1-9]$/.test(event.key) && isQuestion(screen)) {
      const option = screen.querySelectorAll("[type=radio]")[Number(event.key) - 1];
      if (!option) return;
      delete screen.dataset.byArrow;
      option.checked = true;
      option.focus();
      option.dispatchEvent(new Event("change", { bubbles: true }));
      event.preventDefault();
    } else if (event.key === "Enter" && !event.target.closest("button, a, [type=checkbox]")) {
      event.preventDefault();
      forward();
    }
  }

  function onSubmit(event) {
    if (leaving) return;
    const button = event.submitter || document.activeElement;
    if (button === back && at > 0) {
      event.preventDefault();
      show(at - 1);
    } else if (button !== back && !(button && button.name === "do")) {
      event.preventDefault();
      forward();
    } else if (button !== back) {
      saver.flush();
    }
  }

  function forward() {
    const screen = screens[at];
    clearTimeout(beat);
    clearTimeout(rest);
    if (!passes(screen)) return;
    if (at + 1 < screens.length) show(at + 1);
    else leave();
  }

  // A blank question is asked once more; going on from there leaves it out, and says so to the server.
  function passes(screen) {
    const tick = screen.querySelector("[type=checkbox]");
    if (tick && !tick.checked) {
      if (tick.reportValidity) tick.reportValidity();
      tick.focus();
      return false;
    }
    if (!isQuestion(screen)) return true;
    if (answered(screen)) {
      keep(screen);
      return true;
    }
    if (askedNames().includes(screen.dataset.name)) {
      keep(screen);
      return true;
    }
    asked.value = askedNames().concat(screen.dataset.name).join(" ");
    note(screen);
    return false;
  }

  function keep(screen) {
    const chosen = screen.querySelector(":checked");
    const said = chosen ? { value: Number(chosen.value) } : { refused: true };
    saver.add(screen.dataset.name, said, "critical" in screen.dataset);
  }

  // The form carries every answer again, so leaving is safe even if a receipt is still on its way.
  function leave() {
    next.disabled = true;
    saver.flush().then(isSafe => {
      next.disabled = false;
      if (!isSafe) return;
      leaving = true;
      form.submit();
    });
  }

  function note(screen) {
    const words = document.createElement("p");
    words.className = "note";
    words.setAttribute("role", "alert");
    words.textContent = form.dataset.blank;
    const options = screen.querySelector(".options");
    screen.insertBefore(words, options);
  }

  function forgetNote(screen) {
    const words = screen.querySelector(".note, .item__ask");
    if (words) words.remove();
  }

  function askedNames() { return asked.value.split(" ").filter(Boolean); }
}

function isQuestion(screen) { return screen.querySelector("[type=radio]") !== null; }
function answered(screen) { return screen.querySelector(":checked") !== null; }
function isFilled(screen) {
  const field = screen.querySelector("input, textarea");
  return field.type === "checkbox" ? field.checked : field.value !== "";
}

// Answers wait here until the server has said that they are stored; each carries an id of its own, so
// that sending it twice stores it once.
function createSaver(state) {
  const last = new Map();
  let waiting = [];
  let underWay = 0;
  let misses = 0;
  let timer = 0;
  let refused = false; // the server will not take answers this way: the form has to carry them

  Array.from(form.querySelectorAll("[data-screen] :checked")).forEach(input => {
    last.set(input.name, JSON.stringify({ value: Number(input.value) }));
  });
  window.addEventListener("online", flush);

  function add(name, said, isCritical) {
    const content = JSON.stringify(said);
    if (last.get(name) === content) return;
    last.set(name, content);
    waiting.push(Object.assign({ id: uuid(), name, at: Date.now() }, said));
    // One request at a time is kinder to a slow line; what could be a call for help waits for nothing.
    if (isCritical || !underWay) flush();
  }

  function flush() {
    clearTimeout(timer);
    if (!waiting.length || refused) return Promise.resolve(true);
    const batch = waiting.slice();
    const slow = setTimeout(() => say(form.dataset.saving), 800);
    underWay += 1;
    const lost = new Promise(resolve => setTimeout(resolve, PATIENCE, false));
    return Promise.race([send(batch).then(receive), lost]).catch(() => false).then(isSafe => {
      clearTimeout(slow);
      underWay -= 1;
      if (isSafe) {
        misses = 0;
        say(refused ? form.dataset.later : form.dataset.saved);
        return waiting.length && !underWay ? flush() : true;
      }
      say(form.dataset.waiting);
      timer = setTimeout(flush, RETRY[Math.min(misses, RETRY.length - 1)]);
      misses += 1;
      return false;
    });
  }

  function send(batch) {
    const body = { answers: batch };
    if (form.elements.visit) {
      body.visit = form.elements.visit.value;
      if (form.elements.assent && form.elements.assent.checked) body.assent = "yes";
    }
    return fetch(form.dataset.save, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      credentials: "same-origin",
      keepalive: true
    });
  }

  function receive(response) {
    // 409 is a receipt too: both contents are kept.
    if (response.ok || response.status === 409) {
      return response.json().then(receipt => {
        const safe = receipt.stored.concat(receipt.conflicts);
        waiting = waiting.filter(answer => !safe.includes(answer.id));
        return true;
      });
    }
    refused = response.status < 500 && response.status !== 429;
    return refused;
  }

  // Says what holds now, and returns what was said before.
  function say(words) {
    const before = state.textContent;
    state.setAttribute("role", words === form.dataset.waiting ? "alert" : "status");
    if (before !== words) state.textContent = words;
    return before;
  }

  return { add, flush, say };
}

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// The proctor's board shows whose device is cut off. It is asked for the line only, never for an
// answer, and on every page alike.
const beating = document.querySelector("[data-beat]");
if (beating) {
  setTimeout(sendBeat, BEATS / 10);
  setInterval(sendBeat, BEATS);
}

function sendBeat() {
  if (document.hidden) return;
  const token = beating.dataset.csrf || beating.elements.csrf_token.value;
  fetch(beating.dataset.beat, {
    method: "POST",
    body: JSON.stringify({ waiting: document.querySelector("[data-state][role=alert]") !== null }),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    credentials: "same-origin"
  }).catch(() => {});
}
