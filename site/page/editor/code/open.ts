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
import { type Diagnostic, diagnosticCount, setDiagnostics } from '@codemirror/lint';
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
import { whenIdle } from '../../turns.ts';
import { type Fault, rangeOf } from '../faults.ts';
import { kindOf } from '../files.ts';
import { outlineItemAt, outlineOf } from '../kernels.ts';
import { hoverMicrocode, hoverYaml } from './hover.ts';
import { type Marks, marks, noMarks, setMarks } from './marks.ts';
import { completeMicrocode } from './microcode-completion.ts';
import { microcode } from './microcode-language.ts';
import { type DesignNames, emptyVocabulary, keysOf, type Vocabulary, vocabularyOf } from './names.ts';
import { theme } from './theme.ts';
import { explainLine, type Meaning } from './words.ts';
import { completeYaml, explainKey, type FileNames } from './yaml-completion.ts';
import { schemaFor } from './yaml-schema.ts';

/** The messages of the editor to the page. */
export interface CodeEvents {
  /** A text has changed. */
  onText(file: string, text: string): void;
  /** The user asks to compile it at once. */
  onCompile(): void;
  /** The kernel under the pointer, or under the cursor; none if there is none. */
  onKernel(name: string | undefined): void;
  /** The line under the cursor, in words. */
  onMeaning(meaning: Meaning | undefined): void;
}

/** The open editor. */
export interface Code {
  /** Shows a file. Its history and its cursor are as they were when it was last shown. */
  show(file: string, text: string): void;
  /** Names of the running design, for completion and words. */
  know(running: DesignNames, files: FileNames): void;
  mark(marks: Marks): void;
  /** Underlines the faults of the file that is shown. */
  underline(faults: readonly Fault[]): void;
  /** Puts the cursor there, and shows it. Line and column from 1. */
  goTo(line: number, column?: number): void;
  close(): void;
}

/** How the keyboard is used, for screen readers, and where the page says it. */
const howId = 'how';
const instructions =
  'Tab indents. To leave the editor, press Escape, then Tab. Control and Space offer words. Control and Enter compiles.';

export function openCode(root: ShadowRoot, events: CodeEvents): Code {
  return new Editor(root, events);
}

class Editor implements Code {
  readonly #events: CodeEvents;
  readonly #view: EditorView;
  #shown: string | undefined;
  #running: DesignNames | undefined;
  #known: Vocabulary | undefined;
  #files: FileNames = { programs: [], cores: [], rules: [] };
  #lastMarks = noMarks;
  #isPointed = false;
  readonly #states = new Map<string, EditorState>();

  constructor(root: ShadowRoot, events: CodeEvents) {
    const host = document.createElement('div');
    host.style.height = '100%';
    const how = Object.assign(document.createElement('p'), {
      id: howId,
      hidden: true,
      textContent: instructions,
    });
    root.replaceChildren(host, how);
    this.#events = events;
    // Named from the start: a file is shown a moment later.
    this.#view = new EditorView({ root, parent: host, extensions: labelled('Text') });
  }

  show(file: string, text: string): void {
    const view = this.#view;
    if (this.#shown !== file) {
      if (this.#shown !== undefined) this.#states.set(this.#shown, view.state);
      this.#shown = file;
      const kept = this.#states.get(file);
      view.setState(kept ?? EditorState.create({ doc: text, extensions: this.#extensionsFor(file) }));
      if (this.#lastMarks !== noMarks) view.dispatch({ effects: setMarks.of(this.#lastMarks) });
      void this.#tellMeaning();
      // The marks of this file come next: its kernel is new to it.
      this.#lastMarks = noMarks;
    }
    if (view.state.doc.toString() !== text)
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        annotations: Transaction.remote.of(true),
      });
  }

  know(running: DesignNames, files: FileNames): void {
    this.#running = running;
    this.#known = undefined;
    this.#files = files;
    void this.#readAhead(running);
  }

  /** The first word that is offered needs both texts: each takes a while to read. */
  async #readAhead({ programText, coreText }: DesignNames): Promise<void> {
    for (const text of [programText, coreText]) {
      await whenIdle();
      keysOf(text);
    }
  }

  mark(now: Marks): void {
    const isNew = now.inHand !== undefined && now.inHand !== this.#lastMarks.inHand;
    this.#lastMarks = now;
    this.#view.dispatch({ effects: setMarks.of(now) });
    if (isNew && !this.#isPointed && !this.#view.hasFocus) this.#reveal(now.inHand);
  }

  underline(faults: readonly Fault[]): void {
    const text = this.#view.state.doc.toString();
    const diagnostics = faults.flatMap((fault): Diagnostic[] => {
      const range = rangeOf(fault, text);
      return range === undefined ? [] : [{ ...range, severity: 'error', message: fault.words }];
    });
    const { state } = this.#view;
    if (diagnostics.length > 0 || diagnosticCount(state) > 0)
      this.#view.dispatch(setDiagnostics(state, diagnostics));
  }

  goTo(line: number, column = 1): void {
    const { doc } = this.#view.state;
    const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
    const anchor = Math.min(at.from + column - 1, at.to);
    this.#view.dispatch({
      selection: { anchor },
      effects: EditorView.scrollIntoView(anchor, { y: 'center' }),
    });
    this.#view.focus();
  }

  close(): void {
    this.#view.destroy();
  }

  /** Its texts are read when somebody first asks for a word. */
  readonly #vocabularyNow = (): Vocabulary => {
    this.#known ??= this.#running === undefined ? emptyVocabulary : vocabularyOf(this.#running);
    return this.#known;
  };

