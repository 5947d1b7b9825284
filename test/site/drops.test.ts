import { expect, test } from 'vitest';
import { followDrops, isDragged } from '../../site/page/share/drops.ts';

/** An event as a browser makes it of what is dragged. */
function dragged(type: string, files: readonly File[] | undefined, more: object = {}): Event {
  const transfer = { types: files === undefined ? ['text/plain'] : ['Files'], files: files ?? [] };
  return Object.assign(new Event(type, { cancelable: true }), { dataTransfer: transfer, ...more });
}

/** A page, the files that it has taken, and what ends that. */
function page() {
  const target = new EventTarget();
  const taken: string[] = [];
  const end = followDrops(target, (files) => taken.push(...files.map(({ name }) => name)));
  const tell = (event: Event): boolean => {
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };
  return { taken, end, tell };
}

test('files are taken wherever they are dropped, and the browser keeps the page', () => {
  const { taken, tell } = page();
  // Until they are dropped, a browser does not say which files they are.
  expect(tell(dragged('dragover', []))).toBe(true);
  expect(isDragged.value).toBe(true);
  expect(tell(dragged('drop', [new File([], 'a.nir'), new File([], 'b.npz')]))).toBe(true);
  expect(taken).toEqual(['a.nir', 'b.npz']);
  expect(isDragged.value).toBe(false);
});

test('files that leave the page are not held over it any more', () => {
  const { tell } = page();
  tell(dragged('dragenter', []));
  tell(dragged('dragleave', [], { relatedTarget: {} }));
  expect(isDragged.value).toBe(true);
  tell(dragged('dragleave', [], { relatedTarget: null }));
  expect(isDragged.value).toBe(false);
});

test('text stays with the editor, and after the end nothing is taken', () => {
  const { taken, end, tell } = page();
  expect(tell(dragged('dragover', undefined))).toBe(false);
  expect(tell(dragged('drop', undefined))).toBe(false);
  end();
  expect(tell(dragged('drop', [new File([], 'a.nir')]))).toBe(false);
  expect(taken).toEqual([]);
  expect(isDragged.value).toBe(false);
});
