import type { Lesson } from './lesson.ts';
import { AccuracyBeside, EnergyNow, MemoryNow, SamplesBeside, See } from './live.tsx';

const base = { experiment: 'mnist-snn', settings: {}, edits: {} };

/** The accuracies of both designs, where they have learnt the same. */
function Both() {
  return (
    <>
      After the same <SamplesBeside /> digits, the pinned design is right on <AccuracyBeside which="pinned" />{' '}
      of the test digits, the present one on <AccuracyBeside />.
    </>
  );
}

export const bits: Lesson = {
  title: 'What a bit saves',
  promise: 'How much memory and energy shorter weights save, and how much accuracy they cost.',
  pages: [
    {
      title: 'Sixteen bits and four',
      design: { ...base, precision: 'mp16-4' },
      pinned: { ...base, precision: 'mp16-16' },
      panels: ['compared', 'accuracy'],
      text: () => (
        <>
          <p>
            Two designs learn side by side. The page calls one <em>pinned</em> and the other <em>present</em>,
            because you can pin a design and change it. Here the pinned one answers with weights of 16 bits,
            the present one with weights of 4. Both learn in shadow weights of 16 bits (see the first lesson).
          </p>
          <p>
            To answer, without learning, the pinned design needs <MemoryNow which="pinned" alone />, the
            present one <MemoryNow alone />. <Both />
          </p>
          <p>
            To learn, the present design needs more: <MemoryNow /> against <MemoryNow which="pinned" />. It
            stores short weights beside its shadows. In the pinned design, weight and shadow both have 16
            bits, so one copy serves for both.
          </p>
        </>
      ),
    },
    {
      title: 'Floats, as on a computer',
      design: { ...base, precision: 'mp16-8' },
      pinned: { ...base, precision: 'fp32' },
      panels: ['compared', 'energy'],
      text: () => (
        <>
          <p>
            Now the pinned design calculates with <dfn>floating-point numbers</dfn> of 32 bits: numbers with a
            point and an exponent, such as 3.7 × 10⁻⁵, which computers usually learn with. The present one
            uses whole numbers: weights of 8 bits and shadows of 16.
          </p>
          <p>
            To learn a digit, the pinned design takes <EnergyNow which="pinned" />, the present one{' '}
            <EnergyNow />. They need <MemoryNow which="pinned" /> and <MemoryNow />. <Both />
          </p>
        </>
      ),
    },
    {
      title: 'As few as possible',
      design: { ...base, precision: 'mp8-4' },
      pinned: { ...base, precision: 'mp16-8' },
      panels: ['compared', 'memory', 'knobs'],
      text: () => (
        <>
          <p>
            The shortest that this core has: weights of 4 bits from shadows of 8. Learning takes <MemoryNow />{' '}
            instead of <MemoryNow which="pinned" />. <Both />
          </p>
          <p>
            Is that worth it? The area stays the same here, because this chip is built: its memory is just
            emptier. Who makes a chip for this network alone can make its memory smaller.
          </p>
          <p>
            Move the slider <See panel="knobs">Precision</See> and compare.
          </p>
        </>
      ),
    },
  ],
};
