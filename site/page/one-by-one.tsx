import { type ComponentChildren, toChildArray } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { afterPaint } from './turns.ts';

/** Turns that are waited for, of all lists on the page: each shows one more item. */
const waiting: (() => void)[] = [];
let isTurning = false;

/** Takes a turn of its own after those that wait already. */
function inTurn(show: () => void): void {
  waiting.push(show);
  if (isTurning) return;
  isTurning = true;
  const turn = (): void => {
    waiting.shift()?.();
    isTurning = waiting.length > 0;
    if (isTurning) afterPaint(turn);
  };
  afterPaint(turn);
}

/** Shows its children one after the other, each in a turn of its own, so that no turn is long. */
export function OneByOne({ children }: { readonly children: ComponentChildren }) {
  const all = toChildArray(children);
  const [shown, show] = useState(0);
  useEffect(() => {
    if (shown < all.length) inTurn(() => show(shown + 1));
  }, [shown, all.length]);
  return <>{all.slice(0, shown)}</>;
}
