import type { Lesson } from './lesson.ts';
import { AccuracyBeside, AccuracyNow, EnergyNow, FieldNow, SamplesBeside, See, TaughtNow } from './live.tsx';

/** Pools for the ten digits and for one class more, with five neurons to spare: those that ten pools of 25 leave. */
const pools = {
  experiment: 'lifetime-pools',
  precision: undefined,
  settings: { 'program.populations.output.size': 11, 'program.populations.pool.size': 255 },
  edits: {},
};
/** The network of the first lessons, with an eleventh answer. */
const shared = {
  experiment: 'lifetime-bundled',
  precision: undefined,
  settings: { 'experiment.joint': true, 'program.populations.output.size': 11 },
  edits: {},
};

export const lifetime: Lesson = {
  title: 'A shape of your own',
  promise: 'What a core forgets when it learns something new, and how it keeps what it knows.',
  pages: [
    {
      title: 'Two digits at a time',
      design: pools,
      pinned: { ...shared, settings: {} },
      panels: ['accuracy', 'compared'],
      text: () => (
        <>
          <p>
            In the lessons before, digits came in random order. Life is not like that. Here all 0 and 1 come
            first, then all 2 and 3, and so on to 8 and 9, each drawing once. Two cores meet them. After{' '}
            <SamplesBeside /> digits, the pinned one is right on <AccuracyBeside which="pinned" /> of the
            digits that they never learn from, the present one on <AccuracyBeside />.
          </p>
          <p>
            The pinned core has the rule of the first lesson. It <dfn>forgets</dfn>: while 8 and 9 come, 0 is
            never the right answer, so it learns not to answer 0. In the end it knows two digits of ten.
          </p>
          <p>
            The present core keeps a <dfn>pool</dfn> of neurons for each digit. The weights of a neuron are a
            picture, its <dfn>prototype</dfn>, and the digit is whose prototype lies nearest. A drawing moves
            one prototype of its own digit, and nothing else.
          </p>
        </>
      ),
    },
    {
      title: 'A class that it has never met',
      design: pools,
      neuron: { population: 'output', index: 10 },
      panels: ['draw', 'neuron'],
      text: () => (
        <>
          <p>
            Its ten digits have recruited 25 neurons each. Five are left, and there is an eleventh answer, 10,
            that nobody has taught. Draw a shape that is no digit on the <See panel="draw">sheet</See>, such
            as a triangle: the core takes it for one. Now press <strong>Teach it</strong>, clear the sheet and
            draw it again, until it has learnt five drawings.
          </p>
          <p>
            Neuron 10 of the population <code>output</code> counts the neurons that your shape has{' '}
            <dfn>recruited</dfn>: <FieldNow field="recruited" />. So far you have taught{' '}
            <TaughtNow figure="drawings" /> drawings, with <TaughtNow figure="energy" />. Of the digits it got{' '}
            <TaughtNow figure="before" /> right before you came, and <TaughtNow figure="after" /> now.
          </p>
          <p>
            Does it know a sixth drawing of the same shape? And what do the digits lose if your shape is a
            circle, or something else that looks like one of them?
          </p>
        </>
      ),
    },
    {
      title: 'The same drawings, elsewhere',
      design: shared,
      neuron: { population: 'output', index: 10 },
      panels: ['draw', 'neuron'],
      text: () => (
        <>
          <p>
            This is the network of the first lesson with an eleventh answer. It has learnt the same digits in
            random order and is right on <AccuracyNow /> of the others. Its neurons serve all digits: each
            drawing changes the weights of every neuron whose answer was off. To learn one took <EnergyNow />.
          </p>
          <p>
            When it is done, teach it your five drawings as well. <TaughtNow figure="drawings" /> drawings
            have taken <TaughtNow figure="energy" />; the digits stood at <TaughtNow figure="before" /> and
            stand at <TaughtNow figure="after" />. Does it know your shape after the first one? How many does
            it take?
          </p>
          <p>
            Five drawings do little harm. What does is a stream of one kind, as on the first page: press{' '}
            <strong>Teach it</strong> fifty times, and look at the digits again.
          </p>
        </>
      ),
    },
  ],
};
