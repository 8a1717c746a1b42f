// Answers wait here until the server has said that they are stored; each carries an id of its own, so
// that sending it twice stores it once. Beside that a sealed copy rests in the outbox.
const RETRY = [2000, 4000, 8000, 15000, 30000];
const PATIENCE = 15000; // ms after which a request counts as lost

function createSaver(form, state) {
  const last = new Map();
  let seal = createSealer(form);
  let waiting = [];
  let own = []; // sealed by this page and not yet safe, whether or not the store of this device has it
  let loose = false; // it has not
  let sealing = Promise.resolve(); // one after the other: the outbox keeps the order of the taps
  let behind = Boolean(seal); // what an earlier page left here goes first
  let plain = true; // the server takes answers of this page by its cookie
  let underWay = 0;
  let misses = 0;
  let timer = 0;
  let refused = false; // the server will not take answers from here: the form has to carry them

  form.querySelectorAll("[data-name]").forEach(screen => {
    const said = readAnswer(screen);
    if (said) last.set(screen.dataset.name, JSON.stringify(said));
  });
  window.addEventListener("online", flush);
  flush();

  function add(name, said, ms, isCritical) {
    const content = JSON.stringify(said);
    if (last.get(name) === content) return;
    last.set(name, content);
    push(Object.assign({ name, ms }, said));
    // One request at a time is kinder to a slow line; what could be a call for help waits for nothing.
    if (isCritical || !underWay) flush();
  }

  // It is not asked any more: should it be asked again, the same answer is a new one.
  function forget(name) { last.delete(name); }

  // A deed (finish, talk, help) is as good as an answer: it has an id and is done once.
  function ask(deed) {
    push({ do: deed });
    return flush();
  }

  function push(said) {
    const entry = Object.assign({ id: uuid(), at: Date.now() }, said);
    waiting.push(entry);
    if (!seal) return;
    sealing = sealing.then(() => seal(entry)).then(sealed => { own.push(sealed); return rest(); })
      .catch(() => { seal = null; });
  }

  // A store that was full may have room again, one that was thrown away is filled anew.
  function rest() {
    return own.length ? keepInBox(own).then(() => { loose = false; }, () => { loose = true; }) : 0;
  }

  function flush() {
    clearTimeout(timer);
    if (refused || (!waiting.length && !behind)) return Promise.resolve(true);
    const slow = setTimeout(say, 800, form.dataset.saving);
    const due = waiting.slice();
    underWay += 1;
    const lost = new Promise(resolve => setTimeout(resolve, PATIENCE, false));
    return Promise.race([behind || seal && !plain ? sendSealed() : sendPlain(), lost]).catch(() => false).then(isSent => {
      clearTimeout(slow);
      underWay -= 1;
      // A receipt that leaves out what was due is as good as none: asked again at once, it would be the same.
      const isSafe = isSent && (refused || !due.some(entry => waiting.includes(entry)));
      // The board hears of choices that do not get out, which everybody makes; never of a wish or a word.
      form.dataset.held = !isSafe && waiting.some(entry => "value" in entry || entry.refused) ? "yes" : "";
      if (isSafe) {
        misses = 0;
        // A receipt for a part is none: what was said meanwhile, or lay in memory only, is still to go.
        if (due.length && (refused || !waiting.length)) say(refused ? form.dataset.later : form.dataset.saved);
        return waiting.length && !underWay ? flush() : true;
      }
      sealing = sealing.then(rest);
      sealing.then(() => { if (waiting.length || behind) say(isKept() ? form.dataset.waiting : form.dataset.holding); });
      timer = setTimeout(flush, RETRY[Math.min(misses, RETRY.length - 1)]);
      misses += 1;
      wakeWorker();
      return false;
    });
  }

  function sendPlain() {
    const body = { answers: waiting.slice(), sent: Date.now() };
    if (form.elements.visit) {
      body.visit = form.elements.visit.value;
      if (form.elements.assent && form.elements.assent.checked) body.assent = "yes";
    } else {
      body.ticket = form.dataset.ticket; // another tab may hold the cookie of somebody else by now
    }
    const words = JSON.stringify(body);
    return fetch(form.dataset.save, {
      method: "POST",
      body: words,
      headers: { "Content-Type": "application/json" },
      credentials: "same-origin",
      keepalive: words.length < 20000 // browsers refuse more than 64 kB, and a character may be three bytes
    }).then(response => {
      if (response.ok || response.status === 409) return response.json().then(settle);
      if (response.status >= 500 || response.status === 429) return false;
      plain = !seal;
      if (seal) return sendSealed();
      // Only what the server itself says; a page of somebody's in between is no answer.
      return response.json().then(said => { refused = Boolean(said.error); return refused; });
    });
  }

  // In the outbox lies everything that is not safe, also of pages before this one: it goes whole and
  // in order, so that of two answers to one question the later one counts.
  function sendSealed() {
    return sealing.then(() => deliverBox(own)).then(receipt => {
      behind = false;
      refused = receipt.refused.some(id => waiting.some(entry => entry.id === id));
      return settle(receipt);
    });
  }

  function settle(receipt) {
    const safe = safeIn(receipt);
    waiting = waiting.filter(entry => !safe.includes(entry.id));
    own = own.filter(sealed => !safe.includes(sealed.id));
    if (seal) sealing = sealing.then(() => takeFromBox(safe)).catch(() => 0);
    return true;
  }

  // Says what holds now, and returns what was said before.
  function say(words) {
    const before = state.textContent;
    const waits = words === form.dataset.waiting || words === form.dataset.holding;
    state.setAttribute("role", waits ? "alert" : "status");
    if (before !== words) state.textContent = words;
    state.dataset.safe = words === form.dataset.saved || words === form.dataset.waiting ? "yes" : "";
    return before;
  }

  function speakIn(element) {
    element.textContent = state.textContent;
    state = element;
  }

  // Whether nothing would be lost with this page.
  function isKept() { return waiting.every(entry => !loose && own.some(sealed => sealed.id === entry.id)); }

  // The same, once what was pressed last has been sealed.
  function whenKept() { return sealing.then(isKept); }

  // Whether the server listens to this page; if not, its form has to be sent.
  function takes() { return !refused; }

  return { add, ask, flush, forget, isKept, say, speakIn, takes, whenKept };
}

// Where browsers can, the worker sends what is left as soon as there is a line, the page long closed.
function wakeWorker() {
  if (navigator.serviceWorker) navigator.serviceWorker.ready.then(worker => worker.sync && worker.sync.register("outbox")).catch(() => 0);
}

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
