import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadEmbedded } from '../../../src/data/node.ts';
import {
  limitData,
  loadExperiment,
  parseSettings,
  planRecording,
  resolveCell,
  runCell,
} from '../../../src/experiment/index.ts';
import { runInFolder } from '../../../src/experiment/node.ts';
import { findFile } from '../../../src/fs/index.ts';
import { phaseReport } from '../../../src/report/index.ts';
import { expectError } from '../../support/errors.ts';
import { scratch } from '../../support/scratch.ts';
import { statesOf } from './interrupted.ts';

const cellOf = (experiment: string, ...settings: readonly string[]) =>
  resolveCell(
    loadExperiment(findFile('experiment', experiment, '')),
    { limit: 12, epochs: 1, settings: parseSettings(settings) },
    findFile,
  );

/** 32 hidden neurons, half of them on each of two neighbouring cores; the output is on the second. */
const twoCores = () =>
  cellOf(
    'many-cores',
    'program.populations.hidden.size=32',
    'program.steps=4',
    'program.placement={cores: 2, slices: {hidden: {0-15: 0, 16-31: 1}, output: {0-9: 1}}}',
  );

const { folder: out, path } = scratch();

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('--record steps', () => {
  test('counts for each step what its spikes say, and in all what the report says', async () => {
    const cell = twoCores();
    const { image } = cell;
    expect(cell.image.placement).toMatchObject({
      hidden: [
        { first: 0, size: 16, core: 0 },
        { first: 16, size: 16, core: 1 },
      ],
      output: [{ first: 0, size: 10, core: 1 }],
    });
    const data = limitData(loadEmbedded(), 10);
    const plan = planRecording('steps,spikes:*', image);
    const { recording, scored } = await runCell(cell, data, { record: plan });
    const { steps, costs, spikes } = recording;
    expect(steps).toEqual(new Array(10).fill(4));
    expect(costs).toHaveLength(40);
    const spikesAt = (population: number, moment: number): number[] => {
      const { indices = [], ends = [] } = spikes[plan.populations.indexOf(population)] ?? {};
      return indices.slice(ends[moment], ends[moment + 1]);
    };
    const hidden = image.populations.findIndex(({ name }) => name === 'hidden');
    // A hidden spike on core 0 takes one packet, and one hop, to the output on core 1.
    const packets = costs.map((_, moment) => spikesAt(hidden, moment).filter((neuron) => neuron < 16).length);
    expect(sum(packets)).toBeGreaterThan(0);
    expect(costs.map((step) => step.packets)).toEqual(packets);
    expect(costs.map((step) => step.hops)).toEqual(packets);
    expect(costs.map(({ fired }) => fired)).toEqual(
      costs.map((_, moment) => sum([0, 1, 2].map((population) => spikesAt(population, moment).length))),
    );
    // Fully connected: an input spike reaches 32 neurons, a hidden one 10. All 42 neurons are updated once a step.
    const input = image.input;
    expect(costs.map(({ sops }) => sops)).toEqual(
      costs.map((_, at) => 32 * spikesAt(input, at).length + 10 * spikesAt(hidden, at).length),
    );
    expect(costs.map(({ updated }) => updated)).toEqual(costs.map(() => 42));
    const { counters, energyPj } = phaseReport(image, {
      samples: 10,
      accuracy: null,
      counters: scored.counters,
    });
    expect(sum(costs.map(({ timePs }) => timePs))).toBe(counters.network?.timePs);
    expect(sum(costs.flatMap((step) => Object.values(step.energyPj)))).toBeCloseTo(
      energyPj.total ?? Number.NaN,
      3,
    );
  });

  test('is the same where the run was interrupted', async () => {
    const cell = twoCores();
    const data = limitData(loadEmbedded(), 12);
    const record = planRecording('steps', cell.image);
    const { states, whole } = await statesOf(cell, data, { record });
    const from = states.find(({ part, done }) => part === 'score' && done > 2 && done < 9);
    expect(from).toBeDefined();
    const resumed = await runCell(cell, data, { record, from });
    expect(resumed.recording).toEqual(whole.recording);
    expect(resumed.scored.counters).toEqual(whole.scored.counters);
  });

  test('writes steps.csv beside the report, and no arrays that nobody asked for', async () => {
    const { report } = await runInFolder(twoCores(), { out, record: 'steps', resume: true });
    expect(report.provenance.recorded).toEqual(['steps']);
    const files = readdirSync(out);
    expect(files).toContain('steps.csv');
    expect(files).not.toContain('record.npz');
    const lines = readFileSync(path('steps.csv'), 'utf8').trim().split('\n');
    expect(lines[0]).toMatch(
      /^sample,step,fired,updated,packets,hops,spikes,sim_time,total_energy,.*network_energy/,
    );
    expect(lines).toHaveLength(1 + 4 * 10);
    expect(lines[40]).toMatch(/^9,3,/);
  });

  test('is refused on a single core', () => {
    const { image } = cellOf('mnist-snn');
    expectError(
      () => planRecording('spikes:*,steps', image),
      'usage',
      "expected a chip of many cores for 'steps', found hw-model 'reference', which is a single core",
      'such as mesh',
    );
    expectError(() => planRecording('stesp', image), 'usage', "found 'stesp'", 'or steps');
  });
});
