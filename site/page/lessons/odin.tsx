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
            <dfn>ODIN</dfn> was made in 28 nm by Charlotte Frenkel and others (IEEE Transactions on Biomedical
            Circuits and Systems 13(1), 2019): 256 neurons and 64 000 synapses on less than a tenth of a
            square millimetre. Its model here does what its circuit does, bit by bit: that is tested against
            the published circuit.
          </p>
          <p>
            A synapse has 4 bits: a weight of 3 bits, and one bit that says whether it learns. All of the chip
            takes <MemoryNow />.
          </p>
        </>
      ),
    },
    {
      title: 'A teacher of spikes',
      file: 'programs/rules/odin.uc',
      panels: ['accuracy', 'energy', 'editor'],
      text: () => (
        <>
          <p>
            There are no shadow weights. When a pixel spikes, each of its weights goes one step up or down,
            depending on how strongly its neuron is excited at that moment. To teach a digit, the host excites
            the neuron that should answer and quietens the others.
          </p>
          <p>
            Ten of its neurons learn the ten digits here. They are right on <AccuracyNow /> of the test digits
            at <EnergyNow /> each. The authors report 84.5 % and 15 nJ for an answer.
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
            Choose other experiments above: a network of convolutions, an unsupervised rule, the digits on a
            mesh of many cores. Change a core, and compare it with the one before.
          </p>
          <p>
            What you make here runs on a command line, too, to the same bits: <strong>Download</strong> it,
            and run <code>plasticore run experiment.yaml</code>.
          </p>
        </>
      ),
    },
  ],
};
