import type { Lesson } from './lesson.ts';
import { AccuracyNow, BankKb, EnergyNow, SamplesNow, See, UnitNow } from './live.tsx';

export const rounding: Lesson = {
  title: 'Why rounding matters',
  promise: 'What a shadow weight is, what it costs, and how eight bits can be enough after all.',
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
            after another and learns to tell them apart. It is tested on digits that it never learns from. At
            the moment it gets <AccuracyNow /> of them right.
          </p>
          <p>
            A connection leads from each pixel to each neuron. Its <dfn>weight</dfn> is a number that says how
            much a spike excites the neuron. Everything that the core learns is in its weights. It has about
            200 000 of them.
          </p>
          <p>
            A weight is a whole number. With 8 binary digits, or <dfn>bits</dfn>, it lies between −128 and
            127. There is nothing between 37 and 38.
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
            Learning changes each weight a little, thousands of times. Most changes are much smaller than 1. A
            weight of 8 bits cannot hold them: 37 and a tenth becomes 37 again.
          </p>
          <p>
            So the core keeps every weight twice. The second copy has 16 bits. It is called the{' '}
            <dfn>shadow weight</dfn>. Its upper 8 bits are the short weight. Its lower 8 bits hold what is too
            small for the short weight, as cents hold what is less than a euro. The core <em>learns</em> in
            the shadow and <em>answers</em> with the short weight, which changes once the small parts have
            added up.
          </p>
          <p>
            That has a price. Look at the panel <See panel="memory">Memory</See>: the short weights take{' '}
            <BankKb bank="weight" />, and their shadows take <BankKb bank="shadow" /> more. Look at{' '}
            <See panel="energy">Energy</See>: of the <EnergyNow /> for learning a digit, reading and writing
            shadows takes <UnitNow unit="shadow bank" />.
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
            Can we save half of that memory? Here the shadows have 8 bits, too, and take{' '}
            <BankKb bank="shadow" />. Each change is rounded to the nearest whole number, as you learnt it at
            school.
          </p>
          <p>
            The core has seen <SamplesNow /> digits and gets <AccuracyNow /> of the test digits right. A guess
            is right one time in ten. The core has learnt <strong>nothing</strong>: nearly every change is
            smaller than one half, so it is rounded to zero. Every time.
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
            other nine. No single change is right, but their average is. This is{' '}
            <dfn>stochastic rounding</dfn>. After <SamplesNow /> digits, the same 8 bits get <AccuracyNow />{' '}
            right.
          </p>
          <p>
            The die is a small circuit that makes random bits. It takes <UnitNow unit="random" /> of the{' '}
            <EnergyNow /> for learning a digit.
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
              A second, longer copy of a weight. Learning changes it in small steps. Its upper bits are the
              short weight, with which the core answers.
            </p>
          </details>
          <details>
            <summary>What does it cost?</summary>
            <p>
              Memory: the core stores a shadow of 16 bits in addition to each weight of 8 bits. Energy: each
              change reads and writes a shadow.
            </p>
          </details>
          <details>
            <summary>How short may it be?</summary>
            <p>
              8 bits, if changes are rounded at random. If they are rounded to the nearest number, small
              changes are lost, and the core learns nothing.
            </p>
          </details>
          <p>
            Try it: in <See panel="knobs">Change one thing</See>, set <em>Rounding of updates</em> to{' '}
            <em>truncating</em>. Every change is then rounded down. What happens, and why?
          </p>
        </>
      ),
    },
  ],
};
