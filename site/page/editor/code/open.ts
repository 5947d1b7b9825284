/** The editor itself: CodeMirror in a shadow root. Loaded when the page stands. */
import {
  autocompletion,
  type CompletionSource,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, Transaction } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { type Fault, rangeOf } from '../faults.ts';
import { kindOf } from '../files.ts';
import { outlinedAt, outlineOf } from '../kernels.ts';
import { hoverMicrocode, hoverYaml } from './hover.ts';
import { type Marks, marks, noMarks, setMarks } from './marks.ts';
import { completeMicrocode } from './microcode-completion.ts';
import { microcode } from './microcode-language.ts';
import { type Known, knownOf, knowsNothing, type Running } from './names.ts';
import { theme } from './theme.ts';
import { explainLine, type Meaning } from './words.ts';
import { completeYaml, explainKey, type FileNames } from './yaml-completion.ts';
import { schemaFor } from './yaml-schema.ts';

/** What the editor tells the page. */
export interface CodeEvents {
  /** Somebody has changed a text. */
  onText(file: string, text: string): void;
  /** Somebody wants it compiled at once. */
  onCompile(): void;
  /** The kernel under the pointer, or under the cursor; none if there is none. */
  onKernel(name: string | undefined): void;
  /** What the line under the cursor says, in words. */
  onMeaning(meaning: Meaning | undefined): void;
}

/** The open editor. */
export interface Code {
  /** Shows a file. Its history and its cursor are as they were when it was last shown. */
  show(file: string, text: string): void;
  /** Names of the running design, for completion and words. */
  know(running: Running, files: FileNames): void;
  mark(marks: Marks): void;
  /** Underlines the faults of the file that is shown. */
  underline(faults: readonly Fault[]): void;
  /** Puts the cursor there, and shows it. Line and column from 1. */
  goTo(line: number, column?: number): void;
  close(): void;
}

/** How the keyboard is used, for screen readers. */
const instructions =
  'Tab indents. To leave the editor, press Escape, then Tab. Control and Space offer words. Control and Enter compiles.';

