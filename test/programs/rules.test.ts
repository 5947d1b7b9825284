import { describe, expect, test } from 'vitest';
import { compileCore } from '../../src/compiler/index.ts';
import { createCore, engineNames, type Processor, runSample } from '../../src/engine/index.ts';
import { findHwModel, findProgram } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { spikeTrain, valuesOf } from '../support/core.ts';
import { type Case, learn, type RuleName, settings } from './rules-by-loops.ts';

const sizes = { input: 6, hidden: 5, output: 3 };
const exact = {
  // No shift, and so no rounding at random.
  hiddenRate: 0,
  outputRate: 0,
  errorFrom: settings.errorFrom,
  signalScale: settings.signalScale,
};
/** Parameters that a rule has beside those of all. */
const own: Partial<Record<RuleName, Readonly<Record<string, number>>>> = {
  'mnist-last-error': { errorFrom: settings.lastStep },
  'mnist-e-prop-adaptive': { weightDecay: 0 },
  'mnist-decolle': { localSignalScale: settings.signalScale },
};

const rules: readonly RuleName[] = [
  'mnist-three-factor',
  'mnist-last-error',
  'mnist-random-feedback',
  'mnist-ottt',
  'mnist-ostl',
  'mnist-osttp',
  'mnist-etlp',
  'mnist-decolle',
  'mnist-e-prop',
  'mnist-e-prop-random',
  'mnist-e-prop-adaptive',
  'mnist-stsf',
  'mnist-sample-credit',
];

function coreOf(rule: RuleName, seed: number, engine: (typeof engineNames)[number]) {
  const set = (path: readonly (string | number)[], value: unknown) => ({ path, value, place: {} });
  const parameters = { ...exact, ...own[rule] };
  const overrides = [
    ...Object.entries(parameters).map(([name, value]) => set(['parameters', name], value)),
    ...Object.entries(sizes).map(([name, size]) => set(['populations', name, 'size'], size)),
    ...(rule === 'mnist-decolle' ? [set(['populations', 'local', 'size'], sizes.output)] : []),
    ...(rule === 'mnist-stsf'
      ? [set(['populations', 'hidden', 'fields', 'listensTo', 'initial'], { uniform: [0, sizes.output - 1] })]
      : []),
    // With few inputs, weights have to be large for neurons to spike.
    set(['projections', 'inputToHidden', 'initialWeights'], { uniform: [-8000, 24000] }),
    set(['projections', 'hiddenToOutput', 'initialWeights'], { uniform: [-16000, 30000] }),
  ];
  const program = findProgram({ name: rule, from: '' }, findFile, overrides);
  const hw = findHwModel({ name: 'reference', from: '' }, 'mp16-8', findFile);
  return createCore(compileCore(program, hw, { precision: 'mp16-8', seed }), { engine });
}

const rows = (values: readonly number[], width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));

/** The field of weights that go back, by rule. */
function backOf(core: Processor, rule: RuleName): number[][] {
  const name = rule === 'mnist-decolle' ? 'hiddenToLocal.weight' : 'hiddenToOutput.feedback';
  const exists = core.image.fields.some((field) => field.name === name);
  const values = exists ? valuesOf(core, name) : Array<number>(sizes.hidden * sizes.output).fill(0);
  // The loops take shadow weights in both cases.
  return rows(values, sizes.output).map((row) =>
    row.map((value) => (rule === 'mnist-decolle' ? 256 * value : value)),
  );
}

describe.each(rules)('%s is what its equations say', (rule) => {
  test.each(engineNames)('on engine %s', (engine) => {
    let changed = 0;
    for (let seed = 1; seed <= 3; seed++) {
      const core = coreOf(rule, seed, engine);
      const hasOwn = core.image.fields.some(({ name }) => name === 'hidden.listensTo');
      const net: Case = {
        input: rows(valuesOf(core, 'inputToHidden.shadow'), sizes.hidden),
        output: rows(valuesOf(core, 'hiddenToOutput.shadow'), sizes.output),
        back: backOf(core, rule),
        listensTo: hasOwn ? valuesOf(core, 'hidden.listensTo') : [],
        gain: hasOwn ? valuesOf(core, 'hidden.gain') : [],
        spikes: [[0, 1, 2 * seed - 1], [2, 3], [0, 4], [1, 5, 2], [seed]].map((step) =>
          [...new Set(step)].sort(),
        ),
        label: seed % 3,
      };
      const before = JSON.stringify(net.input);
      const spikes = spikeTrain(...net.spikes);
      for (let sample = 0; sample < 2; sample++) {
        runSample(core, spikes, { label: net.label, learn: true });
        learn(rule, net);
        expect(rows(valuesOf(core, 'inputToHidden.shadow'), sizes.hidden)).toEqual(net.input);
        expect(rows(valuesOf(core, 'hiddenToOutput.shadow'), sizes.output)).toEqual(net.output);
        expect(backOf(core, rule)).toEqual(net.back);
      }
      if (JSON.stringify(net.input) !== before) changed++;
    }
    expect(changed).toBeGreaterThanOrEqual(2);
  });
});
