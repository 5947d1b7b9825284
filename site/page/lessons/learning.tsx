import type { Lesson } from './lesson.ts';
import { AccuracyNow, See } from './live.tsx';

const base = { experiment: 'mnist-snn', precision: undefined, settings: {} };

export const learning: Lesson = {
  title: 'Learning on a chip',
  promise: 'What a core does to learn from a single sample, and how to change that.',
  pages: [
    {
      title: 'Teach it',
      design: { ...base, edits: {} },
      panels: ['draw'],
      text: () => (
        <>
          <p>
            Let it learn for a few seconds, then press <strong>Pause</strong>.{' '}
            <See panel="draw">Draw a digit</See>: the core answers while you draw. Now choose a wrong name for
            your drawing, and press <strong>Teach it</strong> until the answer changes. (Press{' '}
            <strong>Run</strong> afterwards, and the other digits make it forget your joke.)
          </p>
          <p>
            No data were collected for this, and none went to a server. The core has changed its own weights,
            one sample at a time. That is learning <dfn>on chip</dfn>: a hearing aid could learn a voice, and
            keep it to itself.
          </p>
        </>
      ),
    },
    {
      title: 'Three factors',
      design: { ...base, edits: {} },
      file: 'programs/rules/learn.uc',
      panels: ['editor', 'kernels'],
      text: () => (
        <>
          <p>
            The rule is short. The <See panel="editor">editor</See> shows it, in the core's own language. For
            each weight, it multiplies three factors:
          </p>
          <ul>
            <li>
              the <dfn>trace</dfn> of the neuron before it: a number that says how recently it has spiked;
            </li>
            <li>
              the <dfn>learning signal</dfn> of the neuron after it: how much more, or less, it should have
              spiked;
            </li>
            <li>
              a rate: how far to go. It is a power of two, so the core only has to shift the bits to the
              right.
            </li>
          </ul>
          <p>
            The result is rounded at random, which is what <code>.sr</code> stands for, and added to the
            shadow weight. Choose <code>learn(inputToHidden)</code> in the table of kernels to see its lines
            in colour.
          </p>
        </>
      ),
    },
    {
      title: 'Change the rule',
      file: 'programs/rules/learn.uc',
      panels: ['editor', 'accuracy', 'knobs'],
      text: () => (
        <>
          <p>
            In the <See panel="editor">editor</See>, change <code>sra.sr</code> to <code>sra</code>. The
            program is compiled as you type. The run begins again with what the core has learnt, but now
            without the die: changes are rounded down. Press <strong>Reset</strong> to let it learn from
            nothing.
          </p>
          <p>
            What runs now gets <AccuracyNow /> of the test digits right. With shadows of 16 bits, rounding
            down does little harm. Choose <em>8-bit weights, cut from 8-bit shadow weights</em> in{' '}
            <See panel="knobs">Change one thing</See>, and watch it fail.
          </p>
          <p>Try some nonsense, too: the editor says what is wrong, and where. What ran before goes on.</p>
        </>
      ),
    },
  ],
};
