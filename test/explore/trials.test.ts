import { describe, expect, test } from 'vitest';
import { loadExperiment, noSettings } from '../../src/experiment/index.ts';
import { readSpace } from '../../src/explore/index.ts';
import { Space } from '../../src/explore/space/index.ts';
import { type CommonChoice, DesignLoader } from '../../src/explore/study/design-loader.ts';
import { Trials } from '../../src/explore/study/trials.ts';
import { findFile } from '../../src/fs/index.ts';

const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));

/** The keys of the trials of all designs on one axis, and what stands for their images. */
function keysOf(axis: string, common: CommonChoice = {}): string[] {
  const space = new Space(
    readSpace({ text: `format: plasticore/space/1\naxes: {${axis}}\n`, file: 'space.yaml' }),
    noSettings,
    'mp16-8',
  );
  const trials = new Trials(new DesignLoader(experiment, common, findFile), { sharesRuns: true });
  const values = space.axes[0]?.values ?? [];
  return values.map((_, index) => {
    const { trial } = trials.of(space.designAt([index]));
    return `${trial.key} ${trial.compile(1).function}`;
  });
}

const [usual] = keysOf('hw.clockMhz: [200]');

describe('designs share a trial', () => {
  test.each([
    'hw.clockMhz: [100, 200]',
    'hw.supplyV: [0.7, 0.8]',
    'hw.banks.weight.capacityBits: [262144, 4194304]',
    'hw.banks.weight.ports: [{shared: 1}, {read: 1, write: 1}]',
    'hw.router.pushPj: [0, 7]',
  ])('with the axis %s, which only costs', (axis) => {
    expect(new Set(keysOf(axis)).size).toBe(1);
  });

  test.each([
    'precision: [mp8-8, mp16-8, fp32]',
    'hw.lanes: [8, 16]',
    'hw.banks.state.wordBits: [128, 256]',
    'program.parameters.gain: [1, 2]',
    'program.populations.hidden.size: [32, 64]',
    'experiment.epochs: [1, 2]',
    'experiment.encoder: [bernoulli, phase]',
  ])('not with the axis %s, which decides spikes or counts', (axis) => {
    const keys = keysOf(axis);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('not with a core that only infers', () => {
    expect(keysOf('hw.clockMhz: [200]', { inference: true, epochs: 0 })[0]).not.toBe(usual);
  });
});
