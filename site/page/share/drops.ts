/** Files that are dropped anywhere on the page: none of them may make the browser leave it. */
import { type Signal, signal } from '@preact/signals';

/** Whether somebody holds files over the page. */
export const isDragged: Signal<boolean> = signal(false);

/** Parts of a `DragEvent` that are needed here. */
interface DragParts {
  readonly dataTransfer: { readonly types: readonly string[]; readonly files: ArrayLike<File> } | null;
}

/**
 * Takes all files that are dropped on a page, before any part of it can. Dragged text stays with the editor.
 *
 * @param page the window
 * @returns what ends that
 */
export function followDrops(page: EventTarget, take: (files: readonly File[]) => void): () => void {
  const over = (event: Event): void => {
    if (filesIn(event) === undefined) return;
    event.preventDefault();
    isDragged.value = true;
  };
  const leave = (event: Event): void => {
    // Between two parts of the page, the other one is told.
    if (!('relatedTarget' in event) || event.relatedTarget === null) isDragged.value = false;
  };
  const drop = (event: Event): void => {
    const files = filesIn(event);
    isDragged.value = false;
    if (files === undefined) return;
    event.preventDefault();
    // The editor would write the file into its text.
    event.stopPropagation();
    take(files);
  };
  const listeners = [
    ['dragenter', over],
    ['dragover', over],
    ['dragleave', leave],
    ['drop', drop],
  ] as const;
  for (const [type, listener] of listeners) page.addEventListener(type, listener, { capture: true });
  return () => {
    for (const [type, listener] of listeners) page.removeEventListener(type, listener, { capture: true });
  };
}

/** What is dragged, if it is files: while they are held, their list is empty. */
function filesIn(event: Event): readonly File[] | undefined {
  const { dataTransfer } = event as Event & Partial<DragParts>;
  return dataTransfer?.types.includes('Files') === true ? Array.from(dataTransfer.files) : undefined;
}
