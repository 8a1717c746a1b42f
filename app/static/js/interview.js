// The interview: number keys choose, Enter goes on, and every pause is kept on the server, sealed there.
const form = document.querySelector('[data-keep]');
const status = document.querySelector('[data-kept]');
const PAUSE = 400;
const RETRY = 5000;
let timer;
let isKeeping = false;
let isChanged = false;
let isStale = false;

function clockTime() {
  return new Date().toTimeString().slice(0, 5);
}

function show(words) {
  status.textContent = words.replace('…', clockTime());
}

function send() {
  const body = new URLSearchParams(new FormData(form)).toString();
  return fetch(form.dataset.keep, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    keepalive: body.length < 60000, // browsers refuse more
    redirect: 'error',
  });
}

// Who walks away mid-sentence loses nothing: the last words leave with the page, whatever is under way.
async function keep(isLeaving = false) {
  if ((isKeeping && !isLeaving) || !isChanged || isStale) return;
  isKeeping = true;
  isChanged = false;
  try {
    const answer = await send();
    isStale = answer.status === 409;
    if (!isStale && !answer.ok) throw new Error('not kept');
    show(isStale ? status.dataset.stale : status.dataset.saved);
  } catch {
    isChanged = true;
    show(status.dataset.lost);
    later(RETRY);
  }
  isKeeping = false;
  if (isChanged) later(PAUSE);
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(keep, wait);
}

function onChange() {
  isChanged = true;
  later(PAUSE);
}

function stops() {
  const fields = [...form.querySelectorAll('textarea, select, button, [data-choices], input:not([type=hidden], [type=radio], [type=checkbox])')];
  return fields.filter((field) => !field.closest('[data-choices]') || field.matches('[data-choices]'));
}

function focus(stop) {
  const target = stop?.matches('[data-choices]') ? (stop.querySelector('input:checked') ?? stop.querySelector('input')) : stop;
  target?.focus();
}

function goOn(from) {
  const all = stops();
  focus(all[all.indexOf(from) + 1]);
}

function stamp(choice) {
  const target = form.elements[choice.closest('[data-stamps]')?.dataset.stamps];
  if (!target || !choice.checked) return;
  const label = choice.labels[0].textContent.trim();
  target.value = [target.value.trim(), `${label} ${clockTime()}`].filter(Boolean).join('\n');
}

form.addEventListener('input', onChange);
form.addEventListener('change', (event) => {
  stamp(event.target);
  onChange();
});
form.addEventListener('submit', () => {
  isChanged = false;
  clearTimeout(timer);
});
form.addEventListener('keydown', (event) => {
  const choices = event.target.closest('[data-choices]');
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  if (!choices || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Enter') {
    event.preventDefault();
    goOn(choices);
  }
  const chosen = choices.querySelectorAll('input')[Number(event.key) - 1];
  if (!/^[1-9]$/.test(event.key) || !chosen) return;
  event.preventDefault();
  chosen.click();
  if (chosen.type === 'radio') goOn(choices);
  else chosen.focus();
});
document.addEventListener('visibilitychange', () => document.hidden && keep(true));
window.addEventListener('pagehide', () => keep(true));
// At a desk the hands stay on the keys; on a phone the keyboard would cover the page.
const isDesk = matchMedia('(pointer: fine)').matches;
if (isDesk && !document.querySelector('[data-focus]')) form.querySelector('textarea').focus();
