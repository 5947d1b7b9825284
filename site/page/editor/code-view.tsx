import { computed, effect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { bench, kernelInHand } from '../store.ts';
import { afterPaint, whenIdle } from '../turns.ts';
import type { Code, CodeEvents } from './code/open.ts';
import type { Meaning } from './code/words.ts';
import { compileNow, faults, file, text, texts, write } from './editing.ts';
import type { Fault } from './faults.ts';
import { kindOf, pathsOf, shortName } from './files.ts';
import { nameParts, runningKernels, sharesOf } from './kernels.ts';

/** A place that somebody wants to see. */
export interface Goal {
  readonly file: string;
  readonly line: number;
  readonly column: number | undefined;
}

interface CodeViewProps {
  readonly goal: Goal | undefined;
  readonly onMeaning: (meaning: Meaning | undefined) => void;
}

/** Parts of the editor, each with libraries of its own: a browser takes long to read all of them at once. */
const partsOfEditor: readonly (() => Promise<unknown>)[] = [
  () => import('./code/marks.ts'),
  () => import('./code/microcode-language.ts'),
  () => import('./code/yaml-path.ts'),
];

/** The text, in an editor that is loaded when the machine runs. */
export function CodeView({ goal, onMeaning }: CodeViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const [code, setCode] = useState<Code>();

  useEffect(() => {
    let isGone = false;
    let opened: Code | undefined;
    const load = async () => {
      for (const part of partsOfEditor) {
        await whenIdle();
        await part();
      }
      const { openCode } = await import('./code/open.ts');
      await whenIdle();
      if (isGone || host.current === null) return;
      // Its rules are in a style sheet made by script: a shadow root adopts it, and the content policy allows that.
      const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
      opened = openCode(root, { ...events, onMeaning });
      setCode(opened);
    };
    const stop = effect(() => {
      const isWaiting = bench.frame.value === undefined && bench.fault.value === undefined;
      if (isWaiting || Object.keys(texts.value).length === 0) return;
      queueMicrotask(() => stop());
      void load();
    });
    return () => {
      isGone = true;
      stop();
      compileNow();
      opened?.close();
    };
  }, []);

  useEffect(() => (code === undefined ? undefined : follow(code)), [code]);

  // At once: whoever has asked for the place may go on to write there.
  useLayoutEffect(() => {
    if (code !== undefined && goal !== undefined && goal.file === file.value)
      code.goTo(goal.line, goal.column);
  }, [code, goal]);

  return (
    <div class="editor-code" ref={host}>
      <p class="about">Loading the editor.</p>
    </div>
  );
}

/** Keeps the editor at what the page and the run say. Returns what ends that. */
function follow(code: Code): () => void {
  const stops = [
    effect(() => {
      const { populations = [], projections = [], kernels = [], memory } = bench.opened.value ?? {};
      code.know(
        {
          populations,
          projections,
          kernels,
          fields: memory?.fields.map(({ name }) => name) ?? [],
          programText: bench.opened.value === undefined ? '' : textNow(bench.opened.value.programFile),
          coreText: bench.opened.value === undefined ? '' : textNow(bench.opened.value.hwFile),
        },
        {
          programs: namesOf('program'),
          cores: namesOf('hw-model'),
          rules: namesOf('microcode').map((name) => `rules/${name}`),
        },
      );
    }),
    effect(() => {
      // Only new faults are underlined anew: while somebody writes, the lines stay with their words.
      code.show(file.value, text.peek());
      code.underline(faults.value.filter((fault: Fault) => fault.file === file.value));
    }),
    effect(() => code.show(file.value, text.value)),
    followRun(code),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function textNow(path: string): string {
  return bench.design.value.edits[path] ?? texts.value[path] ?? '';
}

function namesOf(kind: NonNullable<ReturnType<typeof kindOf>>): string[] {
  return pathsOf(bench.design.value.edits, texts.value)
    .filter((path) => kindOf(path) === kind)
    .map(shortName);
}

/** The kernel in hand and the shares of the cycles, in the file that is shown. */
const marks = computed(() => {
  const kernels = bench.opened.value?.kernels ?? [];
  const cost = bench.cost.value;
  const held = kernels[kernelInHand.value ?? -1];
  const inHand = held?.source?.file === file.value ? nameParts(held.name).kernel : undefined;
  const cycles = cost?.kernels.map((kernel) => kernel.cycles) ?? [];
  const shares = sharesOf(kernels, cycles, cost?.cycles ?? 0, file.value);
  const percents = new Map([...shares].map(([name, share]) => [name, Math.round(100 * share)]));
  return { inHand, percents, words: JSON.stringify([file.value, inHand, ...percents]) };
});

/**
 * Colours the kernel in hand and shows shares of the cycles. A frame that changes neither changes nothing. The editor
 * asks where its selection is: after a picture, the browser knows, and need not lay out the page for that.
 */
function followRun(code: Code): () => void {
  let before = '';
  let isDue = false;
  let isOver = false;
  const mark = (): void => {
    isDue = false;
    const { words, ...now } = marks.value;
    if (isOver || words === before) return;
    before = words;
    code.mark(now);
  };
  const stop = effect(() => {
    void marks.value;
    if (!isDue) afterPaint(mark);
    isDue = true;
  });
  return () => {
    isOver = true;
    stop();
  };
}

/** The number that the editor has put in hand. */
let ownHand: number | undefined;

const events: Omit<CodeEvents, 'onMeaning'> = {
  onText: write,
  onCompile: compileNow,
  onKernel(name) {
    if (name === undefined) {
      if (kernelInHand.value === ownHand) kernelInHand.value = undefined;
      ownHand = undefined;
      return;
    }
    const numbers = runningKernels(bench.opened.value?.kernels ?? [], file.value, name);
    if (numbers.includes(kernelInHand.value ?? -1)) return;
    ownHand = numbers[0];
    kernelInHand.value = ownHand;
  },
};
