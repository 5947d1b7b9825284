import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import { canDraw, OwnDrawing } from '../../../site/page/draw/own-drawing.ts';
import type { Frame, OpenDesign, Outcome, SampleView } from '../../../site/shared/protocol.ts';

/** A core that answers when it is told to, with the answers that a test gives it. */
function core() {
  const questions: ((outcome: Outcome<SampleView> | undefined) => void)[] = [];
  const question = () =>
    new Promise<Outcome<SampleView> | undefined>((resolve) => {
      questions.push(resolve);
    });
  return {
    opened: signal<OpenDesign | undefined>(digits()),
    frame: signal<Frame | undefined>(frame(0)),
    isOpening: signal(false),
    ask: question,
    teach: question,
    questions,
    /** Answers the next question, and lets what waits for it go on. */
    async answers(answer: number): Promise<void> {
      questions.shift()?.({ ok: true, value: { answer } as SampleView });
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

/** Another design each time. */
function digits(part: Partial<OpenDesign> = {}): OpenDesign {
  return { pictureSide: 28, canWatch: true, goesOn: false, ...part } as OpenDesign;
}

function frame(position: number, part: Partial<Frame> = {}): Frame {
  return { position, running: false, isFirst: position === 0, ...part } as Frame;
}

const picture = new Uint8Array(784).fill(9);

/** A drawing that has been answered as a 3. */
async function drawn() {
  const bench = core();
  const drawing = new OwnDrawing(bench);
  const end = drawing.follow();
  void drawing.draw(picture);
  await bench.answers(3);
  expect(drawing.answer.value?.answer).toBe(3);
  return { bench, drawing, end };
}

test('the answer of a core goes with it: the next one is asked, and its answer is shown', async () => {
  const { bench, drawing } = await drawn();
  bench.opened.value = digits();
  expect(drawing.answer.value).toBeUndefined();
  expect(drawing.isEmpty.value).toBe(false);
  await bench.answers(7);
  expect(drawing.answer.value?.answer).toBe(7);
  expect(bench.questions).toEqual([]);
});

test('what the core before answers late is not shown', async () => {
  const { bench, drawing } = await drawn();
  void drawing.draw(picture);
  bench.opened.value = digits();
  await bench.answers(3);
  expect(drawing.answer.value).toBeUndefined();
  await bench.answers(8);
  expect(drawing.answer.value?.answer).toBe(8);
});

test('a run that began anew or went on is asked again; one that stands still is not', async () => {
  const { bench, drawing } = await drawn();
  bench.frame.value = frame(0, { isFirst: false });
  expect(bench.questions).toEqual([]);
  bench.frame.value = frame(0);
  await bench.answers(4);
  bench.frame.value = frame(1);
  await bench.answers(5);
  bench.frame.value = frame(1);
  expect(bench.questions).toEqual([]);
  expect(drawing.answer.value?.answer).toBe(5);
  // While it runs, not with each frame.
  bench.frame.value = frame(2, { running: true });
  expect(bench.questions).toEqual([]);
});

test('no other design is asked while it is compiled, nor one that takes no drawings', async () => {
  const { bench, drawing } = await drawn();
  bench.isOpening.value = true;
  bench.frame.value = frame(5);
  expect(bench.questions).toEqual([]);
  bench.opened.value = digits({ pictureSide: 16 });
  bench.isOpening.value = false;
  expect(bench.questions).toEqual([]);
  expect(drawing.answer.value).toBeUndefined();
  expect([digits(), digits({ pictureSide: 16 }), digits({ canWatch: false })].map(canDraw)).toEqual([
    true,
    false,
    false,
  ]);
});

test('what was learnt is said of the drawing and the core that it is of', async () => {
  const { bench, drawing } = await drawn();
  const teach = async (): Promise<void> => {
    void drawing.teach(6);
    await bench.answers(6);
    expect([drawing.taughtAs.value, drawing.answer.value?.answer]).toEqual([6, 6]);
  };
  await teach();
  // A change of no meaning lets the core go on.
  bench.opened.value = digits({ goesOn: true });
  expect(drawing.taughtAs.value).toBe(6);
  void drawing.draw(picture);
  expect(drawing.taughtAs.value).toBeUndefined();
  await bench.answers(6);
  await teach();
  bench.opened.value = digits();
  expect(drawing.taughtAs.value).toBeUndefined();
  await bench.answers(1);
  await teach();
  // Reset.
  bench.frame.value = frame(0);
  expect(drawing.taughtAs.value).toBeUndefined();
  await bench.answers(1);
  await teach();
  drawing.clear();
  expect([drawing.taughtAs.value, drawing.answer.value]).toEqual([undefined, undefined]);
});

test('a core that took the place of the one that was taught has not learnt it', async () => {
  const { bench, drawing } = await drawn();
  void drawing.teach(6);
  bench.opened.value = digits();
  await bench.answers(6);
  expect([drawing.taughtAs.value, drawing.answer.value]).toEqual([undefined, undefined]);
  await bench.answers(2);
  expect(drawing.answer.value?.answer).toBe(2);
});

test('what is refused is said once, and what was cleared is not answered', async () => {
  const { bench, drawing, end } = await drawn();
  void drawing.draw(picture);
  bench.questions.shift()?.({ ok: false, error: { code: 'usage', message: 'not so', place: {} } });
  await new Promise((resolve) => setTimeout(resolve));
  expect([drawing.fault.value, drawing.answer.value]).toEqual(['not so', undefined]);
  bench.frame.value = frame(9, { running: true });
  expect(bench.questions).toEqual([]);
  void drawing.draw(picture);
  drawing.clear();
  await bench.answers(3);
  expect(drawing.answer.value).toBeUndefined();
  end();
  bench.opened.value = digits();
  expect(bench.questions).toEqual([]);
});
