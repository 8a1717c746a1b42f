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
    body: JSON.stringify({ waiting: source.dataset.held === "yes" }),
    headers: { "Content-Type": "application/json", "X-CSRFToken": source.dataset.csrf || source.elements.csrf_token.value },
    credentials: "same-origin"
  }).catch(() => 0);
}
