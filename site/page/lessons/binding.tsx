import type { Lesson } from './lesson.ts';
import { BoundBy, CyclesNow } from './live.tsx';

const base = { experiment: 'mnist-snn', precision: undefined, edits: {} };
const integrate = 'integrate(inputToHidden)';
const learn = 'learn(inputToHidden)';

export const binding: Lesson = {
  title: 'What binds a core',
  promise: 'Why more arithmetic does not always make a chip faster, and what does.',
  pages: [
    {
      title: 'Kernels',
      design: { ...base, settings: {} },
      panels: ['kernels'],
      text: () => (
        <>
          <p>
            The core runs small programs, called <dfn>kernels</dfn>. <code>{integrate}</code> adds the weights
            of a spike to all neurons. <code>{learn}</code> changes weights. The table{' '}
            <strong>Kernels</strong> says how many cycles of the clock each takes: <CyclesNow /> for one
            digit.
          </p>
          <p>
            16 <dfn>lanes</dfn> work side by side, each on a weight of its own. The column <em>bound by</em>{' '}
            names what holds a kernel up: for <code>{learn}</code> it is <BoundBy kernel={learn} />, the unit
            that is busy all the time.
          </p>
        </>
      ),
    },
    {
      title: 'Four times the lanes',
      design: { ...base, settings: { 'hw.lanes': 64 } },
      pinned: { ...base, settings: {} },
      panels: ['compared', 'kernels', 'knobs'],
      text: () => (
        <>
          <p>
            The present design has 64 lanes, the pinned one 16. A digit takes <CyclesNow /> cycles instead of{' '}
            <CyclesNow which="pinned" />. That is less, but far from four times less.
          </p>
          <p>
            Look at <em>bound by</em>: <code>{integrate}</code> now waits for <BoundBy kernel={integrate} />.
            Lanes can only work on weights that they have, and a word of this memory holds 16 weights. Most
            lanes wait.
          </p>
        </>
      ),
    },
    {
      title: 'Wider words',
      design: {
        ...base,
        settings: {
          'hw.lanes': 64,
          'hw.banks.weight.wordBits': 512,
          'hw.banks.shadow.wordBits': 1024,
          'hw.banks.state.wordBits': 1024,
        },
      },
      pinned: { ...base, settings: { 'hw.lanes': 64 } },
      panels: ['compared', 'kernels', 'energy'],
      text: () => (
        <>
          <p>
            Now a word holds 64 weights, too. The memory feeds all lanes, and a digit takes <CyclesNow />{' '}
            cycles instead of <CyclesNow which="pinned" />.
          </p>
          <p>
            A core is as fast as its narrowest part. What was gained here has its price elsewhere: compare
            energy and area.
          </p>
        </>
      ),
    },
  ],
};
