// Keys on the page of one entry: they press what carries data-key; ? shows which there are.
const help = document.querySelector('[data-keys-for-page]');

function press(part) {
  if (part instanceof HTMLDetailsElement) {
    part.open = true;
    part.querySelector('summary').focus();
  } else {
    part.click();
  }
}

document.addEventListener('keydown', (event) => {
  const isTyping = event.target.closest('input, select, textarea');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '?') {
    help.scrollIntoView({ block: 'nearest' });
    help.classList.toggle('keys--shown');
    return;
  }
  const part = /^[a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
  if (part) press(part);
});
