// The queue looks after itself: it asks for changes every few seconds and can be worked by keyboard.
const holder = document.querySelector('[data-poll]');
const news = document.querySelector('[data-news]');
let tag = '';

function rows() {
  return [...holder.querySelectorAll('[data-entry]')];
}

function current() {
  return document.activeElement.closest('[data-entry]');
}

function focus(row) {
  row?.querySelector('a').focus();
}

// The same words as `waited` in cases/words.py: 5d 20h, 5天20小时.
function waited(minutes) {
  const { lang } = document.documentElement;
  const say = (value, unit) => new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'narrow' }).format(value);
  const hours = Math.floor(minutes / 60);
  const rest = say(minutes % 60, 'minute');
  const parts = hours >= 24 ? [say(Math.floor(hours / 24), 'day'), say(hours % 24, 'hour')] : [hours ? say(hours, 'hour') : '', rest];
  return parts.filter(Boolean).join(lang.startsWith('zh') ? '' : ' ');
}

function showWaiting() {
  for (const time of holder.querySelectorAll('[data-since]')) {
    const minutes = Math.max(0, Math.floor((Date.now() - new Date(time.dateTime)) / 60000));
    time.textContent = waited(minutes);
  }
}

function replaceRows(html) {
  const kept = current()?.dataset.entry;
  const before = rows().map((row) => row.dataset.entry).join();
  holder.innerHTML = html;
  if (kept) focus(rows().find((row) => row.dataset.entry === kept) ?? rows()[0]);
  if (before !== rows().map((row) => row.dataset.entry).join()) news.textContent = news.dataset.news;
}

async function ask() {
  const headers = tag ? { 'If-None-Match': tag } : {};
  const response = await fetch(holder.dataset.poll, { headers, cache: 'no-store', redirect: 'error' });
  if (response.status !== 200) return;
  // Only what has come whole is not asked for again.
  replaceRows(await response.text());
  tag = response.headers.get('ETag');
}

async function keepAsking() {
  // A lost connection or an ended log-in leaves the page as it was; the next round asks again.
  if (!document.hidden) await ask().catch(() => {});
  showWaiting();
  setTimeout(keepAsking, holder.dataset.pollSeconds * 1000);
}

const keys = {
  j: () => focus(rows()[rows().indexOf(current()) + 1] ?? rows()[0]),
  k: () => focus(rows()[rows().indexOf(current()) - 1] ?? rows().at(-1)),
  c: () => current()?.querySelector('[data-claim]')?.click(),
  '/': (event) => { event.preventDefault(); document.querySelector('[data-find]')?.focus(); },
  '?': () => {
    const help = document.querySelector('[data-keys]');
    help.classList.toggle('keys--shown');
    help.scrollIntoView({ block: 'nearest' });
  },
};

document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest('input, select, textarea');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  keys[event.key]?.(event);
});

setTimeout(keepAsking, holder.dataset.pollSeconds * 1000);
