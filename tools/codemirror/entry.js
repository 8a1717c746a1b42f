export { EditorState, Compartment, StateEffect } from '@codemirror/state';
export { EditorView, keymap, lineNumbers, highlightActiveLine, highlightActiveLineGutter, drawSelection, highlightSpecialChars } from '@codemirror/view';
export { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
export { indentUnit, bracketMatching, syntaxHighlighting, HighlightStyle } from '@codemirror/language';
export { yaml } from '@codemirror/lang-yaml';
export { setDiagnostics, lintGutter } from '@codemirror/lint';
export { search, searchKeymap } from '@codemirror/search';
export { tags } from '@lezer/highlight';
