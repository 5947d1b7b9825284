/** State of the editor: texts, open file, pending edit. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Design } from '../../shared/design.ts';
import { bench, catalogue, look, lookAt } from '../store.ts';
import { countOf, type Fault, faultsOf } from './faults.ts';
import {
  firstFile,
  type Offer,
  offerFor,
  otherFiles,
  pathOf,
  type RunningFiles,
  runningFiles,
  type Texts,
  textOf,
  withText,
} from './files.ts';
import { newPath, withCopy } from './new-files.ts';

/** The bundled texts by path; none until the worker has sent them. */
export const texts: ReadonlySignal<Texts> = computed(() => catalogue.value.texts);

/** The files that the running design was made of; of one that has never compiled, what its choices name. */
const design: ReadonlySignal<RunningFiles> = computed(() => {
  const { experiment, hw } = bench.design.value;
  return (
    bench.opened.value ?? {
      experimentFile: pathOf('experiment', experiment),
      programFile: '',
      hwFile: hw === undefined ? '' : pathOf('hw-model', hw),
      sources: [],
    }
  );
});

export const running = computed(() => runningFiles(design.value, bench.design.value.edits, texts.value));
export const others = computed(() => otherFiles(running.value, bench.design.value.edits, texts.value));

/** The file in the editor. */
export const file: ReadonlySignal<string> = computed(() => {
  const asked = look.value.file;
  const isThere = asked !== undefined && textOf(asked, bench.design.value.edits, texts.value) !== undefined;
  return isThere ? asked : firstFile(design.value, bench.opened.value?.kernels ?? []);
});

/** A change that has not been compiled yet. */
interface PendingEdit {
  readonly file: string;
  readonly text: string;
  readonly timer: ReturnType<typeof setTimeout>;
}

const pending: Signal<PendingEdit | undefined> = signal(undefined);

/** Milliseconds without a key after which a change is compiled. */
const pauseMs = 150;

/** The text of the file in the editor, with the change that somebody is writing. */
export const text: ReadonlySignal<string> = computed(() => {
  const kept = textOf(file.value, bench.design.value.edits, texts.value) ?? '';
  return pending.value?.file === file.value ? pending.value.text : kept;
});

/** The fault of an edited file that does not run. */
const aside: Signal<{ readonly path: string; readonly faults: readonly Fault[] } | undefined> =
  signal(undefined);
/** Number of the latest check: the answers to earlier ones are dropped. */
let checks = 0;

const asideFaults = computed(() => {
  const checked = aside.value;
  return checked === undefined || running.value.includes(checked.path) ? [] : checked.faults;
});

export const faults: ReadonlySignal<readonly Fault[]> = computed(() =>
  bench.fault.value === undefined ? asideFaults.value : faultsOf(bench.fault.value),
);

/** How the design does, in a sentence. */
export const state: ReadonlySignal<string> = computed(() => {
  const count = countOf(faults.value);
  if (bench.opened.value === undefined) return faults.value.length > 0 ? `${count}. Nothing runs.` : '';
  if (bench.fault.value !== undefined) return `${count}. What ran before runs on.`;
  return faults.value.length > 0 ? `${count} in what does not run.` : 'It compiles, and runs.';
});

/** Takes a text that somebody is writing: it is compiled after a pause. */
export function write(path: string, content: string): void {
  if (pending.value?.file !== path) compileNow();
  clearTimeout(pending.value?.timer);
  pending.value = { file: path, text: content, timer: setTimeout(compileNow, pauseMs) };
}

/** Compiles what has been written. */
export function compileNow(): void {
  const written = pending.value;
  if (written === undefined) return;
  clearTimeout(written.timer);
  batch(() => {
    pending.value = undefined;
    setText(written.file, written.text);
  });
}

/** Makes a file what it was before all edits; one that was made on the page is deleted. */
export function revert(path: string): void {
  batch(() => {
    if (pending.value?.file === path) {
      clearTimeout(pending.value.timer);
      pending.value = undefined;
    }
    setText(path, texts.value[path]);
  });
}

/**
 * Makes a copy of the file in the editor, shows it, and runs it where the file was running.
 *
 * @throws PlasticoreError `usage` for a name that cannot be taken
 */
export function copyShown(name: string): void {
  compileNow();
  const now = bench.design.value;
  const path = newPath(name, file.value, now.edits, texts.value);
  const next = withCopy(now, file.value, path, running.value, texts.value);
  batch(() => {
    if (running.value.includes(file.value)) void bench.change(next);
    else bench.design.value = next;
    lookAt({ file: path });
  });
}

function setText(path: string, content: string | undefined): void {
  const { edits } = bench.design.value;
  if (textOf(path, edits, texts.value) === content) return;
  const part = { edits: withText(edits, path, content, texts.value) };
  // A file that does not run is kept, and the run goes on; but a design that has a fault may be waiting for it.
  const isRunning = running.value.includes(path) || bench.fault.value !== undefined;
  if (isRunning) void bench.change(part);
  else {
    bench.design.value = { ...bench.design.value, ...part };
    void check(path);
  }
}

/** Compiles an edited file as it would run, and runs nothing. */
async function check(path: string): Promise<void> {
  const number = ++checks;
  const offer = offerFor(path, bench.design.value.experiment, bench.design.value.edits, texts.value);
  if (offer === undefined) return;
  const outcome = await bench.remote.check(designFor(offer, bench.design.value));
  if (number === checks) aside.value = { path, faults: outcome.ok ? [] : faultsOf(outcome.error) };
}

/** The design that an offer runs: another experiment starts from its own choices, another core keeps the rest. */
export function designFor({ experiment, hw }: Offer, now: Design): Design {
  return experiment === undefined ? { ...now, hw } : { experiment, settings: {}, edits: now.edits };
}
