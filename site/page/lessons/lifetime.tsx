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
  title: 'Learning without forgetting',
  promise: 'What a core forgets when it learns something new, and how it can keep what it knows.',
  pages: [
    {
      title: 'Two digits at a time',
      design: pools,
      pinned: { ...shared, settings: {} },
      panels: ['accuracy', 'compared'],
      text: () => (
        <>
          <p>
            In the lessons so far, digits came in random order. Life is not like that. Here all the 0s and 1s
            come first, then all the 2s and 3s, and so on to the 8s and 9s, each drawing once. Two cores learn
            them. After <SamplesBeside /> digits, the pinned one gets <AccuracyBeside which="pinned" /> of the
            test digits right, and the present one <AccuracyBeside />.
          </p>
          <p>
            The pinned core has the rule of the first lesson. It <dfn>forgets</dfn>: while 8s and 9s come, 0
            is never the right answer, so it learns not to answer 0. In the end it knows two of the ten
            digits.
          </p>
          <p>
            The present core keeps a <dfn>pool</dfn> of neurons for each digit. The weights of a neuron are a
            picture, its <dfn>prototype</dfn>. The core answers with the digit whose prototype is nearest to
            the drawing. To learn a drawing, it moves one prototype of the right digit, and nothing else.
          </p>
        </>
      ),
    },
    {
      title: 'A shape that it has never seen',
      design: pools,
      neuron: { population: 'output', index: 10 },
      panels: ['draw', 'neuron'],
      text: () => (
        <>
          <p>
            The ten digits have recruited 25 neurons each. Five neurons are left, and there is an eleventh
            answer, 10, that nobody has taught yet. On the <See panel="draw">sheet</See>, draw a shape that is
            not a digit, such as a triangle: the core takes it for a digit. Now press{' '}
            <strong>Teach it</strong>, clear the sheet, and draw the shape again, until the core has learnt
            five drawings.
          </p>
          <p>
            Neuron 10 of the population <code>output</code> counts the neurons that your shape has{' '}
            <dfn>recruited</dfn>: <FieldNow field="recruited" />. So far you have taught{' '}
            <TaughtNow figure="drawings" /> drawings, which took <TaughtNow figure="energy" />. The core got{' '}
            <TaughtNow figure="before" /> of the digits right before you came, and gets{' '}
            <TaughtNow figure="after" /> right now.
          </p>
          <p>
            Does the core know a sixth drawing of the same shape? And how much does it forget of the digits if
            your shape is a circle, or something else that looks like one of them?
          </p>
        </>
      ),
    },
    {
      title: 'The same drawings for another network',
      design: shared,
      neuron: { population: 'output', index: 10 },
      panels: ['draw', 'neuron'],
      text: () => (
        <>
          <p>
            This is the network of the first lesson with an eleventh answer. It learns the same digits in
            random order, and gets <AccuracyNow /> of the test digits right. Its neurons serve all digits:
            each drawing changes the weights of every neuron that was wrong about it. Learning a digit takes{' '}
            <EnergyNow />.
          </p>
          <p>
            When it is done, teach it your five drawings as well. <TaughtNow figure="drawings" /> drawings
            have taken <TaughtNow figure="energy" />. The core got <TaughtNow figure="before" /> of the digits
            right before, and gets <TaughtNow figure="after" /> right now. Does it know your shape after the
            first drawing? How many does it need?
          </p>
          <p>
            Five drawings do little harm. A stream of one kind does harm, as on the first page: press{' '}
            <strong>Teach it</strong> fifty times, and look at the digits again.
          </p>
        </>
      ),
    },
  ],
};
