import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { checkJson, describeDivergence, parseJson } from '../../../src/golden/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import type { Lif, Net, Run, Trace } from '../../golden/plain/loihi-format.ts';
import { randomLoihiNet } from '../../golden/stimulus.ts';
import { argv } from '../../support/argv.ts';
import { at, put } from '../../support/change.ts';
import { expectError } from '../../support/errors.ts';
import { goldenNames, goldenText } from '../../support/golden.ts';
import { scratch } from '../../support/scratch.ts';
import { replayContext } from '../replay-context.ts';
import { replayLoihi } from './replay.ts';
import { loihiSchema } from './trace-shape.ts';

const read = (text: string) => checkJson(parseJson(text, 'x.json'), loihiSchema);

describe.each(engineNames)('on engine %s', (engine) => {
  test.each(goldenNames.loihi)(
    'all that is compared is identical: %s',
    (name) => {
      const verdict = replayLoihi(read(goldenText(name)), { ...replayContext, engine });
      expect(verdict).toMatchObject({ agrees: true });
    },
    120_000,
  );
});

test('a recording that agrees is told in a line, with what is not compared', () => {
  const summary = (name: 'loihi-lif' | 'loihi-net') => replayLoihi(read(goldenText(name)), replayContext);
  expect(summary('loihi-lif')).toEqual({
    agrees: true,
    summary:
      'current, voltage and spikes in each step; compartments as the common model (96), brian2loihi (70), lava (65) computes them; not compared: 2 compartments of brian2loihi, after they leave 32 bits; not compared: 7 compartments of lava, which loses bits of sums; 1800 weights of three models',
  });
  expect(summary('loihi-net')).toMatchObject({
    summary: expect.stringContaining(
      'run delayed, compartments as the common model (64), brian2loihi (64), lava (64) computes them; ',
    ),
  });
});

const lif = JSON.parse(goldenText('loihi-lif')) as Lif;
const net = JSON.parse(goldenText('loihi-net')) as Net;

function runNamed({ runs }: Net, name: string): Run {
  const run = runs[name];
  if (run === undefined) throw new Error(name);
  return run;
}

function layerNamed({ expected }: Run, name: string): Trace {
  const layer = expected[name];
  if (layer === undefined || typeof layer === 'string') throw new Error(name);
  return layer;
}

function wordsOf<Recording extends Lif | Net>(
  recording: Recording,
  change: (changed: Recording) => void,
): string {
  const changed = structuredClone(recording);
  change(changed);
  const verdict = replayLoihi(read(JSON.stringify(changed)), replayContext);
  return verdict.agrees ? 'agrees' : describeDivergence(verdict.divergence);
}

describe('a recorded network diverges with its place', () => {
  test.each<[string, (run: Run) => void, string]>([
    [
      'a flipped bit of a current',
      (run) => put(at(layerNamed(run, 'L1').u, 3), 10, -4096 ^ 64),
      'run delayed, step 10: current of L1.3: expected -4032, found -4096\n  in the common model\n  before  current 0, voltage 0',
    ],
    [
      'another voltage',
      (run) => put(at(layerNamed(run, 'L1').v, 1), 10, 7700),
      'run delayed, step 10: voltage of L1.1: expected 7700, found 7699',
    ],
    [
      'a lost spike',
      (run) => at(layerNamed(run, 'L1').spikes, 9).pop(),
      'run delayed, step 9: spike of L1.1: expected none, found a spike',
    ],
    [
      'a late spike',
      (run) => {
        const { spikes } = layerNamed(run, 'L2');
        at(spikes, 18).pop();
        at(spikes, 19).push(21);
      },
      'run delayed, step 18: spike of L2.21: expected none, found a spike',
    ],
    [
      'a spike more',
      (run) => at(layerNamed(run, 'L1').spikes, 2).push(5),
      'run delayed, step 2: spike of L1.5: expected a spike, found none',
    ],
    ['an input less', ({ stimulus }) => at(stimulus.inputs, 1).pop(), 'run delayed, step '],
    [
      'another delay',
      ({ config }) => {
        for (const synapse of at(config.projections, 0).synapses) synapse[3] = 0;
      },
      'run delayed, step 1: current of L1.',
    ],
  ])('%s', (_, change, words) => {
    expect(wordsOf(net, (changed) => change(runNamed(changed, 'delayed')))).toContain(words);
  });

  test('what another model computes, where it does', () => {
    const words = wordsOf(net, (changed) => {
      const { other } = runNamed(changed, 'overflow');
      const { lava } = other;
      if (lava === undefined || lava === 'identical') throw new Error('no traces');
      at(lava.L1?.u, 0)[3] = 1;
    });
    expect(words).toMatch(
      /^run overflow, step 3: current of L1\.0: expected 1, found 3991833\n {2}as lava computes/,
    );
  });

  test("'identical' where it is not", () => {
    const words = wordsOf(net, (changed) =>
      put(runNamed(changed, 'overflow').other, 'brian2loihi', 'identical'),
    );
    expect(words).toMatch(
      /^run overflow, step 1: current of L1\.2: expected -253952, found 3940352\n {2}as brian2loihi/,
    );
  });
});

