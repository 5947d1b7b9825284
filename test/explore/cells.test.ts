import { describe, expect, test } from 'vitest';
import { loadExperiment, noSettings } from '../../src/experiment/index.ts';
import {
  type Candidate,
  priceCandidate,
  studyCells,
  studyDesign,
} from '../../src/explore/study/candidate.ts';
import { DesignLoader } from '../../src/explore/study/design-loader.ts';
import { Trials } from '../../src/explore/study/trials.ts';
import { findFile } from '../../src/fs/index.ts';
import {
  cellsCsv,
  designsCsv,
  figuresOfReport,
  type Report,
  type StudyReport,
} from '../../src/report/index.ts';
import { plain, studyTables } from '../../src/report/node.ts';
import { PlasticoreError } from '../../src/text/index.ts';

/** A report that contains only the figures a sweep uses. */
function reportOf(accuracy: number, inferenceEnergyPj: number | null, on = 'test'): Report {
  const phase = (total: number | null, cycles: number) => ({
    samples: 20,
    perSample: {
      counters: { cycles, updates: 700, byKernel: [] },
      energyPj: {
        ...{ total, byUnit: {}, bySource: {} },
        interval: total === null ? null : { low: total / 2, high: total * 3 },
      },
      latencyNs: 2000,
    },
  });
  return {
    remarks: [],
    train: phase(3e6, 500),
    [on]: { accuracy, ...phase(inferenceEnergyPj, 400) },
    memory: { totalBits: 24_000, inferenceBits: 8000 },
    core: {
      area: { totalUm2: 1.5e6, cores: 1, byUnit: {}, bySource: {}, interval: { low: 1e6, high: 2e6 } },
    },
  } as unknown as Report;
}

const gain = 'program.parameters.gain';
const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
const trials = new Trials(new DesignLoader(experiment, {}, findFile), { sharesRuns: false });
const goals = { objectives: [], constraints: [] };

/** A design, with what became of it with each seed, or why it does not compile. */
interface Swept {
  readonly precision: string;
  readonly value: unknown;
  readonly ran: Readonly<Record<number, Report | PlasticoreError>> | PlasticoreError;
}

function candidateOf({ precision, value, ran }: Swept): Candidate {
  const name = `${precision}_gain=${typeof value === 'object' ? 'value-1' : value}`;
  const isRefused = ran instanceof PlasticoreError;
  const outcomes = isRefused ? [] : Object.entries(ran);
  const candidate: Candidate = {
    design: { choice: [], name, precision, values: { [gain]: value }, settings: noSettings },
    trial: {
      key: name,
      isShared: false,
      experiment,
      compile: () => {
        throw new Error('is not compiled');
      },
      called: isRefused
        ? undefined
        : { name: precision, labelOf: (seed) => `${precision} ${seed}`, unpriced: undefined },
      runs: new Map(
        outcomes.map(([seed, outcome]) => [
          Number(seed),
          outcome instanceof PlasticoreError ? outcome : () => figuresOfReport(outcome),
        ]),
      ),
      failure: isRefused ? ran : undefined,
    },
    ...{ hw: undefined, seeds: 0, intervals: {}, figures: undefined, fault: undefined, refusal: undefined },
  };
  priceCandidate(candidate, trials, goals);
  return candidate;
}

function sweepOf(designs: readonly Swept[], scoredOn: StudyReport['scoredOn'] = 'test'): StudyReport {
  const candidates = designs.map(candidateOf);
  return {
    schema: 'plasticore/study/1',
    experiment: 'digits',
    scoredOn,
    axes: [
      { name: 'precision', path: 'precision', values: [] },
      { name: gain, path: gain, values: [0, 2, { value: 1 }] },
    ],
    objectives: [],
    constraints: [],
    search: { name: 'grid', seed: 1, designs: null },
    seeds: [1, 2, 3],
    runs: 0,
    intervals: {},
    designs: candidates.map((candidate) => studyDesign(candidate, true)),
    front: [],
    draws: 0,
    cells: candidates.flatMap((one) => studyCells(one, [...(one.trial?.runs.keys() ?? [])])),
  };
}

const sweep = sweepOf([
  {
    precision: 'mp16-8',
    value: 0,
    ran: { 1: reportOf(0.9, 1e6), 2: reportOf(0.94, 2e6), 3: reportOf(0.98, 6e6) },
  },
  {
    precision: 'mp16-8',
    value: 2,
    ran: { 1: reportOf(0.5, 1e6), 2: new PlasticoreError('run', 'not a number') },
  },
  { precision: 'fp32', value: { value: 1 }, ran: { 1: reportOf(0.95, 5e7) } },
  { precision: 'mp16-16', value: 0, ran: new PlasticoreError('fit', 'needs 2, has 1') },
]);

