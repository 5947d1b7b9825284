/** How the editor looks: with the page's own colours, which it inherits through the shadow root. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const highlight = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: tags.operatorKeyword, color: 'var(--code-operation)' },
  { tag: tags.definition(tags.variableName), color: 'var(--code-name)', fontWeight: '600' },
  { tag: tags.function(tags.variableName), color: 'var(--code-name)' },
  { tag: tags.definition(tags.propertyName), color: 'var(--code-keyword)' },
  { tag: tags.variableName, color: 'var(--code-register)' },
  { tag: tags.propertyName, color: 'var(--code-field)' },
  { tag: tags.typeName, color: 'var(--code-field)' },
  { tag: tags.macroName, color: 'var(--code-parameter)' },
  { tag: [tags.number, tags.bool], color: 'var(--code-number)' },
  { tag: [tags.string, tags.content], color: 'var(--code-text)' },
  { tag: [tags.meta, tags.labelName], color: 'var(--code-parameter)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--code-fault)' },
]);

const look = EditorView.theme({
  '&': {
    color: 'var(--code-ink)',
    backgroundColor: 'var(--code-ground)',
    fontSize: '0.875rem',
    height: '100%',
  },
  // The page outlines the whole of it.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--code-font)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--code-ink)', padding: '0.5rem 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--code-ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--code-selection)',
  },
  '.cm-gutters': {
    color: 'var(--code-comment)',
    backgroundColor: 'var(--code-ground)',
    border: 'none',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--code-line)' },
  '.cm-inHand': { backgroundColor: 'var(--code-hand)', boxShadow: 'inset 3px 0 var(--code-focus)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--code-hand)',
    outline: '1px solid var(--code-focus)',
  },
  '.cm-share': {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '0.4em',
    marginLeft: '1.5em',
    color: 'var(--code-comment)',
    fontFamily: 'var(--code-words)',
    fontSize: '0.85em',
    whiteSpace: 'nowrap',
    userSelect: 'none',
  },
  '.cm-share > .track': {
    width: '4em',
    height: '0.5em',
    borderRadius: '0.25em',
    backgroundColor: 'var(--code-ground)',
    boxShadow: 'inset 0 0 0 1px var(--code-edge)',
    overflow: 'hidden',
  },
  '.cm-share > .track > .bar': { display: 'block', height: '100%', backgroundColor: 'var(--code-focus)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--code-fault) 1.5px',
    textDecorationSkipInk: 'none',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip, .cm-panels': {
    color: 'var(--code-ink)',
    backgroundColor: 'var(--code-raised)',
    border: '1px solid var(--code-edge)',
  },
  '.cm-tooltip': { borderRadius: '6px', boxShadow: '0 4px 16px rgb(0 0 0 / 18%)', zIndex: '20' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    maxWidth: 'min(28rem, 90vw)',
    maxHeight: '16em',
    fontFamily: 'var(--code-font)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: 'var(--code-ink)',
    backgroundColor: 'var(--code-selection)',
  },
  '.cm-completionDetail': { color: 'var(--code-comment)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-tooltip.cm-completionInfo': { maxWidth: 'min(24rem, 80vw)' },
  '.meaning': {
    maxWidth: 'min(28rem, 80vw)',
    padding: '0.3rem 0.5rem',
    fontFamily: 'var(--code-words)',
    fontSize: '0.8125rem',
    lineHeight: '1.4',
    whiteSpace: 'normal',
  },
  '.meaning > code': { fontFamily: 'var(--code-font)', fontWeight: '600' },
  '.meaning > p': { margin: '0.2rem 0 0' },
  '.meaning > small': { display: 'block', marginTop: '0.2rem', color: 'var(--code-comment)' },
  '.cm-diagnostic': {
    maxWidth: 'min(32rem, 85vw)',
    padding: '0.3rem 0.6rem',
    fontFamily: 'var(--code-font)',
    fontSize: '0.8125rem',
    whiteSpace: 'pre-wrap',
  },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--code-fault)' },
  '.cm-panel.cm-search': { fontFamily: 'var(--code-words)', padding: '0.4rem 2rem 0.4rem 0.6rem' },
  '.cm-textfield, .cm-button': {
    color: 'var(--code-ink)',
    backgroundColor: 'var(--code-ground)',
    backgroundImage: 'none',
    border: '1px solid var(--code-edge)',
    borderRadius: '4px',
    fontSize: '0.8125rem',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--code-hand)', outline: '1px solid var(--code-edge)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--code-selection)' },
});

export const theme: Extension = [look, syntaxHighlighting(highlight)];
