// The authors' editor: line numbers, colours, faults at their lines and the phone beside them while
// somebody types. Without script the same fields are plain, the same list stands above them after
// saving, and a button shows the text on the same phone.
const form = document.querySelector('[data-author]');
const {
  EditorState, EditorView, HighlightStyle, bracketMatching, defaultKeymap, drawSelection, highlightActiveLine,
  highlightActiveLineGutter, highlightSpecialChars, history, historyKeymap, indentUnit, keymap, lineNumbers,
  lintGutter, search, searchKeymap, setDiagnostics, syntaxHighlighting, tags, yaml,
} = await import(form.dataset.editor);

const PAUSE = 500;
const editors = new Map();
const main = form.querySelector('[data-file]');
let asked;
let showing;
let waiting;
let saved = true;

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--teal)' },
  { tag: [tags.string, tags.content], color: 'var(--ink)' },
  { tag: [tags.number, tags.bool, tags.atom], color: 'var(--high)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--muted)' },
]);

const look = EditorView.theme({
  '&': { border: '1px solid var(--field)', borderRadius: 'var(--radius-field)', backgroundColor: 'var(--surface)', color: 'var(--ink)', fontSize: '14px' },
  '&.cm-focused': { outline: '3px solid var(--focus)', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'ui-monospace, "Noto Sans Mono CJK SC", monospace', lineHeight: '1.6', maxHeight: '70vh', minHeight: '9em', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--paper)', color: 'var(--muted)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--teal-wash)' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--line)' },
});

function open(field) {
  // Inside a shadow root the editor keeps its styles in a constructed sheet, which our policy allows.
  const holder = document.createElement('div');
  const root = holder.attachShadow({ mode: 'open' });
  field.before(holder);
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        lineNumbers(), lintGutter(), history(), drawSelection(), highlightSpecialChars(), highlightActiveLine(),
        highlightActiveLineGutter(), bracketMatching(), search({ top: true }), yaml(), indentUnit.of('  '),
        syntaxHighlighting(colours), look, EditorView.lineWrapping,
        EditorState.readOnly.of(field.readOnly),
        EditorView.contentAttributes.of({ 'aria-label': field.dataset.label, spellcheck: 'false', tabindex: '0' }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(field, update.state);
          else if (field === main && lineOf(update.state) !== lineOf(update.startState)) soon(show);
        }),
      ],
    }),
  });
  field.hidden = true;
  editors.set(field.dataset.file, view);
}

function changed(field, state) {
  field.value = state.doc.toString();
  saved = false;
  soon(check);
}

function soon(step) {
  // A line that was left for another asks only for its screen; what was typed before is checked first.
  if (step === show && waiting) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => { waiting = undefined; step(); }, PAUSE);
}

const lineOf = (state) => state.doc.lineAt(state.selection.main.head).number;

async function show() {
  // The frame is a new one each time, so that “Back” of the browser leads away from this page as ever.
  const phone = document.querySelector('[data-phone]');
  if (!document.querySelector('[data-fits]')) return;
  const sent = new FormData(form);
  sent.set('look', '1');
  sent.set('line', lineOf(editors.get(main.dataset.file).state));
  showing?.abort();
  showing = new AbortController();
  try {
    const chosen = document.querySelector('[data-look][aria-pressed="true"]');
    const answer = await fetch(chosen.formAction, { method: 'POST', body: sent, signal: showing.signal });
    // What cannot be shown yet is said on the phone itself.
    if (answer.redirected || (!answer.ok && answer.status !== 422)) { refused(answer); return; }
    const fresh = phone.cloneNode();
    fresh.srcdoc = await answer.text();
    phone.replaceWith(fresh);
    say('');
  } catch (error) {
    lost(error);
  }
}

function choose(event) {
  const button = event.target.closest('[data-look]');
  if (!button) return;
  event.preventDefault();
  for (const each of document.querySelectorAll('[data-look]')) each.setAttribute('aria-pressed', each === button);
  show();
}

async function check() {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(form.dataset.check, { method: 'POST', body: new FormData(form), signal: asked.signal });
    if (!answer.ok || answer.redirected) { refused(answer); return; }
    document.querySelector('[data-problems]').outerHTML = await answer.text();
    say('');
    mark();
    show();
  } catch (error) {
    lost(error);
  }
}

// Why the list and the phone stay as they were: what was typed last is on neither.
function say(words) {
  const place = document.querySelector('[data-trouble]');
  if (place.textContent !== words) place.textContent = words;
  place.hidden = !words;
}

function refused(answer) {
  say(answer.status === 413 ? form.dataset.tooLong : form.dataset.refused);
}

function lost(error) {
  // An ask that a newer one has overtaken is no trouble.
  if (error.name !== 'AbortError') say(form.dataset.lost);
}

function mark() {
  const found = [...document.querySelectorAll('[data-problems] [data-line]')];
  for (const [file, view] of editors) {
    const { doc } = view.state;
    const own = found.filter((link) => link.dataset.file === file).map((link) => {
      const line = doc.line(Math.min(Number(link.dataset.line), doc.lines));
      const from = Math.min(line.from + Number(link.dataset.column) - 1, line.to);
      return { from, to: Math.max(line.to, from), severity: 'error', message: link.dataset.message };
    });
    view.dispatch(setDiagnostics(view.state, own));
  }
}

function go(event) {
  const link = event.target.closest('[data-problems] [data-line]');
  const view = link && editors.get(link.dataset.file);
  if (!view) return;
  event.preventDefault();
  const line = view.state.doc.line(Math.min(Number(link.dataset.line), view.state.doc.lines));
  const at = Math.min(line.from + Number(link.dataset.column) - 1, line.to);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
  view.focus();
  view.dom.scrollIntoView({ block: 'nearest' });
}

for (const field of form.querySelectorAll('[data-file]')) open(field);
mark();
document.fonts.ready.then(() => editors.forEach((view) => view.requestMeasure()));
show();
document.addEventListener('click', go);
document.addEventListener('click', choose);
form.addEventListener('input', () => { saved = false; });
form.addEventListener('submit', (event) => { saved = saved || !event.submitter?.formTarget; });
window.addEventListener('beforeunload', (event) => { if (!saved) event.preventDefault(); });
document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 's' && form.querySelector('button')) {
    event.preventDefault();
    form.requestSubmit();
  }
});
