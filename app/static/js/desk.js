// Small comforts on staff pages; every page works without them.
for (const button of document.querySelectorAll('[data-fill-login]')) {
  button.addEventListener('click', () => {
    document.querySelector('#login').value = button.dataset.fillLogin;
    document.querySelector('#password').value = button.dataset.fillPassword;
    button.closest('main').querySelector('form').requestSubmit();
  });
}
for (const select of document.querySelectorAll('[data-submit-on-change]')) {
  select.addEventListener('change', () => select.form.requestSubmit());
}
for (const element of document.querySelectorAll('[data-hide-with-script]')) element.hidden = true;
document.querySelector('[data-focus]')?.focus();
// On a phone the rail is one long row: the place where one is comes into sight.
const here = document.querySelector('.rail__stretches [aria-current]');
const strip = here?.closest('.rail__stretches');
if (here) strip.scrollLeft = here.offsetLeft - strip.offsetLeft - strip.clientWidth / 3;
for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', () => navigator.clipboard.writeText(field.value).then(() => { button.textContent = field.dataset.copied; }));
}
// A part of the page that changes by itself, until it says that it is done.
async function refresh() {
  const live = document.querySelector('[data-live]');
  if (!live?.dataset.live) return;
  const response = await fetch(location.href, { cache: 'no-store', redirect: 'error' }).catch(() => null);
  if (response?.ok) {
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (!page.querySelector('[data-live]')?.dataset.live) return location.reload();
    live.replaceWith(page.querySelector('[data-live]'));
  }
  setTimeout(refresh, live.dataset.live * 1000);
}
const seconds = document.querySelector('[data-live]')?.dataset.live;
if (seconds) setTimeout(refresh, seconds * 1000);
