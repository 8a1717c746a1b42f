// The class board asks for what has changed every few seconds; without this file it is a page to reload.
const holder = document.querySelector('[data-board]');
const news = document.querySelector('[data-news]');
const stale = document.querySelector('[data-stale]');
const SECONDS = 5;
let tag = '';
let misses = 0;

function urgent() {
  return [...holder.querySelectorAll('[data-slip]')].map((line) => line.dataset.slip);
}

function replace(html) {
  // A button under the finger must not move away: the next round comes soon.
  if (holder.querySelector('button:active, button:focus')) return false;
  const before = urgent();
  holder.innerHTML = html;
  for (const field of holder.querySelectorAll('[name=csrf_token]')) field.value = holder.dataset.csrf;
  if (urgent().some((line) => !before.includes(line))) news.textContent = `${news.dataset.news} ${urgent().length}`;
  return true;
}

async function ask() {
  const headers = tag ? { 'If-None-Match': tag } : {};
  const response = await fetch(holder.dataset.board, { headers, cache: 'no-store', redirect: 'error' });
  if (!response.ok && response.status !== 304) throw new Error(response.status);
  if (response.status === 200 && replace(await response.text())) tag = response.headers.get('ETag');
}

async function keepAsking() {
  // A lost connection or an ended log-in leaves the board as it was; the next round asks again.
  if (!document.hidden) await ask().then(() => { misses = 0; }, () => { misses += 1; });
  stale.hidden = misses < 3;
  setTimeout(keepAsking, SECONDS * 1000);
}

setTimeout(keepAsking, SECONDS * 1000);
