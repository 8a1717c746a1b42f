// The authors' editor: line numbers, colours, and faults at their lines while somebody types.
// Without script the same fields are plain, and the same list stands above them after saving.
const form = document.querySelector('[data-author]');
const {
  EditorState, EditorView, HighlightStyle, bracketMatching, defaultKeymap, drawSelection, highlightActiveLine,
  highlightActiveLineGutter, highlightSpecialChars, history, historyKeymap, indentUnit, keymap, lineNumbers,
  lintGutter, search, searchKeymap, setDiagnostics, syntaxHighlighting, tags, yaml,
} = await import(form.dataset.editor);

const PAUSE = 500;
const editors = new Map();
let asked;
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
  clearTimeout(waiting);
  waiting = setTimeout(check, PAUSE);
}

async function check() {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(form.dataset.check, { method: 'POST', body: new FormData(form), signal: asked.signal });
    if (!answer.ok) return;
    document.querySelector('[data-problems]').outerHTML = await answer.text();
    mark();
  } catch {
    // No connection, or somebody went on typing: the list stays as it was.
  }
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
document.addEventListener('click', go);
form.addEventListener('input', () => { saved = false; });
form.addEventListener('submit', () => { saved = true; });
window.addEventListener('beforeunload', (event) => { if (!saved) event.preventDefault(); });
document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 's' && form.querySelector('button')) {
    event.preventDefault();
    form.requestSubmit();
  }
});
