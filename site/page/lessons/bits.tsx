import type { Lesson } from './lesson.ts';
import { AccuracyBeside, EnergyNow, MemoryNow, SamplesBeside, See } from './live.tsx';

const base = { experiment: 'mnist-snn', settings: {}, edits: {} };

/** The accuracies of both designs, where they have learnt the same. */
function Both() {
  return (
    <>
      After the same <SamplesBeside /> digits, the pinned design gets <AccuracyBeside which="pinned" /> of the
      test digits right, and the present one <AccuracyBeside />.
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
            Two designs learn side by side. One is <em>pinned</em>: it stays as it is. The other is{' '}
            <em>present</em>: you can change it. Here the pinned one answers with weights of 16 bits, and the
            present one with weights of 4. Both learn in shadow weights of 16 bits (see the first lesson).
          </p>
          <p>
            Just to answer, the pinned design needs <MemoryNow which="pinned" alone /> of memory, and the
            present one <MemoryNow alone />. <Both />
          </p>
          <p>
            To learn, the present design needs more: <MemoryNow /> against <MemoryNow which="pinned" />. It
            stores short weights in addition to their shadows. In the pinned design, weight and shadow both
            have 16 bits, so one copy is enough.
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
            point and an exponent, such as 3.7 × 10⁻⁵. Computers usually learn with them. The present design
            uses whole numbers: weights of 8 bits and shadows of 16.
          </p>
          <p>
            To learn a digit, the pinned design takes <EnergyNow which="pinned" />, and the present one{' '}
            <EnergyNow />. Their memories are <MemoryNow which="pinned" /> and <MemoryNow />. <Both />
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
            These are the shortest weights that this core can learn with: 4 bits, cut from shadows of 8.
            Learning takes <MemoryNow /> of memory instead of <MemoryNow which="pinned" />. <Both />
          </p>
          <p>
            Is that worth it? The area stays the same here, because the memory of this chip is already built:
            it is just emptier. A chip for this network alone could have a smaller memory.
          </p>
          <p>
            Move the slider <See panel="knobs">Precision</See> and compare.
          </p>
        </>
      ),
    },
  ],
};
