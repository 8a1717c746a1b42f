// One item a screen, every answer saved at the tap. Without this file the same page is a plain form.
// ES2018: it also runs in the browsers of old computer rooms.

const BEAT = 260; // ms between a tap and the next item: long enough to see what was chosen
const STRAY = 300; // ms after a change of screen in which a second tap belongs to the first
const ARROWS = 700; // ms of rest before a choice made with the arrow keys counts as an answer

const form = document.querySelector("form[data-sitting]");
if (form) start();
else {
  deliverRest();
  createSeat(() => Promise.resolve(true));
}
const beating = document.querySelector("[data-beat]");
if (beating) keepBeating(beating);

function start() {
  let screens = [];
  const next = form.querySelector("[name=next]");
  const back = form.querySelector("[data-back]");
  const asked = form.elements.asked;
  const backIsOffered = !back.hidden;
  const saver = createSaver(form, form.querySelector("[data-state]"));
  const carrier = createCarrier(form, saver, () => { collect(); draw(); });
  const spent = new Map();
  const reader = createReader(form, () => screens[at]);
  createExit(form, saver);
  createSeat(saver.whenKept);
  let at = -1;
  let shownAt = 0;
  let beat = 0;
  let rest = 0;
  let leaving = false;

  form.classList.add("stepping");
  form.dataset.later = saver.say("");
  collect();
  form.addEventListener("change", onChange);
  form.addEventListener("click", onClick, true);
  form.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onKey);
  window.addEventListener("pagehide", saver.flush);
  // A page from the back-forward cache could show what another sitting answered.
  window.addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
  show(firstScreen(), false);

  function collect() {
    const before = answeredBefore(form.dataset.ticket);
    screens = Array.from(form.querySelectorAll("[data-screen]"));
    screens.forEach(screen => {
      screen.tabIndex = -1;
      if (before.includes(screen.dataset.name)) screen.dataset.kept = "yes";
    });
  }

  function firstScreen() {
    if (location.hash === "#last") return screens.length - 1;
    const open = screens.findIndex(screen => isQuestion(screen) ? !answered(screen) : !isFilled(screen));
    return open < 0 ? 0 : open;
  }

  function show(index, focus = true) {
    if (at >= 0) spent.set(screens[at], timeOn(screens[at]));
    at = index;
    shownAt = performance.now();
    reader.stop();
    draw();
    if (focus) {
      screens[at].focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }

  function draw() {
    screens.forEach((screen, i) => { screen.hidden = i !== at; });
    back.hidden = at === 0 && !backIsOffered;
    next.textContent = at + 1 < screens.length ? form.dataset.next : form.dataset.last;
    form.querySelectorAll("[data-part]").forEach(part => { part.hidden = !part.contains(screens[at]); });
    form.querySelectorAll("[data-questions]").forEach(part => { part.hidden = !isCounted(screens[at]); });
    count();
  }

  // How long a question was on the screen, all visits together.
  function timeOn(screen) {
    const before = spent.get(screen) || 0;
    return Math.round(screen === screens[at] ? before + performance.now() - shownAt : before);
  }

  function count() {
    const words = form.querySelector("[data-count]");
    if (!words) return;
    const questions = screens.filter(isCounted);
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
    } else if (button !== back && button && button.name === "do" && carrier.isReady()) {
      event.preventDefault();
      carrier.note(button.value);
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
    else if (carrier.isReady()) carrier.finish();
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
    if (!isQuestion(screen)) {
      const field = screen.querySelector("textarea, .field");
      if (field && field.value.trim()) say(screen, { text: field.value.trim() });
      return true;
    }
    if (answered(screen)) {
      if (screen.querySelector(":checked")) keep(screen);
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
    say(screen, said);
  }

  function say(screen, said) {
    saver.add(screen.dataset.name, said, timeOn(screen), "critical" in screen.dataset);
    rememberAnswered(form.dataset.ticket, screen.dataset.name);
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

// The last three questions belong to every sitting and to no count.
function isCounted(screen) { return isQuestion(screen) && !screen.dataset.name.startsWith("closing."); }
function isQuestion(screen) { return screen.querySelector("[type=radio]") !== null; }
function answered(screen) { return screen.dataset.kept === "yes" || screen.querySelector(":checked") !== null; }
function isFilled(screen) {
  if (screen.dataset.kept) return true;
  if ("break" in screen.dataset) return answered(screen.parentNode.querySelector("fieldset"));
  const field = screen.querySelector("input, textarea");
  return field.type === "checkbox" ? field.checked : field.value !== "";
}