describe('a sweep', () => {
  test('has mean, deviation of the sample and standard error of each design, of the cells that have a result', () => {
    expect(
      sweep.designs.map(({ precision, values, status, n }) => [precision, values[gain], status, n]),
    ).toEqual([
      ['mp16-8', 0, 'done', 3],
      ['mp16-8', 2, 'failed', 1],
      ['fp32', { value: 1 }, 'done', 1],
      ['mp16-16', 0, 'misfit', 0],
    ]);
    const [first, partial, , none] = sweep.designs;
    // Deviations -0.04, 0, 0.04: sqrt(0.0032 / 2) = 0.04, over sqrt(3).
    expect(first?.spreads?.accuracy.mean).toBeCloseTo(0.94, 12);
    expect(first?.spreads?.accuracy.standardDeviation).toBeCloseTo(0.04, 12);
    expect(first?.spreads?.accuracy.standardError).toBeCloseTo(0.023094010767585, 12);
    expect(first).toMatchObject({ figures: { bits: 24_000, energyPj: 3e6 }, reason: null });
    expect(partial).toMatchObject({ figures: { accuracy: 0.5 }, reason: 'not a number' });
    expect(partial).not.toHaveProperty('spreads');
    expect(none).toMatchObject({
      figures: { accuracy: null, bits: null, energyPj: null },
      reason: 'needs 2, has 1',
    });
  });

  test('as CSV has a line for each cell, with what it varies, its status, and the reason where there is no result', () => {
    expect(cellsCsv(sweep).split('\n')).toEqual([
      'design,precision,program.parameters.gain,seed,run,status,scoredOn,accuracy,energyPj,trainingEnergyPj,latencyNs,trainingLatencyNs,powerMw,cycles,trainingCycles,trainingUpdates,areaUm2,bits,inferenceBits,reason,remarks',
      'mp16-8_gain=0,mp16-8,0,1,mp16-8_seed=1,done,test,0.9,1000000,3000000,2000,2000,500,400,500,700,1500000,24000,8000,,',
      'mp16-8_gain=0,mp16-8,0,2,mp16-8_seed=2,done,test,0.94,2000000,3000000,2000,2000,1000,400,500,700,1500000,24000,8000,,',
      'mp16-8_gain=0,mp16-8,0,3,mp16-8_seed=3,done,test,0.98,6000000,3000000,2000,2000,3000,400,500,700,1500000,24000,8000,,',
      'mp16-8_gain=2,mp16-8,2,1,mp16-8_seed=1,done,test,0.5,1000000,3000000,2000,2000,500,400,500,700,1500000,24000,8000,,',
      'mp16-8_gain=2,mp16-8,2,2,mp16-8_seed=2,failed,test,,,,,,,,,,,,,not a number,',
      'fp32_gain=value-1,fp32,"{""value"":1}",1,fp32_seed=1,done,test,0.95,50000000,3000000,2000,2000,25000,400,500,700,1500000,24000,8000,,',
      'mp16-16_gain=0,mp16-16,0,,,misfit,test,,,,,,,,,,,,,"needs 2, has 1",',
      '',
    ]);
  });

  test('as a table of designs has means, standard deviations and standard errors', () => {
    const [head = [], ...lines] = designsCsv(sweep)
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/,(?![^"]*",)/));
    const cellsOf = (line: number, ...names: readonly string[]) =>
      names.map((name) => lines[line]?.[head.indexOf(name)]);
    const about = ['design', 'precision', gain, 'status', 'scoredOn', 'n', 'bits', 'accuracy', 'energyPj'];
    expect(cellsOf(0, ...about)).toEqual([
      ...['mp16-8_gain=0', 'mp16-8', '0', 'done', 'test', '3', '24000', '0.94', '3000000'],
    ]);
    const [deviation, error, deviationPj, errorPj] = cellsOf(
      0,
      ...['accuracySd', 'accuracySe', 'energyPjSd', 'energyPjSe'],
    ).map(Number);
    expect(deviation).toBeCloseTo(0.04, 12);
    expect(error).toBeCloseTo(0.023094010767585, 12);
    // Deviations of 2, 1 and 3 MpJ: sqrt(14 / 2) = 2.6458, over sqrt(3).
    expect(deviationPj).toBeCloseTo(2_645_751.311, 3);
    expect(errorPj).toBeCloseTo(1_527_525.232, 3);
    // Means of the bounds: half and thrice 1, 2 and 6 uJ.
    expect(cellsOf(0, 'energyPjLow', 'energyPjHigh', 'areaUm2Low', 'areaUm2High').map(Number)).toEqual([
      ...[1.5e6, 9e6, 1e6, 2e6],
    ]);
    // One of two seeds failed; a single run has no spread.
    expect(cellsOf(1, 'status', 'reason', 'n', 'accuracy', 'accuracySd', 'accuracySe')).toEqual([
      ...['failed', 'not a number', '1', '0.5', '', ''],
    ]);
    expect(cellsOf(3, 'design', 'n', 'accuracy', 'onFront', 'frontShare')).toEqual([
      ...['mp16-16_gain=0', '0', '', '', ''],
    ]);
  });

  test('as tables shows cells, then designs', () => {
    const lines = studyTables(sweep, plain)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(lines[0]?.slice(0, 4)).toEqual(['precision', 'gain', 'seed', 'accuracy']);
    expect(lines).toContainEqual([
      'mp16-8',
      '0',
      '2',
      '94.00 %',
      '24 000',
      '1.50 mm2',
      '3.00 µJ',
      '2.00 µJ',
      '2.00 µs',
    ]);
    expect(lines).toContainEqual(['mp16-8', '2', '2', '-', '-', '-', '-', '-', '-', 'failed: not a number']);
    expect(lines).toContainEqual(['mp16-16', '0', '-', '-', '-', '-', '-', '-', '-', 'needs 2, has 1']);
    expect(lines.at(-4)).toEqual([
      'mp16-8',
      '0',
      '3',
      '94.00 %',
      '4.00 %',
      '2.31 %',
      '24 000',
      '1.50 mm2',
      '3.00 µJ',
      '3.00 µJ',
      '2.00 µs',
    ]);
  });

  test('marks energies and areas that a remark qualifies, and gives the remarks of a design once', () => {
    const remarks = [
      { about: 'energy', text: 'bank state: stated for another shape' },
      { about: 'area', text: 'bank state: area of another shape' },
      { about: 'accuracy', text: 'not above chance' },
    ] as const;
    const report = { ...reportOf(0.1, 1e6), remarks };
    const marked = {
      ...sweepOf([{ precision: 'mp16-8', value: 0, ran: { 1: report, 2: report } }]),
      axes: [],
    };
    expect(marked.designs.map((design) => design.remarks)).toEqual([remarks]);
    expect(cellsCsv(marked)).toContain(
      ',bank state: stated for another shape; bank state: area of another shape; not above chance\n',
    );
    const lines = studyTables(marked, plain)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(lines).toContainEqual([
      'mp16-8',
      '2',
      '10.00 %',
      '24 000',
      '1.50 mm2 *',
      '3.00 µJ *',
      '1.00 µJ *',
      '2.00 µs',
    ]);
    expect(lines).toContainEqual(['mp16-8', '* area', 'bank state: area of another shape']);
    expect(lines).toContainEqual(['mp16-8', '* energy', 'bank state: stated for another shape']);
    expect(studyTables(sweep, plain)).not.toContain('remarks');
  });

  test('that validates says so, and takes its accuracies from what was held out', () => {
    const ran = { 1: reportOf(0.7, 1e6, 'validation') };
    const validated = sweepOf([{ precision: 'mp16-8', value: 0, ran }], 'validation');
    expect(validated.cells?.[0]?.figures.accuracy).toBe(0.7);
    expect(studyTables(validated, plain)).toContain('mean validation accuracy');
    expect(cellsCsv(validated)).toContain(',validation,0.7,');
  });
});

