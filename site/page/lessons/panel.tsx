import { useEffect, useRef } from 'preact/hooks';
import { numbered } from '../numbered.ts';
import { pin, unpin } from '../pinning.ts';
import { bench, look, lookAt } from '../store.ts';
import { afterPaint } from '../turns.ts';
import { lessons } from './index.ts';
import type { LessonPage } from './lesson.ts';

/** The open lesson as a text beside the panels that it speaks of. */
export function OpenLesson() {
  const open = look.value.lesson;
  return open === undefined ? null : <LessonText lesson={open.lesson} page={open.page} />;
}

/** Ends a lesson. The focus goes first: see {@link LessonList}. */
function close(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  lookAt({ lesson: undefined });
}

/** Opens a page of a lesson, with the state that belongs to it. */
function goTo(lesson: number, page: number): void {
  const next = lessons[lesson]?.pages[page];
  if (next === undefined) return;
  const { file, neuron } = next;
  lookAt({
    lesson: { lesson, page },
    ...(file !== undefined && { file }),
    ...(neuron !== undefined && { neuron }),
  });
  void show(next);
}

async function show({ design, pinned: kept }: LessonPage): Promise<void> {
  unpin();
  if (design === undefined) return;
  const full = { ...bench.design.value, hw: undefined, seed: undefined, ...design };
  if (kept !== undefined) pin({ ...full, ...kept });
  await bench.open(full, { play: true });
}

/**
 * The lessons as a list, while none is open. It is hidden, not removed: where what has the focus is removed, the
 * browser lays out the page at once.
 */
export function LessonList() {
  const list = useRef<HTMLElement>(null);
  const open = look.value.lesson?.lesson;
  // Whoever closes a lesson goes on from its place in the list.
  useEffect(() => {
    if (open === undefined) return undefined;
    return () => {
      const buttons = list.current?.querySelectorAll('button');
      afterPaint(() => {
        // A visitor may have gone on to something else before this paint.
        if (document.activeElement === document.body) buttons?.[open]?.focus({ preventScroll: true });
      });
    };
  }, [open]);
  return (
    <nav class="lesson-list" aria-label="Lessons" ref={list} hidden={open !== undefined}>
      <h2>Six short lessons</h2>
      <ol>
        {numbered(lessons).map(({ number, item }) => (
          <li key={item.title}>
            <button type="button" class="lesson" onClick={() => goTo(number, 0)}>
              <strong>{item.title}</strong>
              <span>{item.promise}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function LessonText({ lesson, page }: { readonly lesson: number; readonly page: number }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const found = lessons[lesson];
  const shown = found?.pages[page];
  // Readers of the text, and of the screen, begin at its top.
  useEffect(() => {
    void page;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'nearest' });
  }, [page]);
  useEffect(() => {
    const marked = (shown?.panels ?? []).flatMap((id) => document.getElementById(id) ?? []);
    for (const panel of marked) panel.classList.add('spoken-of');
    return () => {
      for (const panel of marked) panel.classList.remove('spoken-of');
    };
  });
  if (found === undefined || shown === undefined) return null;
  const isLast = page === found.pages.length - 1;
  return (
    <aside class="open-lesson" aria-labelledby="lesson-title">
      <p class="about">
        {found.title} · {page + 1} of {found.pages.length}
      </p>
      <h2 id="lesson-title" ref={heading} tabIndex={-1}>
        {shown.title}
      </h2>
      {shown.text()}
      <div class="row">
        {page > 0 && (
          <button type="button" onClick={() => goTo(lesson, page - 1)}>
            Back
          </button>
        )}
        {isLast ? (
          lesson + 1 < lessons.length && (
            <button type="button" class="primary" onClick={() => goTo(lesson + 1, 0)}>
              Next lesson
            </button>
          )
        ) : (
          <button type="button" class="primary" id="lesson-next" onClick={() => goTo(lesson, page + 1)}>
            Next
          </button>
        )}
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    </aside>
  );
}
