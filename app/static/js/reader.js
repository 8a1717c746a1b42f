// Reads a question and its answers aloud, where this device has a voice of its own for the language:
// what other voices read goes to somebody else's server first.
function createReader(form, current) {
  const button = form.querySelector("[data-read]");
  const speech = window.speechSynthesis;
  const language = document.documentElement.lang;
  if (!button || !speech) return { stop: hush };

  // Those of iPhones were no source of events for long: there the next question asks again.
  if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
  window.addEventListener("pagehide", stop);
  button.addEventListener("click", () => { if (speech.speaking) stop(); else read(); });
  offer();

  function voice() {
    const own = speech.getVoices().filter(one => one.localService);
    return own.find(one => one.lang.slice(0, 2).toLowerCase() === language.slice(0, 2).toLowerCase());
  }

  // What somebody has spoken for this question has a player of its own.
  function offer() {
    const screen = current();
    button.hidden = !voice() || Boolean(screen && screen.querySelector("audio"));
  }

  function read() {
    const parts = current().querySelectorAll(".item__text, .option span");
    Array.from(parts, part => part.textContent.trim()).filter(Boolean).forEach(words => {
      const said = new SpeechSynthesisUtterance(words);
      said.voice = voice();
      said.lang = said.voice.lang;
      said.rate = 0.9;
      speech.speak(said);
    });
  }

  function stop() {
    speech.cancel();
    hush();
    offer();
  }

  function hush() { form.querySelectorAll("audio").forEach(one => one.pause()); }

  return { stop };
}