describe('a sweep over a core whose energies and area nobody knows', () => {
  const area = { totalUm2: 0, cores: 1, byUnit: {}, bySource: {}, interval: { low: 0, high: 0 } };
  const unknown = { ...reportOf(0.5, null), core: { area } } as unknown as Report;
  const untrained = { ...unknown, train: { ...unknown.train, perSample: null } };
  const found = sweepOf([{ precision: 'mp16-8', value: 0, ran: { 1: untrained, 2: untrained } }]);

  test('has none, and no spread over seeds', () => {
    const [design] = found.designs;
    expect(design?.figures).toMatchObject({ energyPj: null, trainingEnergyPj: null, areaUm2: null });
    expect(design?.spreads?.energyPj).toEqual({
      ...{ n: 0, mean: null, standardDeviation: null, standardError: null },
    });
    expect(JSON.stringify(found)).not.toMatch(/nergyPj":0/);
  });

  test('leaves it empty in files', () => {
    const [, first] = cellsCsv(found).split('\n');
    expect(first).toBe('mp16-8_gain=0,mp16-8,0,1,mp16-8_seed=1,done,test,0.5,,,2000,,,400,,,,24000,8000,,');
    const [head = '', line = ''] = designsCsv(found).split('\n');
    expect(line.split(',')[head.split(',').indexOf('energyPj')]).toBe('');
  });

  test('says that it is unknown, and not that of training, which did not run', () => {
    const rows = studyTables(found, plain)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/))
      .filter(([precision]) => precision === 'mp16-8');
    expect(rows.map((row) => row.slice(-4))).toEqual(rows.map(() => ['-', '-', 'unknown', '2.00 µs']));
    expect(rows).toHaveLength(3);
  });
});
