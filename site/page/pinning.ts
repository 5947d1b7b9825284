/** Two designs side by side: the pinned one runs in a worker of its own. */
import type { Design } from '../shared/design.ts';
import type { OpenOptions } from '../shared/protocol.ts';
import { Bench } from './bench.ts';
import { bench, look, pinned, watchOf } from './store.ts';

/** Runs another design beside the present one. */
export function pin(design: Design, options: Omit<OpenOptions, 'run'> = { play: true }): void {
  unpin();
  const kept = new Bench(design);
  pinned.value = kept;
  void kept.open(design, options).then(() => {
    const opened = kept.opened.value;
    if (opened !== undefined) kept.watch(watchOf(opened, look.value));
  });
}

/** Keeps the present design; changes go to the other one. Both start anew, so that they show the same sample. */
export function pinPresent(): void {
  const opened = bench.opened.value;
  if (opened === undefined) return;
  pin(opened.design);
  void bench.open(bench.design.value, { play: true });
}

export function unpin(): void {
  pinned.value?.close();
  pinned.value = undefined;
}