describe('recorded compartments diverge with their place', () => {
  test.each<[string, (trace: Lif) => void, string]>([
    [
      'a voltage',
      ({ expected }) => put(at(expected.v, 0), 5, 1),
      'step 5: voltage of compartment 0: expected 1, found 100560',
    ],
    [
      'a voltage of another model',
      ({ other }) => put(at(other.lava.different, 8).v, 200, 1),
      'step 200: voltage of compartment 81: expected 1, found ',
    ],
    [
      'a voltage that no register holds, too early',
      ({ other }) => put(at(other.brian2loihi.different, 0).v, 200, 2 ** 40),
      'step 200: voltage of compartment 80: expected 2147483647, found ',
    ],
    [
      'a weight',
      ({ weight_cases }) => put(at(weight_cases.rows, 7), 5, 64),
      'weight case 7: weight of lava: expected 64, found 0\n  exc, 1 bits, exponent -6, mantissa 1',
    ],
    [
      'a weight that NengoLoihi cannot have',
      ({ weight_cases }) => put(at(weight_cases.rows, 7), 6, null),
      'weight case 7: weight of nengo_loihi: expected null, found 0',
    ],
  ])('%s', (_, change, words) => {
    expect(wordsOf(lif, change)).toContain(words);
  });
});

describe('a recording of Loihi is refused', () => {
  const refusedNet = (change: (trace: Net) => void, ...words: string[]) => {
    const changed = structuredClone(net);
    change(changed);
    expectError(() => read(JSON.stringify(changed)), 'invalid-value', ...words);
  };

  test('of another kind', () => {
    expectError(
      () => read('{"format": "loihi-golden/1"}'),
      'invalid-value',
      "kind: expected 'lif', 'net' or 'learn', found",
    );
  });

  test.each<[string, (run: Run) => void, string]>([
    [
      'a delay that the chip does not have',
      ({ config }) => put(at(at(config.projections, 0).synapses, 2), 3, 63),
      'projections.0.synapses.2.3: expected a delay (a whole number, 0 to 62), found 63',
    ],
    [
      'an inhibiting synapse that excites',
      ({ config }) => put(at(at(config.projections, 1).synapses, 2), 2, 5),
      'projections.1.synapses.2.2: expected a mantissa up to 0 (inh), found 5',
    ],
    [
      'a layer that is not there',
      ({ config }) => put(at(config.projections, 1), 'post', 'L3'),
      "projections.1.post: there is no layer 'L3'; did you mean",
    ],
    [
      'a compartment beyond its layer',
      ({ config }) => put(at(at(config.projections, 0).synapses, 0), 1, 40),
      'projections.0.synapses.0.1: expected a compartment of L1 below 40, found 40',
    ],
    [
      'a step less',
      (run) => at(layerNamed(run, 'L2').u, 4).pop(),
      'expected.L2.u.4: expected 135 items (one for each step), found 134',
    ],
    [
      'a layer less',
      (run) => {
        delete run.expected.L2;
      },
      "expected: expected all layers, 'L2' is missing",
    ],
    [
      'spikes that do not ascend',
      (run) => at(layerNamed(run, 'L1').spikes, 11).reverse(),
      'expected.L1.spikes.11.1: expected a compartment from 14 to 39, ascending, found 11',
    ],
  ])('%s', (_, change, words) => {
    refusedNet((changed) => change(runNamed(changed, 'delayed')), words);
  });

  test('if a compartment of another model is in two lists, or in none, or differs elsewhere', () => {
    const refused = (change: (trace: Lif) => void, ...words: string[]) => {
      const changed = structuredClone(lif);
      change(changed);
      expectError(() => read(JSON.stringify(changed)), 'invalid-value', ...words);
    };
    refused(
      ({ other }) => other.lava.not_run.push(0),
      'other.lava.not_run.24: compartment 0 is listed twice',
    );
    refused(({ other }) => other.lava.not_run.pop(), 'other.lava: expected all 96 compartments, found 95');
    refused(
      ({ other }) => put(at(other.lava.different, 0), 'first_difference', 6),
      'other.lava.different.0.first_difference: expected 5, where it differs, found 6',
    );
  });
});

const { folder } = scratch();

test('the command verifies a recording where the module is given', async () => {
  const module = fileURLToPath(new URL('./loihi.mjs', import.meta.url));
  const learning = JSON.parse(goldenText('loihi-learn')) as { runs: Record<string, unknown> };
  const { lava_stdp } = learning.runs;
  for (const [name, trace, words] of [
    ['net', randomLoihiNet(10), 'current, voltage and spikes in each step; run drawn, '],
    [
      'learn',
      { ...learning, runs: { lava_stdp } },
      'traces, weights, tags and delays of runs that learn: lava_stdp ',
    ],
  ] as const) {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(trace));
    const { status, stdout } = await commandLine(argv`verify ${file} --chip ${module}`);
    expect([status, stdout]).toEqual([0, expect.stringContaining(`identical on engine fast: ${words}`)]);
  }
});
