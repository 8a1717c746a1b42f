// A machine of the computer room: student follows student, nothing is let go before it is kept, and
// nobody is led to a page that cannot come.
const AGAIN = 3000; // ms between two tries
const SILENCE = 5000; // ms after which the server counts as out of reach

function createSeat(whenKept) {
  const door = document.querySelector("[data-seat-door]");

  document.addEventListener("click", event => {
    const link = event.target.closest("[data-next-student]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.busy) return;
    link.dataset.busy = "yes";
    forgetStudent(whenKept());
    waitFor(whenKept, link.parentNode, link.dataset.holding)
      .then(() => waitFor(isReachable, link.parentNode, link.dataset.offline))
      .then(() => location.replace(link.href));
  });
  document.querySelectorAll("[data-needs-line]").forEach(holdBack);
  if (door) {
    forgetStudent(whenKept());
    // What lies here for want of a line is too old to be sent.
    isReachable().then(is => is || waitFor(isReachable, door, door.dataset.needsLine).then(() => location.replace(door.dataset.seatDoor)));
  }
}

// A form whose page would not come waits here, with what was typed into it.
function holdBack(form) {
  let state = "";
  form.addEventListener("submit", event => {
    if (state === "reached") return;
    event.preventDefault();
    if (state === "asking") return;
    state = "asking";
    const button = senderOf(event) || form.querySelector("button");
    waitFor(isReachable, form, form.dataset.needsLine).then(() => {
      state = "reached";
      button.click();
    });
  });
}

// Asks until it is so, and says above `element` what it waits for.
function waitFor(condition, element, words) {
  return condition().then(isSo => {
    const said = element.previousElementSibling;
    const note = said && said.dataset.line ? said : null;
    if (isSo) return note && note.remove();
    if (!note || note.textContent !== words) {
      if (note) note.remove();
      element.insertAdjacentHTML("beforebegin", "<p class='note' role='alert' data-line='gone'></p>");
      element.previousElementSibling.textContent = words;
    }
    return new Promise(resolve => setTimeout(resolve, AGAIN)).then(() => waitFor(condition, element, words));
  });
}

function isReachable() {
  const silence = new Promise(resolve => setTimeout(resolve, SILENCE, false));
  const answer = fetch("/i", { method: "HEAD", cache: "no-store", credentials: "omit" }).then(response => response.ok, () => false);
  return Promise.race([answer, silence]);
}

// The next one begins with letters of the usual size, too.
function forgetStudent(kept) {
  forgetSitting(kept);
  try { localStorage.removeItem("letters"); } catch (error) { /* no storage, nothing to forget */ }
}

// What another page could not send goes from whichever page comes after it.
function deliverRest() {
  if (window.indexedDB) deliverBox([]).catch(() => { setTimeout(deliverRest, 5 * AGAIN); });
}
