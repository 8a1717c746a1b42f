// The checklist of a running drill keeps itself up to date; when the drill is over the page is shown anew.
const holder = document.querySelector('[data-drill]');
const SECONDS = 5;
let tag = '';

async function ask() {
  const headers = { 'X-Poll': '1', ...(tag && { 'If-None-Match': tag }) };
  const response = await fetch(holder.dataset.drill, { headers, cache: 'no-store', redirect: 'error' });
  if (response.status !== 200) return;
  // Only what has come whole is not asked for again.
  holder.innerHTML = await response.text();
  tag = response.headers.get('ETag');
  if (holder.querySelector('[data-over]')) window.location.reload();
}

async function keepAsking() {
  // A lost connection or an ended log-in leaves the list as it was; the next round asks again.
  if (!document.hidden) await ask().catch(() => {});
  setTimeout(keepAsking, SECONDS * 1000);
}

keepAsking();
