// The proctor's board shows whose device is cut off. It is told of the line only, never of an answer,
// and from every page alike.
const BEATS = 30000; // ms between two signs that the device is there

function keepBeating(source) {
  setTimeout(sendBeat, BEATS / 10, source);
  setInterval(sendBeat, BEATS, source);
}

function sendBeat(source) {
  if (document.hidden) return;
  fetch(source.dataset.beat, {
    method: "POST",
    body: JSON.stringify({ waiting: source.dataset.held === "yes", ticket: source.dataset.ticket }),
    headers: { "Content-Type": "application/json" },
    credentials: "same-origin"
  }).catch(() => 0);
}
