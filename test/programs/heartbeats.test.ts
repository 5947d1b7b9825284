import { describe, expect, test } from 'vitest';
import { engineNames, predict, runSample } from '../../src/engine/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { loadCore } from '../../src/library/index.ts';
import { hash32 } from '../../src/random/index.ts';
import { spikeTrain, valuesOf } from '../support/core.ts';
import { type HeartbeatRule, Heartbeats, heartbeatRules, settings } from './heartbeats-by-loops.ts';

const [inputs, hidden, outputs, steps] = [4, 7, 3, 24];

const rows = (values: readonly number[], width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));

function coreOf(rule: HeartbeatRule, engine: (typeof engineNames)[number]) {
  const set = {
    // No shift, and so no rounding at random.
    'program.parameters.hiddenRate': 0,
    'program.parameters.outputRate': 0,
    'program.parameters.eligibilityShift': settings.eligibilityShift,
    ...(rule === 'ecg-seldom' && { 'program.parameters.pause': settings.pause }),
    'program.populations.hidden.size': hidden,
    'program.populations.output.size': outputs,
  };
  return loadCore(rule, { precision: 'mp16-8', seed: 5, engine, set }, findFile).machine;
}

describe.each(heartbeatRules)('%s is what its equations say', (rule) => {
  test.each(engineNames)('step by step, on engine %s', (engine) => {
    const core = coreOf(rule, engine);
    const weightsOf = () => ({
      input: rows(valuesOf(core, 'inputToHidden.shadow'), hidden),
      recurrent: rows(valuesOf(core, 'hiddenToHidden.shadow'), hidden),
      output: rows(valuesOf(core, 'hiddenToOutput.shadow'), outputs),
    });
    const before = weightsOf();
    const loops = new Heartbeats(rule, before, valuesOf(core, 'hidden.speed'));
    let spikes = 0;
    for (let index = 0; index < steps; index++) {
      const active = Array.from({ length: inputs }, (_, input) => input).filter(
        (input) => hash32(index, input) % 2 === 0,
      );
      const label = index % outputs;
      runSample(core, spikeTrain(active), { label, learn: true, place: { index, isLast: false } });
      spikes += loops.step(active, label, index);
      expect(weightsOf()).toEqual(loops.weights);
      expect(valuesOf(core, 'output.score')).toEqual(loops.score);
      expect(predict(core)).toBe(loops.score.indexOf(Math.max(...loops.score)));
    }
    // What learns without spikes, or nothing, would be no test.
    expect(spikes).toBeGreaterThan(hidden);
    expect(loops.weights.input).not.toEqual(before.input);
    expect(loops.weights.recurrent).not.toEqual(before.recurrent);
    expect(loops.weights.output).not.toEqual(before.output);
  });
});
