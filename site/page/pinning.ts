/** Two designs side by side: the pinned one runs in a worker of its own. */
import { Bench } from './bench.ts';
import { bench, look, pinned, watchOf } from './store.ts';

/** Keeps the present design as it is; changes go to the other one. Both start anew, so that they are seen at the same sample. */
export function pin(): void {
  const opened = bench.opened.value;
  if (opened === undefined || pinned.value !== undefined) return;
  const kept = new Bench(opened.design);
  pinned.value = kept;
  const watch = watchOf(opened, look.value);
  kept.watch(watch);
  void kept.open(opened.design, { play: true });
  void bench.open(bench.design.value, { play: true });
}

export function unpin(): void {
  pinned.value?.close();
  pinned.value = undefined;
}
