import type { Lesson } from './lesson.ts';
import { AccuracyNow, EnergyNow, MemoryNow } from './live.tsx';

const base = { experiment: 'mnist-snn', settings: {}, edits: {} };

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
            Two designs learn side by side. The pinned one answers with weights of 16 bits, the present one
            with weights of 4. Both learn in shadow weights of 16 bits (see the first lesson).
          </p>
          <p>
            To answer alone, without learning, the pinned design needs <MemoryNow which="pinned" alone />, the
            present one <MemoryNow alone />. They are right on <AccuracyNow which="pinned" /> and{' '}
            <AccuracyNow /> of the test digits.
          </p>
          <p>
            To learn, the present design needs more: <MemoryNow /> against <MemoryNow which="pinned" />. Its
            shadows are as long as before, and the short weights stand beside them. A weight of 16 bits is its
            own shadow.
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
            Now the pinned design calculates with 32-bit floating-point numbers, as programs for graphics
            cards do. The present one uses whole numbers: 8-bit weights and 16-bit shadows.
          </p>
          <p>
            A digit takes <EnergyNow which="pinned" /> with floats and <EnergyNow /> with whole numbers;
            learning needs <MemoryNow which="pinned" /> and <MemoryNow />. The accuracies are{' '}
            <AccuracyNow which="pinned" /> and <AccuracyNow />.
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
            instead of <MemoryNow which="pinned" />.
          </p>
          <p>
            Is the difference in accuracy worth it? That depends on the chip. Memory is most of its area, and
            area is what it costs to make. Move the slider <strong>Precision</strong> and compare.
          </p>
        </>
      ),
    },
  ],
};
