import type { Lesson } from './lesson.ts';
import { BoundBy, CyclesNow, See } from './live.tsx';

const base = { experiment: 'mnist-snn', precision: undefined, edits: {} };
const integrate = 'integrate(inputToHidden)';
const learn = 'learn(inputToHidden)';

export const binding: Lesson = {
  title: 'What limits a core',
  promise: 'Why more arithmetic units do not always make a chip faster, and what does.',
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
            changes weights. The table <See panel="kernels">Kernels</See> shows how many <dfn>cycles</dfn> of
            the clock each one takes. Learning a digit takes <CyclesNow /> cycles; the number falls as the
            core makes fewer mistakes.
          </p>
          <p>
            16 <dfn>lanes</dfn> work side by side, each on a weight of its own. The column <em>bound by</em>{' '}
            names the part that limits a kernel. For <code>{learn}</code> it is <BoundBy kernel={learn} />:
            the adders are busy in every cycle. For <code>{integrate}</code> it is{' '}
            <BoundBy kernel={integrate} />: a cycle can start one instruction, and no cycle is left over.
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
            <CyclesNow kernel={learn} /> cycles instead of <CyclesNow kernel={learn} which="pinned" />: the
            new lanes help. But <code>{integrate}</code> takes <CyclesNow kernel={integrate} /> instead of{' '}
            <CyclesNow kernel={integrate} which="pinned" />: there, they do not help at all.
          </p>
          <p>
            It is now bound by <BoundBy kernel={integrate} />: one read of the memory brings a <dfn>word</dfn>{' '}
            of 16 weights, but there are 64 lanes. So three of every four lanes wait.
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
            Now a word holds 64 weights, and feeds all lanes. <code>{integrate}</code> takes{' '}
            <CyclesNow kernel={integrate} /> cycles instead of <CyclesNow kernel={integrate} which="pinned" />
            .
          </p>
          <p>
            A core is only as fast as its narrowest part. The table{' '}
            <See panel="compared">Pinned and present</See> shows what the wide memory costs: look at area and
            energy.
          </p>
        </>
      ),
    },
  ],
};
