import type { Lesson } from './lesson.ts';
import { AccuracyNow } from './live.tsx';

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
            Draw a digit. The core answers while you draw. Draw one that it gets wrong, choose what it is, and
            press <strong>Teach it</strong>, perhaps a few times. Its answer changes.
          </p>
          <p>
            Nothing was collected, no data went to a server. The core has changed its own weights, from one
            sample. That is learning <dfn>on chip</dfn>: a hearing aid could learn a voice, and keep it to
            itself.
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
            The rule is short. It stands in the editor, in the core's own language. For each weight it
            multiplies:
          </p>
          <ul>
            <li>
              the <dfn>trace</dfn> of the neuron before it: a number that says how recently it has spiked;
            </li>
            <li>
              the <dfn>learning signal</dfn> of the neuron after it: how much it should have spiked more, or
              less;
            </li>
            <li>a rate: how far to go. As a shift to the right by some bits, it costs no multiplier.</li>
          </ul>
          <p>
            The product is rounded at random (<code>.sr</code>) and added to the shadow weight. Point at{' '}
            <code>learn(inputToHidden)</code> in the table of kernels to see its lines coloured.
          </p>
        </>
      ),
    },
    {
      title: 'Change the rule',
      file: 'programs/rules/learn.uc',
      panels: ['editor', 'accuracy'],
      text: () => (
        <>
          <p>
            In the editor, change <code>sra.sr</code> to <code>sra</code>. The program is compiled as you type
            and learns from the start, now without its die: changes are rounded down.
          </p>
          <p>
            It is right on <AccuracyNow /> of the test digits. With shadows of 16 bits that does little harm;
            choose <em>8-bit weights, cut from 8-bit shadow weights</em> to see it fail.
          </p>
          <p>Write nonsense, too: the editor says what is wrong, and where. What ran before runs on.</p>
        </>
      ),
    },
  ],
};
