import { describe, expect, test } from 'vitest';
import { engineNames, runSample } from '../../src/engine/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { loadCore } from '../../src/library/index.ts';
import { hash32 } from '../../src/random/index.ts';
import { spikeTrain, valuesOf } from '../support/core.ts';
import { learnSequence, type Sequence, sequenceRules } from './sequences-by-loops.ts';

const [inputs, hidden, outputs, steps] = [5, 6, 3, 12];

const rows = (values: readonly number[], width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));

const spikesOf = (seed: number): number[][] =>
  Array.from({ length: steps }, (_, step) =>
    Array.from({ length: inputs }, (_unused, input) => input).filter(
      (input) => hash32(seed, step, input) % 3 === 0,
    ),
  );

describe.each(sequenceRules)('%s is what its equations say', (rule) => {
  test.each(engineNames)('on engine %s', (engine) => {
    const set = {
      // No shift, and so no rounding at random.
      'program.parameters.hiddenRate': 0,
      'program.parameters.outputRate': 0,
      'program.populations.input.size': inputs,
      'program.populations.hidden.size': hidden,
      'program.populations.output.size': outputs,
    };
    const core = loadCore(rule, { precision: 'mp16-8', seed: 3, engine, set }, findFile).machine;
    const weightsOf = () => ({
      input: rows(valuesOf(core, 'inputToHidden.shadow'), hidden),
      recurrent: rows(valuesOf(core, 'hiddenToHidden.shadow'), hidden),
      output: rows(valuesOf(core, 'hiddenToOutput.shadow'), outputs),
    });
    for (let seed = 1; seed <= 3; seed++) {
      const before = weightsOf();
      const net: Sequence = { ...before, spikes: spikesOf(seed), label: seed % outputs };
      learnSequence(rule, net);
      runSample(core, spikeTrain(...net.spikes), { label: net.label, learn: true });
      const { input, recurrent, output } = net;
      expect(weightsOf()).toEqual({ input, recurrent, output });
      if (seed > 1) continue;
      expect(input).not.toEqual(before.input);
      expect(recurrent).not.toEqual(before.recurrent);
      expect(output).not.toEqual(before.output);
    }
  });
});
