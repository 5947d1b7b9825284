import { describe, expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { describeDivergence } from '../../../src/golden/index.ts';
import { at } from '../../../src/text/index.ts';
import { goldenFormats, readTrace, replayTrace } from '../../../src/trace/index.ts';
import type { N1Trace } from '../../golden/plain/n1.ts';
import { randomN1 } from '../../golden/stimulus.ts';
import { add } from '../../support/change.ts';
import { goldenText } from '../../support/golden.ts';
import { asControllerTrace } from './as-data.ts';

const formats = await goldenFormats();

/** Replays a recording of N1 on the cores and the controller that data.yaml states. */
function replay(trace: N1Trace, engine: string): string {
  const text = JSON.stringify(asControllerTrace(trace));
  const verdict = replayTrace(readTrace(text, 'n1.json', formats), {
    file: 'n1.json',
    engine,
    find: findFile,
    readImage: () => {
      throw new Error('the trace names no image');
    },
  });
  return verdict.agrees ? verdict.summary : describeDivergence(verdict.divergence);
}

const goldenOf = (name: 'n1-lif' | 'n1-learn' | 'n1-mesh'): N1Trace =>
  JSON.parse(goldenText(name)) as N1Trace;

describe.each(engineNames)('N1, its controller as data, engine %s', (engine) => {
  // The counts are those of the recordings: steps of each core, spikes, cycles.
  test.each([
    ['n1-lif', '60 cores, 606 spikes, 66720 cycles'],
    ['n1-learn', '50 cores, 276 spikes, 147346 cycles'],
    ['n1-mesh', '120 cores, 1006 spikes, 192226 cycles'],
  ] as const)(
    '%s is identical: cycles, spikes, neurons, synapses and registers after each step',
    (name, what) => {
      const { expected } = goldenOf(name);
      expect(what).toContain(`${expected.spikes} spikes, ${expected.cycles} cycles`);
      expect(replay(goldenOf(name), engine)).toContain(what);
    },
    60_000,
  );
});

// Seeds that are left out have cores with different learning programs: those of a controller that is data have one.
test.each([1, 3, 4, 6, 12, 13, 14])('a random chip of seed %i does what the plain model says', (seed) => {
  expect(replay(randomN1(seed), 'fast')).toMatch(/^\d+ inputs, /);
});

test.each([2, 7, 15])('so does one of seed %i with fewer neurons than addresses', (seed) => {
  expect(replay(randomN1(seed, false), 'fast')).toMatch(/^\d+ inputs, /);
});

describe('what differs is found with its place', () => {
  const changed = (change: (trace: N1Trace) => void, name: 'n1-lif' | 'n1-learn' = 'n1-lif'): string => {
    const trace = goldenOf(name);
    change(trace);
    return replay(trace, 'fast');
  };

  test('a flipped bit of a potential', () => {
    const found = changed(({ expected }) => {
      const potentials = at(at(expected.steps, 7).cores, 0).neurons.potential ?? [];
      potentials[4] = at(potentials, 4) ^ 16;
    });
    // 595 is 0b1001010011.
    expect(found).toMatch(/^input \d+ \(step .*\): neurons\.v, item 4: expected 579, found 595$/);
  });

  test('a flipped bit of a weight that was learnt, and of the generator', () => {
    const weight = changed(({ expected }) => {
      at(at(at(expected.steps, 2).cores, 0).synapses, 1)[1] ^= 1;
    }, 'n1-learn');
    expect(weight).toMatch(/pool\.weight, item 13: expected 21, found 20$/);
    const generator = changed(({ expected }) => {
      at(at(expected.steps, 3).cores, 0).lfsr ^= 4;
    }, 'n1-learn');
    expect(generator).toMatch(/lfsr.*: expected \d+, found \d+$/);
  });

  test('another word of the learning engine', () => {
    // Word 6 of mode 0 of two factors is the largest weight: 1500 becomes 476.
    const found = changed(({ cores }) => {
      Object.assign(at(cores, 0).microcode, { 6: '8B0001DC' });
    }, 'n1-learn');
    expect(found).toMatch(/pool\.weight, item \d+: expected/);
    const endless = (): string =>
      changed(({ cores }) => Object.assign(at(cores, 0), { microcode: { 0: '90000000' } }), 'n1-learn');
    expect(endless).toThrow('the learning program at 0 does not end');
  });

  test('a late spike, and a late core', () => {
    const late = changed(({ expected }) => add(at(at(expected.steps, 0).spikes, 0), 0, 1));
    // The worked case of the recording's rules: neuron 12 spikes in cycle 57 of step 0.
    expect(late).toMatch(/spikes 0: expected 58, 0, 12, \d+, found 57, 0, 12, \d+$/);
    const core = changed(({ expected }) => add(at(at(expected.steps, 0).cores, 0), 'cycles', 1));
    expect(core).toMatch(/cores 0: expected 0, 260, found 0, 259$/);
  });
});
