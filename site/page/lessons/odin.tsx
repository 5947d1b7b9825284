import { command } from '../../../src/text/index.ts';
import type { Lesson } from './lesson.ts';
import { AccuracyNow, EnergyNow, MemoryNow } from './live.tsx';

export const odin: Lesson = {
  title: 'A real chip: ODIN',
  promise: 'How a chip that was built learns with weights of three bits.',
  pages: [
    {
      title: '256 neurons on a pinhead',
      design: { experiment: 'odin-mnist', precision: undefined, settings: {}, edits: {} },
      panels: ['accuracy', 'memory'],
      text: () => (
        <>
          <p>
            <dfn>ODIN</dfn> is a chip by Charlotte Frenkel and others (IEEE Transactions on Biomedical
            Circuits and Systems 13(1), 2019): 256 neurons and 64 000 synapses on less than a tenth of a
            square millimetre. The model that runs here was checked against the published design of the
            circuit: it does the same, bit for bit.
          </p>
          <p>
            A <dfn>synapse</dfn> is a connection. On ODIN it has 4 bits: a weight of 3 bits, from 0 to 7, and
            one bit that says whether it learns. Together with its neurons, they take <MemoryNow />.
          </p>
        </>
      ),
    },
    {
      title: 'A teacher that sends spikes',
      file: 'programs/rules/odin.uc',
      panels: ['accuracy', 'energy', 'editor'],
      text: () => (
        <>
          <p>
            ODIN has no shadow weights. When a pixel spikes, each of its weights moves by one step: up where
            the neuron is excited at that moment, and down where it is not. To teach a digit, the computer
            beside the chip excites the neuron that should answer and quietens the others. The steps are
            large, but rare, and over thousands of digits they even out.
          </p>
          <p>
            Here, ten of its neurons learn the ten digits. They get <AccuracyNow /> of the test digits right.
            The authors report 84.5 %.
          </p>
          <p>
            Learning a digit takes <EnergyNow />. When the run is done, the panel Energy shows what an answer
            takes.
          </p>
        </>
      ),
    },
    {
      title: 'Where to go from here',
      panels: ['knobs'],
      text: () => (
        <>
          <p>
            Open another experiment: a network of convolutions, a rule without a teacher, digits on a chip of
            many cores. Or change a core, and compare it with what it was before.
          </p>
          <p>
            What you make here also runs in a terminal, and comes to the same bits: <strong>Download</strong>{' '}
            it, and run <code>{command('run experiment.yaml')}</code> in its folder.
          </p>
        </>
      ),
    },
  ],
};
