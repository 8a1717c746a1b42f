// What a screen says: a number, a text, nothing yet, or something that its question cannot mean.
function readAnswer(screen) {
  const field = screen.querySelector(".field, textarea");
  if (field) return readField(screen.dataset.way, field);
  const chosen = Array.from(screen.querySelectorAll(":checked"));
  return chosen.length ? { value: chosen.reduce((sum, one) => sum + Number(one.value), 0) } : null;
}

function readField(way, field) {
  const words = field.value.trim();
  if (!words) return field.validity.badInput ? { wrong: true } : null;
  if (way === "date") return readDay(words);
  return way === "number" ? readNumber(words, field.dataset.range.split(" ").map(Number)) : { text: words };
}

// Full-width digits are digits.
function readNumber(words, [lowest, highest, step]) {
  const value = Number(words.normalize("NFKC").replace("。", "."));
  const steps = step ? (value - lowest) / step : 0;
  const fits = value >= lowest && value <= highest && Math.abs(steps - Math.round(steps)) < 1e-9;
  return fits ? { value } : { wrong: true };
}

// Old browsers know no field for dates: there somebody writes one.
function readDay(words) {
  const parts = /^(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*$/.exec(words.normalize("NFKC"));
  const day = parts && [parts[1], parts[2].padStart(2, "0"), parts[3].padStart(2, "0")].join("-");
  const date = new Date(day + "T00:00Z");
  const exists = day && !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === day;
  return exists && day >= "1900" && day < "2101" ? { text: day } : { wrong: true };
}

function emptyScreen(screen) {
  screen.querySelectorAll(":checked").forEach(one => { one.checked = false; });
  screen.querySelectorAll(".field, textarea").forEach(one => { one.value = ""; });
}

// The last three questions belong to every sitting and to no count.
function isCounted(screen) { return isQuestion(screen) && !screen.dataset.name.startsWith("closing."); }
function isTold(screen) { return "break" in screen.dataset || screen.dataset.way === "info"; }
function isQuestion(screen) {
  return !isTold(screen) && ("way" in screen.dataset || screen.querySelector("[type=radio]") !== null);
}
