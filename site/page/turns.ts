/** When work is done that can wait, so that no task keeps the page from answering. */

/** Acts after the next picture of the page, in a task of its own: what was shown before is painted by then. */
export function afterPaint(act: () => void): void {
  requestAnimationFrame(() => setTimeout(act));
}

/** Comes when the browser has nothing else to do, or after a second. */
export function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 1000 });
    else setTimeout(resolve, 50);
  });
}

/** Does one thing after another, each in a task of its own. */
export async function inTurns(...acts: readonly (() => unknown)[]): Promise<void> {
  for (const act of acts) {
    await new Promise((next) => setTimeout(next));
    act();
  }
  await new Promise((next) => setTimeout(next));
}
