import type { Lesson } from './lesson.ts';
import { AccuracyNow, BankKb, EnergyNow, SamplesNow, See, UnitNow } from './live.tsx';

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
            much a spike excites the neuron. All that the core learns is in its weights. It has about 200 000
            of them.
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
            weight of 8 bits cannot take them: 37 and a tenth is 37 again.
          </p>
          <p>
            So the core keeps every weight twice. The second copy has 16 bits. It is called the{' '}
            <dfn>shadow weight</dfn>. Its first 8 bits are the short weight; its last 8 bits count the parts
            that are too small for the short one, as cents count what is less than a euro. The core{' '}
            <em>learns</em> in the shadow and <em>answers</em> with the short weight, which changes when the
            small parts have added up.
          </p>
          <p>
            That has a price. In <See panel="memory">Memory</See>, the short weights take{' '}
            <BankKb bank="weight" /> and their shadows <BankKb bank="shadow" /> more. In{' '}
            <See panel="energy">Energy</See>, reading and writing shadows takes <UnitNow unit="shadow bank" />{' '}
            of the <EnergyNow /> that it takes to learn a digit.
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
            <BankKb bank="shadow" />. Each change is rounded to the nearest whole number, as one learns it in
            school.
          </p>
          <p>
            It has seen <SamplesNow /> digits and is right on <AccuracyNow /> of the others. Whoever guesses
            is right on about 10 %. It has learnt <strong>nothing</strong>: nearly every change is below one
            half, so it is rounded to nothing. Every time.
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
            <dfn>stochastic rounding</dfn>. With the same 8 bits, after <SamplesNow /> digits, it is right on{' '}
            <AccuracyNow />.
          </p>
          <p>
            The die is a small circuit that makes random bits. It takes <UnitNow unit="random" /> of the{' '}
            <EnergyNow /> that it takes to learn a digit.
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
              A second, longer copy of a weight. Learning changes it in small steps. Its first bits are the
              short weight, which answers.
            </p>
          </details>
          <details>
            <summary>What does it cost?</summary>
            <p>
              Memory: a shadow of 16 bits takes twice as much as the weight of 8 bits that it belongs to, and
              comes on top. Energy: each change reads and writes it.
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
            Try it: in <See panel="knobs">Change one thing</See>, set <em>Rounding of updates</em> to{' '}
            <em>truncating</em>. Every change is then rounded down. What happens, and why?
          </p>
        </>
      ),
    },
  ],
};
