import type { Lesson } from './lesson.ts';
import { AccuracyNow, BankKb, EnergyNow, UnitNow } from './live.tsx';

export const rounding: Lesson = {
  title: 'Why rounding matters',
  promise: 'What a shadow weight is, what it costs, and how eight bits can learn after all.',
  pages: [
    {
      title: 'A core that learns',
      design: { experiment: 'mnist-snn', precision: undefined, settings: {}, edits: {} },
      panels: ['accuracy', 'sample'],
      text: () => (
        <>
          <p>
            What runs on this page is a model of a chip: a <dfn>neuromorphic core</dfn>. It has 256 simple
            neurons that send each other short pulses, called <dfn>spikes</dfn>. It sees one handwritten digit
            after another and learns to tell them apart. At the moment it is right on <AccuracyNow /> of the
            digits that it never learns from.
          </p>
          <p>
            From each pixel to each neuron leads a connection with a <dfn>weight</dfn>: a number that says how
            much a spike excites the neuron. All that the core learns is in these weights. There are about 200
            000 of them.
          </p>
          <p>
            This core has no fractions. A weight is a whole number with a few bits, such as 8: it can be −128
            to 127, and nothing between two whole numbers.
          </p>
        </>
      ),
    },
    {
      title: 'Steps that are too small',
      panels: ['memory', 'energy'],
      text: () => (
        <>
          <p>
            Learning makes a weight a tiny bit larger or smaller, thousands of times. Most of these changes
            are less than 1. A weight of 8 bits cannot take them: 37 and a tenth is 37 again.
          </p>
          <p>
            So the core keeps every weight twice. To <em>answer</em>, it reads the short one of 8 bits. To{' '}
            <em>learn</em>, it changes a longer copy of 16 bits, in which small changes add up: the{' '}
            <dfn>shadow weight</dfn>. The short weight is its upper half. It changes only when the shadow has
            moved far enough.
          </p>
          <p>
            That has a price. Look at <strong>Memory</strong>: the short weights take <BankKb bank="weight" />
            , their shadows <BankKb bank="shadow" />. Look at <strong>Energy</strong>: reading and writing
            shadows takes <UnitNow unit="shadow bank" /> of the <EnergyNow /> that a digit takes.
          </p>
        </>
      ),
    },
    {
      title: 'Shadows of 8 bits',
      design: { experiment: 'rounding-nearest', precision: undefined, settings: {}, edits: {} },
      file: 'programs/rules/learn-nearest.uc',
      panels: ['accuracy', 'memory'],
      text: () => (
        <>
          <p>
            Can we save half of that memory? Here the shadows have 8 bits, too: <BankKb bank="shadow" />. Each
            change is rounded to the nearest whole number, as one learns it in school.
          </p>
          <p>
            It has seen 2 000 digits and is right on <AccuracyNow /> of the others. Guessing would be right on
            one in ten. It has learnt <strong>nothing</strong>: nearly every change is below one half, so it
            is rounded to nothing. Every time.
          </p>
        </>
      ),
    },
    {
      title: 'Throw a die',
      design: { experiment: 'rounding-stochastic', precision: undefined, settings: {}, edits: {} },
      file: 'programs/rules/learn.uc',
      panels: ['accuracy', 'energy'],
      text: () => (
        <>
          <p>
            Now the same core throws a die. A change of one tenth becomes 1 in one of ten cases, and 0 in the
            other nine. No single change is right, but on average all of them are. This is{' '}
            <dfn>stochastic rounding</dfn>. With the same 8 bits, after the same digits, it is right on{' '}
            <AccuracyNow />.
          </p>
          <p>
            The die is a small circuit that makes random bits. It takes <UnitNow unit="random" /> of the{' '}
            <EnergyNow /> that a digit takes. That is cheap.
          </p>
        </>
      ),
    },
    {
      title: 'What you know now',
      panels: ['knobs'],
      text: () => (
        <>
          <details>
            <summary>What is a shadow weight?</summary>
            <p>
              A second, longer copy of a weight. Learning changes it in small steps; the short weight, which
              answers, is its upper bits.
            </p>
          </details>
          <details>
            <summary>What does it cost?</summary>
            <p>
              Memory: at 16 bits, twice as much again as the 8-bit weights that it stands behind. Energy: each
              change reads and writes it.
            </p>
          </details>
          <details>
            <summary>How short may it be?</summary>
            <p>
              8 bits, if changes are rounded at random. Rounded to nearest, small changes are lost, and it
              learns nothing.
            </p>
          </details>
          <p>
            Try it: under <strong>Change one thing</strong>, set <em>Rounding of updates</em> to{' '}
            <em>truncating</em>. Every change is then rounded down. What happens, and why?
          </p>
        </>
      ),
    },
  ],
};
