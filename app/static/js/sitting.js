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
  let all = [];
  let screens = []; // those of them that are asked
  const next = form.querySelector("[name=next]");
  const back = form.querySelector("[data-back]");
  const asked = form.elements.asked;
  const backIsOffered = !back.hidden;
  const saver = createSaver(form, form.querySelector("[data-state]"));
  const carrier = createCarrier(form, saver, () => { collect(); draw(); });
  const branches = createBranches(form);
  const spent = new Map();
  let at = -1;
  const reader = createReader(form, () => screens[at]);
  createExit(form, saver);
  createSeat(saver.whenKept);
  let shownAt = 0;
  let beat = 0;
  let rest = 0;
  let leaving = false;

  form.classList.add("stepping");
  form.dataset.later = saver.say("");
  collect();
  form.addEventListener("change", onChange);
  form.addEventListener("input", onInput);
  form.addEventListener("click", onClick, true);
  form.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onKey);
  window.addEventListener("pagehide", saver.flush);
  // A page from the back-forward cache could show what another sitting answered.
  window.addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
  show(firstScreen(), false);
  goOn();

  // A browser that was killed had not written down yet how far it was; beside the envelopes it stands.
  // Who has tapped already stays where that was.
  function goOn() {
    const { ticket } = form.dataset;
    listBox().then(all => {
      forgetMarks(one => one.of !== ticket); // of a sitting that nobody left on its own page
      const names = all.filter(one => one.of === ticket).map(one => one.name);
      const known = answeredBefore(ticket);
      if (spent.size || names.every(name => known.includes(name))) return;
      rememberAnswered(ticket, names);
      collect();
      show(firstScreen(), false);
    }).catch(() => 0);
  }

  function collect() {
    const before = answeredBefore(form.dataset.ticket);
    all = Array.from(form.querySelectorAll("[data-screen]"));
    branches.look(all);
    all.forEach(screen => {
      screen.tabIndex = -1;
      if (!before.includes(screen.dataset.name)) return;
      // What others depend on is asked again where this page cannot know the answer.
      screen.dataset[branches.misses(screen) ? "again" : "kept"] = "yes";
    });
    screens = branches.asked(all);
  }

  // A branch was taken or left: what is not asked any more says nothing, here as on the server.
  function branch() {
    screens = branches.asked(all);
    all.filter(screen => !screens.includes(screen) && (screen.dataset.kept || readAnswer(screen))).forEach(screen => {
      emptyScreen(screen);
      delete screen.dataset.kept;
      branches.forget(screen);
      saver.forget(screen.dataset.name);
      forgetAnswered(form.dataset.ticket, screen.dataset.name);
    });
  }

  function firstScreen() {
    if (location.hash === "#last") return screens.length - 1;
    const open = screens.findIndex((screen, i) => {
      const first = screens.slice(i).find(one => !isTold(one)); // what is told belongs to what follows
      return first && !isFilled(first);
    });
    return open < 0 ? 0 : open;
  }

  function show(index, focus = true) {
    if (at >= 0) spent.set(screens[at], timeOn(screens[at]));
    at = index;
    shownAt = performance.now();
    reader.stop();
    draw();
    if (focus) {
      // On a touch screen a focused field would call up its keyboard, over half the page.
      const field = matchMedia("(pointer: fine)").matches && screens[at].querySelector(".field");
      (field || screens[at]).focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }

  function draw() {
    all.forEach(screen => { screen.hidden = screen !== screens[at]; });
    back.hidden = at === 0 && !backIsOffered;
    next.textContent = at + 1 < screens.length ? form.dataset.next : form.dataset.last;
    form.querySelectorAll("[data-part]").forEach(part => { part.hidden = !part.contains(screens[at]); });
    form.classList.toggle("resting", "break" in screens[at].dataset);
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
    if (!words || !isCounted(screens[at])) return;
    const number = parseInt(screens[at].querySelector(".item__number").textContent, 10);
    words.textContent = number + " / " + words.dataset.total;
    form.querySelector("[data-progress]").value = number - 1;
  }

  function onChange(event) {
    const input = event.target;
    const screen = input.closest("[data-screen]");
    delete screen.dataset.kept;
    if (!isQuestion(screen) || input.matches(".field, textarea")) return;
    forgetNote(screen);
    clearTimeout(rest);
    // Arrow keys choose every option on their way, boxes are ticked one by one; only where that
    // rests is an answer.
    if (screen.dataset.byArrow || screen.dataset.way === "many") rest = setTimeout(() => keep(screen), ARROWS);
    else keep(screen);
  }

  // What is typed waits for “Continue”. Its note goes at the first key: were it to go when the field
  // loses the focus, the button that takes it would move away from under the finger.
  function onInput(event) {
    if (event.target.matches(".field, textarea")) forgetNote(event.target.closest("[data-screen]"));
  }

  function onClick(event) {
    if (next.contains(event.target) && isSecond(event)) return drop(event);
    const row = event.target.closest(".option");
    if (!row || !row.querySelector("[type=radio]")) return;
    if (performance.now() - shownAt < STRAY && event.detail > 0) return drop(event);
    const screen = row.closest("[data-screen]");
    if (event.detail > 0) {
      delete screen.dataset.byArrow;
      clearTimeout(beat);
      beat = setTimeout(() => { if (isFilled(screen) && screens[at] === screen) forward(); }, BEAT);
    }
  }

  // A double click is one press: its second half may not leave out what the first has just asked for.
  function isSecond(event) {
    return event.detail > 1 && (performance.now() - shownAt < STRAY || screens[at].querySelector(".note"));
  }

  function onKey(event) {
    if (form.hidden) return; // a card of the help page stands in front of it
    const screen = screens[at];
    const typing = event.target.closest("textarea, .field");
    // A key that is held down, or stuck, is pressed once; only in free words it may go on.
    if (event.repeat && (typing ? event.key === "Enter" && typing.matches(".field") : /^(Enter|[0-9])$/.test(event.key))) return drop(event);
    if (event.altKey || event.ctrlKey || event.metaKey || typing) return;
    if (event.key.startsWith("Arrow")) screen.dataset.byArrow = "yes";
    if (/^[0-9]$/.test(event.key) && isQuestion(screen)) {
      const option = optionOf(screen, Number(event.key));
      if (!option) return;
      delete screen.dataset.byArrow;
      option.checked = option.type === "radio" || !option.checked;
      option.focus();
      option.dispatchEvent(new Event("change", { bubbles: true }));
      event.preventDefault();
    } else if (event.key === "Enter" && !event.target.closest("button, a, [name=assent]")) {
      event.preventDefault();
      forward();
    }
  }

  function onSubmit(event) {
    if (leaving) return;
    const button = senderOf(event);
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
    if (screen.dataset.again) {
      delete screen.dataset.again;
      show(firstScreen());
    } else if (at + 1 < screens.length) show(at + 1);
    else if (carrier.isReady()) carrier.finish();
    else leave();
  }

  // A blank question is asked once more; going on from there leaves it out, and says so to the
  // server. Free words are left out at once.
  function passes(screen) {
    const tick = screen.querySelector("[name=assent]");
    if (tick && !tick.checked) {
      if (tick.reportValidity) tick.reportValidity();
      tick.focus();
      return false;
    }
    if (isTold(screen) || tick) return true;
    const said = readAnswer(screen);
    if (said && said.wrong) {
      const field = screen.querySelector(".field");
      note(screen, field.dataset.mend);
      field.setAttribute("aria-invalid", "true");
      field.focus();
      return false;
    }
    if (said) say(screen, said);
    if (said || screen.dataset.kept || !isQuestion(screen)) return true;
    if (screen.dataset.way === "text" || askedNames().includes(screen.dataset.name)) {
      say(screen, { refused: true });
      return true;
    }
    asked.value = askedNames().concat(screen.dataset.name).join(" ");
    note(screen, form.dataset.blank);
    return false;
  }

  function keep(screen) {
    const said = readAnswer(screen);
    if (said) say(screen, said);
  }

  function say(screen, said) {
    saver.add(screen.dataset.name, said, timeOn(screen), "critical" in screen.dataset);
    rememberAnswered(form.dataset.ticket, screen.dataset.name);
    if (branches.learn(screen, said)) branch();
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

  function note(screen, text) {
    forgetNote(screen);
    const words = document.createElement("p");
    words.className = "note";
    words.setAttribute("role", "alert");
    words.textContent = text;
    screen.insertBefore(words, screen.querySelector(".options, .field, textarea"));
  }

  function forgetNote(screen) {
    const words = screen.querySelector(".note, .item__ask");
    if (words) words.remove();
    const field = screen.querySelector("[aria-invalid]");
    if (field) field.removeAttribute("aria-invalid");
  }

  function askedNames() { return asked.value.split(" ").filter(Boolean); }
}

function drop(event) {
  event.preventDefault();
  event.stopPropagation();
}

// On a scale a key is the number that it shows, elsewhere the place of an option.
function optionOf(screen, digit) {
  const options = Array.from(screen.querySelectorAll("[type=radio], [type=checkbox]"));
  if (screen.dataset.way === "scale") return options.find(option => Number(option.value) === digit);
  return options[digit - 1];
}

function isFilled(screen) {
  if (screen.dataset.kept) return true;
  const field = screen.querySelector(".field, textarea");
  return field ? field.value !== "" : screen.querySelector(":checked") !== null;
}