export function openCode(root: ShadowRoot, events: CodeEvents): Code {
  const host = document.createElement('div');
  host.style.height = '100%';
  const how = Object.assign(document.createElement('p'), {
    id: 'how',
    hidden: true,
    textContent: instructions,
  });
  root.replaceChildren(host, how);
  let shown: string | undefined;
  let running: Running | undefined;
  let known: Known | undefined;
  let files: FileNames = { programs: [], cores: [], rules: [] };
  let lastMarks = noMarks;
  let isPointed = false;
  const states = new Map<string, EditorState>();

  // Its texts are read when somebody first asks for a word.
  const knownNow = (): Known => {
    known ??= running === undefined ? knowsNothing : knownOf(running);
    return known;
  };
  const kernelAt = (view: EditorView, offset: number) => {
    const text = view.state.doc.toString();
    const found = outlinedAt(outlineOf(text), view.state.doc.lineAt(offset).number);
    return found?.is === 'kernel' ? found.name : undefined;
  };
  const cursor = (view: EditorView) => view.state.selection.main.head;
  const tellKernel = (view: EditorView) =>
    events.onKernel(view.hasFocus && shown?.endsWith('.uc') ? kernelAt(view, cursor(view)) : undefined);

  const listener = EditorView.updateListener.of(
    ({ view, docChanged, selectionSet, focusChanged, transactions }) => {
      const isOwn = transactions.some((each) => each.annotation(Transaction.remote) === true);
      if (docChanged && !isOwn && shown !== undefined) events.onText(shown, view.state.doc.toString());
      if ((docChanged || selectionSet || focusChanged) && !isPointed) tellKernel(view);
      if (docChanged || selectionSet) void tellMeaning(view);
    },
  );

  async function tellMeaning(view: EditorView): Promise<void> {
    const file = shown;
    const kind = kindOf(file ?? '');
    const text = view.state.doc.toString();
    if (kind === 'microcode') {
      events.onMeaning(explainLine(text, view.state.doc.lineAt(cursor(view)).number));
      return;
    }
    const schema = kind && (await schemaFor(kind));
    if (file === shown) events.onMeaning(schema && explainKey(text, cursor(view), schema));
  }

  const pointer = EditorView.domEventHandlers({
    mousemove: ({ clientX: x, clientY: y }, view) => {
      if (!shown?.endsWith('.uc')) return;
      isPointed = true;
      const offset = view.posAtCoords({ x, y });
      events.onKernel(offset === null ? undefined : kernelAt(view, offset));
    },
    mouseleave: (_event, view) => {
      isPointed = false;
      tellKernel(view);
    },
  });

  /** Scrolls the text to a kernel that somebody points at elsewhere, and the page not at all. */
  function reveal(kernel: string | undefined): void {
    const found = outlineOf(view.state.doc.toString()).find(({ name }) => name === kernel);
    if (found === undefined) return;
    const { top, bottom } = view.lineBlockAt(view.state.doc.line(found.firstLine).from);
    const { scrollTop, clientHeight } = view.scrollDOM;
    if (top < scrollTop || bottom > scrollTop + clientHeight / 2) view.scrollDOM.scrollTop = top;
  }

  const compile = () => {
    events.onCompile();
    return true;
  };

  function extensionsFor(file: string): Extension {
    const kind = kindOf(file) ?? 'microcode';
    const isMicrocode = kind === 'microcode';
    const complete: CompletionSource = isMicrocode
      ? completeMicrocode(knownNow)
      : completeYaml(kind, () => ({ known: knownNow(), files }));
    return [
      keymap.of([
        { key: 'Mod-Enter', run: compile },
        { key: 'Mod-s', run: compile, preventDefault: true },
      ]),
      lineNumbers(),
      highlightActiveLineGutter(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      indentUnit.of('  '),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      autocompletion({ override: [complete], icons: false, maxRenderedOptions: 150 }),
      keymap.of([
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...completionKeymap,
        indentWithTab,
      ]),
      isMicrocode ? [microcode(), hoverMicrocode(knownNow)] : [yaml(), hoverYaml(kind)],
      marks,
      theme,
      EditorView.contentAttributes.of({
        tabindex: '0',
        'aria-label': `Text of ${file}`,
        'aria-describedby': how.id,
        spellcheck: 'false',
        autocapitalize: 'off',
        autocorrect: 'off',
      }),
      pointer,
      listener,
    ];
  }

  const view = new EditorView({ root, parent: host });

  return {
    show(file, text) {
      if (shown !== file) {
        if (shown !== undefined) states.set(shown, view.state);
        shown = file;
        const kept = states.get(file);
        view.setState(kept ?? EditorState.create({ doc: text, extensions: extensionsFor(file) }));
        view.dispatch({ effects: setMarks.of(lastMarks) });
        void tellMeaning(view);
        // The marks of this file come next: its kernel is new to it.
        lastMarks = noMarks;
      }
      if (view.state.doc.toString() !== text)
        view.dispatch({
          changes: { from: 0, to: view.state.doc.length, insert: text },
          annotations: Transaction.remote.of(true),
        });
    },
    know(nowRunning, nowFiles) {
      running = nowRunning;
      known = undefined;
      files = nowFiles;
    },
    mark(now) {
      const isNew = now.inHand !== undefined && now.inHand !== lastMarks.inHand;
      lastMarks = now;
      view.dispatch({ effects: setMarks.of(now) });
      if (isNew && !isPointed && !view.hasFocus) reveal(now.inHand);
    },
    underline(faults) {
      const text = view.state.doc.toString();
      const diagnostics = faults.flatMap((fault): Diagnostic[] => {
        const range = rangeOf(fault, text);
        return range === undefined ? [] : [{ ...range, severity: 'error', message: fault.words }];
      });
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    goTo(line, column = 1) {
      const at = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
      const anchor = Math.min(at.from + column - 1, at.to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    close() {
      view.destroy();
    },
  };
}
