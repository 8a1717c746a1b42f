// The banner of alerts keeps itself up to date on every page of the desk, and says so in the tab's title.
const holder = document.querySelector('[data-alarms]');
const SECONDS = 10;
const { title } = document;
let tag = '';

function showInTitle() {
  const count = holder.querySelectorAll('.alarm').length;
  document.title = count ? `(${count}) ${title}` : title;
}

function replace(html) {
  // A button under the finger or the cursor must not move away: the next round comes soon.
  if (holder.contains(document.activeElement)) return false;
  holder.innerHTML = html;
  for (const field of holder.querySelectorAll('[name=csrf_token]')) field.value = holder.dataset.csrf;
  showInTitle();
  return true;
}

async function ask() {
  const headers = { 'X-Poll': '1', ...(tag && { 'If-None-Match': tag }) };
  const response = await fetch(holder.dataset.alarms, { headers, cache: 'no-store', redirect: 'error' });
  if (response.status !== 200) return;
  if (replace(await response.text())) tag = response.headers.get('ETag');
}

async function keepAsking() {
  // A lost connection or an ended log-in leaves the banner as it was; the next round asks again.
  await ask().catch(() => {});
  setTimeout(keepAsking, SECONDS * 1000);
}

if (holder) {
  showInTitle();
  keepAsking();
}