  get #cursor(): number {
    return this.#view.state.selection.main.head;
  }

  #kernelAt(offset: number): string | undefined {
    const { doc } = this.#view.state;
    const found = outlineItemAt(outlineOf(doc.toString()), doc.lineAt(offset).number);
    return found?.is === 'kernel' ? found.name : undefined;
  }

  #tellKernel(): void {
    const isTold = this.#view.hasFocus && this.#shown?.endsWith('.uc');
    this.#events.onKernel(isTold ? this.#kernelAt(this.#cursor) : undefined);
  }

  async #tellMeaning(): Promise<void> {
    const file = this.#shown;
    const kind = kindOf(file ?? '');
    const { doc } = this.#view.state;
    const text = doc.toString();
    if (kind === 'microcode') {
      this.#events.onMeaning(explainLine(text, doc.lineAt(this.#cursor).number));
      return;
    }
    const schema = kind && (await schemaFor(kind));
    if (file === this.#shown) this.#events.onMeaning(schema && explainKey(text, this.#cursor, schema));
  }

  /** Scrolls the text to a kernel that somebody points at elsewhere, and the page not at all. */
  #reveal(kernel: string | undefined): void {
    const view = this.#view;
    const found = outlineOf(view.state.doc.toString()).find(({ name }) => name === kernel);
    if (found === undefined) return;
    const { top, bottom } = view.lineBlockAt(view.state.doc.line(found.firstLine).from);
    const { scrollTop, clientHeight } = view.scrollDOM;
    if (top < scrollTop || bottom > scrollTop + clientHeight / 2) view.scrollDOM.scrollTop = top;
  }

  /** Tells what is typed and where the cursor and the pointer are. */
  #listeners(): Extension {
    return [
      EditorView.updateListener.of(({ view, docChanged, selectionSet, focusChanged, transactions }) => {
        const isOwn = transactions.some((each) => each.annotation(Transaction.remote) === true);
        if (docChanged && !isOwn && this.#shown !== undefined)
          this.#events.onText(this.#shown, view.state.doc.toString());
        if ((docChanged || selectionSet || focusChanged) && !this.#isPointed) this.#tellKernel();
        if (docChanged || selectionSet) void this.#tellMeaning();
      }),
      EditorView.domEventHandlers({
        mousemove: ({ clientX: x, clientY: y }, view) => {
          if (!this.#shown?.endsWith('.uc')) return;
          this.#isPointed = true;
          const offset = view.posAtCoords({ x, y });
          this.#events.onKernel(offset === null ? undefined : this.#kernelAt(offset));
        },
        mouseleave: () => {
          this.#isPointed = false;
          this.#tellKernel();
        },
      }),
    ];
  }

  #extensionsFor(file: string): Extension {
    const kind = kindOf(file) ?? 'microcode';
    const isMicrocode = kind === 'microcode';
    const complete: CompletionSource = isMicrocode
      ? completeMicrocode(this.#vocabularyNow)
      : completeYaml(kind, () => ({ known: this.#vocabularyNow(), files: this.#files }));
    const compile = () => {
      this.#events.onCompile();
      return true;
    };
    return [
      keymap.of([
        { key: 'Mod-Enter', run: compile },
        { key: 'Mod-s', run: compile, preventDefault: true },
      ]),
      editing,
      autocompletion({ override: [complete], icons: false, maxRenderedOptions: 150 }),
      keys,
      isMicrocode ? [microcode(), hoverMicrocode(this.#vocabularyNow)] : [yaml(), hoverYaml(kind)],
      marks,
      theme,
      labelled(`Text of ${file}`),
      this.#listeners(),
    ];
  }
}

/** What whoever cannot see the text is told of it. */
function labelled(label: string): Extension {
  return EditorView.contentAttributes.of({
    tabindex: '0',
    'aria-label': label,
    'aria-describedby': howId,
    spellcheck: 'false',
    autocapitalize: 'off',
    autocorrect: 'off',
  });
}

/** The extensions of every text. */
const editing: Extension = [
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
];

const keys: Extension = keymap.of([
  ...closeBracketsKeymap,
  ...defaultKeymap,
  ...searchKeymap,
  ...historyKeymap,
  ...completionKeymap,
  indentWithTab,
]);
