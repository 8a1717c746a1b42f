// What every page of a student offers beside its questions: larger letters, and leaving quickly.
const SIZES = 3;
const IDLE = 300000; // ms without a touch or a key after which a page shows nothing more

resize(0);
let pressed = null;
document.addEventListener("click", event => { pressed = event.target.closest("button"); }, true);
document.addEventListener("click", event => {
  const step = event.target.closest("[data-step]");
  if (step) resize(Number(step.dataset.step));
});

// Which button sends a form: browsers of before 2022 do not say, and on an iPhone none takes the focus.
function senderOf(event) { return event.submitter || pressed; }

// Kept in this browser as a number, which says nothing about anybody.
function resize(step) {
  const sizes = document.querySelector("[data-sizes]");
  if (!sizes) return;
  let size = 0;
  try { size = Number(localStorage.getItem("letters")) || 0; } catch (error) { /* as on the first visit */ }
  size = Math.min(Math.max(size + step, 0), SIZES - 1);
  document.documentElement.dataset.letters = size;
  try { if (step) localStorage.setItem("letters", size); } catch (error) { /* for this page only */ }
  sizes.hidden = false;
  const [smaller, larger] = sizes.querySelectorAll("[data-step]");
  smaller.setAttribute("aria-disabled", size === 0);
  larger.setAttribute("aria-disabled", size === SIZES - 1);
}

// Whoever goes away from a page with answers leaves nothing on it, in its history or in this browser.
function createExit(form, saver) {
  let seen = Date.now();

  ["click", "keydown", "input", "scroll", "touchstart"].forEach(sign => {
    window.addEventListener(sign, () => { seen = Date.now(); }, { passive: true, capture: true });
  });
  setInterval(leaveIfIdle, 5000);
  document.addEventListener("visibilitychange", leaveIfIdle); // clocks of sleeping phones stand still
  document.addEventListener("click", event => {
    if (!event.target.closest("[value=leave]")) return;
    event.preventDefault();
    leave();
  });

  // Asked again every few seconds: what had to wait for a line goes then.
  function leaveIfIdle() { if (Date.now() - seen >= IDLE) leave(); }

  // Without a line the cookie says that this browser shows no more. What has not arrived lies sealed;
  // where it cannot, the page stays open with nothing on it but the wish to be left open.
  function leave() {
    const main = document.querySelector("main");
    const { visit, ticket } = form.elements;
    const said = new URLSearchParams(Object.assign({ do: "leave" }, visit ? { visit: visit.value } : { ticket: ticket.value }));
    let isGoing = false;
    const go = () => {
      if (isGoing) return; // asked for twice the page would begin to load anew
      isGoing = saver.isKept();
      if (isGoing) location.replace(form.dataset.left);
      else main.textContent = form.dataset.holding;
    };
    main.textContent = "";
    document.title = "";
    // At a shared machine somebody else may have gone on: their sitting is theirs to leave.
    const isOurs = !isAnothers(form.dataset.ticket);
    let forgotten = Promise.resolve();
    if (isOurs) {
      forgotten = forgetSitting(saver.whenKept());
      document.cookie = "over=1; path=/; max-age=1209600; SameSite=Lax";
    }
    saver.flush().then(() => isOurs && fetch(form.dataset.leave, { method: "POST", body: said, redirect: "manual", credentials: "same-origin", keepalive: true }))
      .catch(() => 0).then(() => forgotten).then(go);
    setTimeout(go, 700);
  }
}
