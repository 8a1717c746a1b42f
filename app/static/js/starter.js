// Live totals of the form for a new questionnaire; without script “Only look it over” says the same.
const form = document.querySelector('[data-starter]');
const totals = form.querySelector('[data-totals]');

const lines = (name) => form.elements[name].value.split('\n').map((line) => line.trim()).filter(Boolean);
const value = (line) => Number.parseInt(line.normalize('NFKC').match(/^-?\d+/) ?? line.match(/-?\d+\)?$/), 10);
const numbers = (text) => text.normalize('NFKC').split(/[^\d\-~–—至到]+/).filter(Boolean);

function size(run) {
  const [first, last = first] = run.split(/[-~–—至到]+/).map(Number);
  return Math.max(0, last - first + 1);
}

function show() {
  const questions = lines('questions_zh').length;
  const values = lines('options').map(value).filter(Number.isFinite);
  totals.hidden = !questions || !values.length;
  if (totals.hidden) return;
  const times = form.elements.method.value === 'mean' ? 1 : questions;
  const factor = form.elements.multiply.value.normalize('NFKC').match(/\d+(\.\d+)?/);
  const standard = (score) => (factor ? Math.floor(score * factor[0]) : score);
  const found = {
    questions,
    answers: values.length,
    low: standard(Math.min(...values) * times),
    high: standard(Math.max(...values) * times),
    reversed: numbers(form.elements.reverse.value).reduce((sum, run) => sum + size(run), 0),
  };
  totals.textContent = totals.dataset.words.replace(/\{(\w+)\}/g, (_, name) => found[name]);
}

form.addEventListener('input', show);
show();
