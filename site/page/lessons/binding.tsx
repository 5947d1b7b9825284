import type { Lesson } from './lesson.ts';
import { BoundBy, CyclesNow, See } from './live.tsx';

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
            The core runs small programs, called <dfn>kernels</dfn>. When a pixel spikes,{' '}
            <code>{integrate}</code> adds the weights of its connections to the neurons. <code>{learn}</code>{' '}
            changes weights. In the table <See panel="kernels">Kernels</See> stands how many <dfn>cycles</dfn>{' '}
            of the clock each takes. Learning a digit takes <CyclesNow /> of them; the number falls while the
            core makes fewer mistakes.
          </p>
          <p>
            16 <dfn>lanes</dfn> work side by side, each on a weight of its own. The column <em>bound by</em>{' '}
            names the part that holds a kernel up. For <code>{learn}</code> it is <BoundBy kernel={learn} />:
            the adders are busy in every cycle. For <code>{integrate}</code> it is{' '}
            <BoundBy kernel={integrate} />: each cycle starts one instruction, and there is none to spare.
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
            The present design has 64 lanes, the pinned one 16. <code>{learn}</code> takes{' '}
            <CyclesNow kernel={learn} /> cycles instead of <CyclesNow kernel={learn} which="pinned" />: four
            times the lanes helped. But <code>{integrate}</code> takes <CyclesNow kernel={integrate} />{' '}
            instead of <CyclesNow kernel={integrate} which="pinned" />: they did not help at all.
          </p>
          <p>
            It is now bound by <BoundBy kernel={integrate} />: one read of the memory brings a <dfn>word</dfn>{' '}
            of 16 weights. There are 64 lanes. So three of four lanes wait.
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
            Now a word holds 64 weights, too, and feeds all lanes. <code>{integrate}</code> takes{' '}
            <CyclesNow kernel={integrate} /> cycles instead of <CyclesNow kernel={integrate} which="pinned" />
            .
          </p>
          <p>
            A core is as fast as its narrowest part. What the wide memory costs stands in the table{' '}
            <See panel="compared">Pinned and present</See>: look at area and energy.
          </p>
        </>
      ),
    },
  ],
};
