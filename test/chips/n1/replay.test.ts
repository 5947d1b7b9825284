import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { describeDivergence } from '../../../src/golden/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import type { N1Trace } from '../../golden/plain/n1.ts';
import { argv } from '../../support/argv.ts';
import { add, at } from '../../support/change.ts';
import { goldenText, n1Names } from '../../support/golden.ts';
import { n1Module, replay } from './load.ts';

const goldenOf = (name: (typeof n1Names)[number]): N1Trace => JSON.parse(goldenText(name)) as N1Trace;

describe.each(engineNames)('on engine %s', (engine) => {
  test.each(n1Names)(
    'all that is stated is identical: %s',
    (name) => {
      const trace = goldenOf(name);
      const { spikes, cycles, steps } = trace.expected;
      const cores = trace.config.cores === 1 ? '1 core' : `${trace.config.cores} cores`;
      expect(replay(trace, engine)).toEqual({
        agrees: true,
        summary: `${cores}, ${steps.length} steps, ${spikes} spikes, ${cycles} cycles: to the cycle, with all neurons, synapses and registers after each step`,
      });
    },
    120_000,
  );
});

const lif = goldenOf('n1-lif');
const learn = goldenOf('n1-learn');
const mesh = goldenOf('n1-mesh');

function wordsOf(golden: N1Trace, change: (trace: N1Trace) => void): string {
  const trace = structuredClone(golden);
  change(trace);
  const verdict = replay(trace);
  return verdict.agrees ? 'agrees' : describeDivergence(verdict.divergence);
}

const stepOf = (trace: N1Trace, step: number) => at(trace.expected.steps, step);

describe('what differs is found with its place', () => {
  test.each<[string, N1Trace, (trace: N1Trace) => void, string]>([
    [
      'a flipped bit of a potential',
      lif,
      (trace) => {
        const potentials = at(stepOf(trace, 7).cores, 0).neurons.potential ?? [];
        potentials[4] = at(potentials, 4) ^ 16;
      },
      // 595 is 0b1001010011.
      'step 7: potential of neuron 4 of core 0: expected 579, found 595',
    ],
    [
      'a flipped bit of a weight that was learnt',
      learn,
      (trace) => {
        at(at(stepOf(trace, 2).cores, 0).synapses, 1)[1] ^= 1;
      },
      'step 2: weight of synapse 13 of core 0: expected 21, found 20',
    ],
    [
      'a flipped bit of the generator',
      learn,
      (trace) => {
        at(stepOf(trace, 3).cores, 0).lfsr ^= 4;
      },
      'step 3: generator of core 0: expected ',
    ],
    [
      'a late spike',
      mesh,
      (trace) => add(at(stepOf(trace, 0).spikes, 3), 0, 1),
      'step 0: spike 3: expected neuron 4 of core 2 in cycle 26 with payload 255, found neuron 4 of core 2 in cycle 25 with payload 255',
    ],
    [
      'a late core',
      mesh,
      (trace) => add(at(stepOf(trace, 1).cores, 0), 'cycles', 1),
      'step 1: cycles of core 0: expected 1417, found 1416',
    ],
    [
      'a late end of a step',
      mesh,
      (trace) => add(stepOf(trace, 1), 'cycles', 1),
      'step 1: cycles of the chip: expected 2131, found 2130',
    ],
    [
      'a spike that the chip did not send',
      mesh,
      (trace) => stepOf(trace, 0).spikes.splice(0, 1),
      'step 0: spike 0: expected neuron 2 of core 2 in cycle 17 with payload 255, found neuron 2 of core 1 in cycle 17 with payload 255',
    ],
    [
      'a packet that is lost on its way: each takes a cycle before the next step',
      mesh,
      (trace) => {
        const routes = trace.routes as N1Trace['routes'][number][];
        const only = routes.findIndex(([core, neuron]) => core === 1 && neuron === 2);
        routes.splice(only, 1);
      },
      'step 1: spike 0: expected neuron 6 of core 2 in cycle 129 with payload 224, found neuron 6 of core 2 in cycle 128 with payload 224',
    ],
    [
      'a flipped bit of a word of the learning engine',
      learn,
      (trace) => {
        const { microcode } = at(trace.cores, 0);
        // Word 6 of mode 0 of two factors is the largest weight: 1500 becomes 476.
        Object.assign(microcode, { 6: '8B0001DC' });
      },
      'weight of synapse',
    ],
    [
      'another sum of cycles',
      lif,
      (trace) => add(trace.expected, 'cycles', 1),
      'in the end: cycles in all: expected 66721, found 66720',
    ],
  ])('%s', (_, golden, change, words) => {
    expect(wordsOf(golden, change)).toContain(words);
  });
});

describe('a recording is refused', () => {
  test.each<[string, (trace: N1Trace) => unknown, string]>([
    ['with an unknown key', (trace) => ({ ...trace, cycle: 1 }), 'unknown'],
    [
      'with a state that no register holds',
      (trace) => {
        at(stepOf(trace, 0).cores, 0).lfsr = 65536;
        return trace;
      },
      'expected.steps.0.cores.0.lfsr: expected a word (a whole number, 0 to 65535), found 65536',
    ],
    [
      'with a synapse to a neuron that is not there',
      (trace) => {
        at(at(trace.cores, 0).pool, 3)[1] = 32;
        return trace;
      },
      'cores.0.pool.3.1: expected a number from 0 to 31, found 32',
    ],
    [
      'with a core too few',
      (trace) => ({ ...trace, cores: [] }),
      'cores: expected 1 items (one for each core), found 0',
    ],
    [
      'with a learning program that does not end',
      (trace) => {
        Object.assign(at(trace.cores, 0), { microcode: { 0: '90000000' } });
        return trace;
      },
      'the learning program at 0 does not end',
    ],
  ])('%s', (_, change, message) => {
    const trace = change(structuredClone(learn));
    expect(() => replay(trace)).toThrow(message);
  });
});

test('the command verifies a recording where the module is given, and nowhere else', async () => {
  const file = fileURLToPath(new URL('../../golden/traces/n1-lif.json.br', import.meta.url));
  const { status, stdout } = await commandLine(argv`verify ${file} --chip ${n1Module} --engine reference`);
  expect([status, stdout]).toEqual([0, expect.stringContaining('identical on engine reference: 1 core')]);
  const without = await commandLine(argv`verify ${file}`);
  expect(without.status).toBe(2);
  expect(without.stderr).toContain("found 'catalyst-n1-golden/1'");
});
