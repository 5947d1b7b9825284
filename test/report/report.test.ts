import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import { findHwModel, parseSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { coreArea, loadHwModel } from '../../src/hardware/index.ts';
import { type Counters, noCounts, noWork, type WorkCount } from '../../src/image/index.ts';
import { loadProgram } from '../../src/program/index.ts';
import {
  formatReport,
  historyCsv,
  makeReport,
  neuroBench,
  priceRemarks,
  type Report,
  scoredPhase,
} from '../../src/report/index.ts';
import { plain, runTables } from '../../src/report/node.ts';

/** Three inputs, two spiking neurons, two outputs that do not spike; two steps. */
const program = loadProgram(
  {
    file: 'tiny.yaml',
    text: `format: plasticore/program/1
name: tiny
steps: 2
input: input
populations:
  input: {size: 3}
  hidden: {size: 2, fields: {v: {bits: 16}}}
  output: {size: 2, fields: {v: {bits: 16}}}
projections:
  inner: {from: input, to: hidden}
  outer: {from: hidden, to: output}
microcode: {lif: rules/lif.uc}
parameters: {threshold: 100}
events:
  tick:
    - {run: leak, over: output, with: {leak: 1}}
    - deliver: input
    - {run: fire, over: hidden, with: {leak: 1}}
    - deliver: hidden
  spike:
    input: [{run: integrate, over: inner, with: {align: 0}}]
    hidden: [{run: integrate, over: outer, with: {align: 0}}]
readout: output.v
`,
  },
  { microcode: (reference) => findFile('microcode', reference, 'programs/tiny.yaml') },
);
const hw = findHwModel({ name: 'reference', from: '' }, 'mp16-8', findFile);
const image = compile(program, hw, { precision: 'mp16-8', seed: 1 });
const banks = image.banks.map(({ name }) => name);

/** Counts of some pieces of work by name; all others are zero. Reads and writes are by bank. */
function counts(
  samples: number,
  spikes: readonly number[],
  work: Readonly<
    Record<string, Partial<Omit<WorkCount, 'reads' | 'writes'>> & { reads?: object; writes?: object }>
  >,
): Counters {
  const byBank = (words: object = {}) =>
    banks.map((bank) => Number(new Map(Object.entries(words)).get(bank) ?? 0));
  return {
    ...noCounts(image),
    work: image.work.map((name) => {
      const { reads, writes, ...own } = work[name] ?? {};
      return {
        ...noWork(banks.length),
        ...own,
        reads: byBank(reads),
        writes: byBank(writes),
      };
    }),
    spikes,
    pushes: 4,
    pops: 4,
    samples,
    steps: 2 * samples,
  };
}

const testCounts = counts(2, [3, 1, 0], {
  'integrate(inner)': {
    runs: 3,
    passes: 3,
    tiles: 3,
    items: 6,
    reads: { weight: 3, state: 3 },
    writes: { state: 3 },
  },
  'integrate(outer)': {
    runs: 1,
    passes: 1,
    tiles: 1,
    items: 2,
    reads: { weight: 1, state: 1 },
    writes: { state: 1 },
  },
});

const timing = {
  wallSeconds: 1,
  trainSamplesPerSecond: 2,
  testSamplesPerSecond: 3,
  engine: 'reference',
  workers: 1,
  host: 'here',
};
const provenance: Report['provenance'] = {
  plasticore: '0',
  experiment: 'e',
  program: 'tiny',
  hwModel: 'reference',
  precision: 'mp16-8',
  seed: 1,
  epochs: 0,
  encoder: 'bernoulli',
  limit: null,
  settings: [],
  data: { name: 'd', description: '', train: 1, test: 2, corrections: [], sha256: '' },
  recorded: [],
  sources: [],
  imageSha256: '',
};
const nothing = counts(0, [0, 0, 0], {});
const activity = {
  samples: 2,
  neuronSpikes: [Float64Array.of(2, 1, 0), Float64Array.of(0, 1), Float64Array.of(0, 0)],
  read: (field: number) =>
    image.fields[field]?.name === 'inner.weight' ? [1, 0, -2, 3, 0, 0] : [5, 0, 0, 7],
};
const report = makeReport(
  {
    image,
    history: [],
    trainCounters: { ...nothing, pushes: 0, pops: 0 },
    scored: { on: 'test', samples: 2, correct: 1, counters: testCounts },
    activity,
  },
  provenance,
  timing,
);
const { phase: tested } = scoredPhase(report);

describe('a report', () => {
  test('sums synaptic operations, words and energy of what was counted', () => {
    const { accuracy, samples, counters, energyPj, energyPjPerSop } = tested;
    expect([accuracy, samples]).toEqual([0.5, 2]);
    expect(counters.sops).toBe(8);
    expect(counters.updates).toBe(0);
    expect(counters.spikes).toEqual({ input: 3, hidden: 1, output: 0 });
    expect(counters.byBank).toEqual([
      { name: 'weight', wordsRead: 4, wordsWritten: 0 },
      { name: 'shadow', wordsRead: 0, wordsWritten: 0 },
      { name: 'state', wordsRead: 4, wordsWritten: 4 },
    ]);
    // Four words of weights at 41.64 pJ; of state four reads at 27.50 and four writes at 33.83 pJ:
    // 128 x (0.0803 + 0.0237 x 8) + 0.885 x 8, and 256 x (0.0803 + 0.0237) + 0.885, x 1.23 for a write.
    expect(energyPj.byUnit['weight bank']).toBeCloseTo(4 * 41.642, 1);
    expect(energyPj.byUnit['state bank']).toBeCloseTo(4 * (27.505 + 33.83), 1);
    // Every access is estimated by one fit: within a factor of 2.17.
    const sources = Object.values(energyPj.bySource).reduce((a, b) => a + b, 0);
    expect(sources).toBeCloseTo(energyPj.total ?? Number.NaN, 6);
    expect(energyPj.bySource['estimator:sram.energy']).toBeCloseTo(4 * (41.642 + 27.505 + 33.83), 1);
    const kinds = Object.values(energyPj.bySourceKind).reduce((a, b) => a + b, 0);
    expect(kinds).toBeCloseTo(energyPj.total ?? Number.NaN, 6);
    expect(energyPjPerSop).toBeCloseTo((energyPj.total ?? Number.NaN) / 8, 9);
  });

  test('prices cycles: fill 3, row 1 and kernel 1 for each start, a cycle a tile, one an event', () => {
    const kernel = tested.counters.byKernel.find(({ name }) => name === 'integrate(inner)');
    expect(kernel).toMatchObject({
      counts: 'sop',
      runs: 3,
      items: 6,
      cycles: 3 * (3 + 1 + 1 + 1),
      wordsRead: 6,
    });
    expect(tested.counters.cycles).toBe(4 * 6 + 4);
    // 28 cycles at 200 MHz.
    expect(tested.latencyNs).toBe(140);
  });

  test('gives the same per sample; null where there is none', () => {
    const { perSample } = tested;
    expect(perSample?.counters.sops).toBe(4);
    expect(perSample?.counters.byKernel[0]?.name).toBe(tested.counters.byKernel[0]?.name);
    expect(perSample?.latencyNs).toBe(70);
    expect(report.train).toMatchObject({ accuracy: null, samples: 0, perSample: null, energyPjPerSop: null });
  });

  test('has the keys of its schema in their order', () => {
    expect(Object.keys(report)).toEqual([
      'schema',
      'remarks',
      'train',
      'test',
      'memory',
      'core',
      'network',
      'neurobench',
      'provenance',
      'timing',
    ]);
    expect(Object.keys(tested)).toEqual([
      'accuracy',
      'samples',
      'counters',
      'energyPj',
      'latencyNs',
      'energyPjPerSop',
      'perSample',
    ]);
    expect(Object.keys(report.memory.fields[0] ?? {})).toEqual([
      'name',
      'bank',
      'bitsPerItem',
      'count',
      'totalBits',
      'allocatedBits',
      'neededFor',
    ]);
    expect(report.schema).toBe('plasticore/report/1');
    expect(JSON.parse(formatReport(report))).toEqual(report);
  });

  test('is printed as tables', () => {
    const text = runTables(report, plain);
    for (const part of [
      '50.00 %',
      'integrate(inner)',
      'synaptic operations',
      'estimated',
      'saved against FP32',
    ]) {
      expect(text).toContain(part);
    }
  });
});

test('NeuroBench’s metrics', () => {
  // Weights: inner 6 of which 3 are zero, outer 4 of which 2 are: 5 of 10. Spikes of hidden: 1 in 2 neurons x 2 steps x
  // 2 samples; input and the silent output do not count. A spike of input 0 finds one weight that is not zero, one of
  // input 1 two, one of hidden 1 one: 2 x 1 + 1 x 2 + 1 x 1 = 5 in two samples. Dense: 10 weights in 2 steps.
  const metrics = {
    Footprint: 100,
    ParameterCount: 10,
    ConnectionSparsity: 0.5,
    SynapticOperations: { Effective_MACs: 0, Effective_ACs: 2.5, Dense: 20 },
    ActivationSparsity: 1 - 1 / 8,
    ActivationSparsityByLayer: { hidden: 1 - 1 / 8 },
  };
  expect(neuroBench(image, 800, activity)).toEqual(metrics);
  // In 3 steps of the two samples: 1 - 1 / (2 x 3); 10 weights in 1.5 steps.
  expect(neuroBench(image, 800, { ...activity, steps: 3 })).toMatchObject({
    ActivationSparsity: 1 - 1 / 6,
    SynapticOperations: { Dense: 15 },
  });
  // The kernel fire compares, subtracts, selects, shifts and subtracts; leak shifts and subtracts. Potentials of 2
  // neurons each, 4 steps: hidden 6 updates of 8, output 5 of 8. 6 x 5 + 5 x 2 = 40 operations in two samples, of 8 x 5
  // + 8 x 2 = 56.
  expect(neuroBench(image, 800, { ...activity, membraneUpdates: [0, 6, 5] })).toEqual({
    ...metrics,
    MembraneUpdates: 5.5,
    NeuronOperations: { 'Effective Neuron Ops': 20, 'Neuron Dense Ops': 28 },
  });
});

describe('a report of a run that validates', () => {
  const validated = makeReport(
    {
      image,
      history: [
        { epoch: 0, samples: 4, correct: 1, validationCorrect: 0, counters: nothing },
        { epoch: 1, samples: 4, correct: 3, validationCorrect: 1, counters: nothing },
      ],
      trainCounters: nothing,
      scored: { on: 'validation', samples: 2, correct: 1, counters: testCounts },
      activity,
    },
    provenance,
    timing,
  );

  test('has what was held out in the place of the test set, which it does not name', () => {
    expect(Object.keys(validated)).toEqual(
      Object.keys(report).map((key) => (key === 'test' ? 'validation' : key)),
    );
    expect(validated.validation).toEqual(report.test);
    expect(scoredPhase(validated)).toEqual({ on: 'validation', phase: report.test });
    const text = runTables(validated, plain);
    // The samples beside the accuracy of the last epoch are those of that epoch, not the 8 of both.
    expect(text).toMatch(/^train, last epoch +75\.0 % +4 /m);
    expect(text).toMatch(/^validation +50\.00 % +2 +held out from the training set of d$/m);
    expect(text).not.toMatch(/\btest\b/);
  });

  test('has the validation accuracy of each epoch, in its history and as CSV', () => {
    expect(validated.train.history.map(({ validationAccuracy }) => validationAccuracy)).toEqual([0, 0.5]);
    expect(
      historyCsv(validated.train.history)
        .split('\n')
        .map((line) => line.split(',').slice(0, 4).join()),
    ).toEqual(['epoch,samples,accuracyWhileLearning,validationAccuracy', '0,4,0.25,0', '1,4,0.75,0.5', '']);
    expect(report.train.history.some((row) => 'validationAccuracy' in row)).toBe(false);
  });
});

test('the history as CSV', () => {
  const row = {
    epoch: 0,
    samples: 2,
    accuracy: 0.5,
    cycles: 3,
    sops: 4,
    updates: 5,
    spikes: { a: 6, 'b,c': 7 },
    energyPj: 8.5,
  };
  expect(historyCsv([row])).toBe(
    'epoch,samples,accuracyWhileLearning,cycles,sops,updates,spikes.a,"spikes.b,c",energyPj\n0,2,0.5,3,4,5,6,7,8.5\n',
  );
});

describe('remarks', () => {
  const outcome = {
    image,
    history: [],
    trainCounters: nothing,
    scored: { on: 'test', samples: 1000, correct: 113, chance: 0.1135, counters: testCounts },
    activity,
  } as const;
  const textsOf = (given: Parameters<typeof makeReport>[0]) =>
    makeReport(given, provenance, timing).remarks.map(({ text }) => text);

  test('are none where the network works', () => {
    expect(report.remarks).toEqual([]);
    expect(runTables(report, plain)).not.toContain('remarks');
  });

  test('name a population without spikes, and weights that are all zero', () => {
    const silent = { ...outcome.scored, correct: 900, counters: counts(1000, [3, 0, 0], {}) };
    const dead = { ...activity, read: () => [0, 0, 0] };
    const dying = { ...outcome, scored: silent, activity: dead };
    // `output` cannot spike: its silence is no fault.
    expect(textsOf(dying)).toEqual([
      "no neuron of population 'hidden' spikes on any of the 1000 test samples",
      "all weights of 'inner.weight' are zero",
      "all weights of 'outer.weight' are zero",
    ]);
    expect(runTables(makeReport(dying, provenance, timing), plain)).toMatch(/^activity +no neuron of pop/m);
    // Weights that no kernel loads do nothing anyway: such a projection is there for what it connects.
    const unused = { ...image, kernels: image.kernels.map((kernel) => ({ ...kernel, code: [] })) };
    expect(textsOf({ ...dying, image: unused })).toEqual([]);
  });

  test('name a population without spikes in training, whose result says nothing about learning', () => {
    const told = (trained: readonly number[], scored: readonly number[]) =>
      textsOf({
        ...outcome,
        trainCounters: { ...counts(60, trained, {}), pushes: 0, pops: 0 },
        scored: { ...outcome.scored, correct: 900, counters: counts(1000, scored, {}) },
      });
    const so = ': the result says nothing about how it learns';
    expect(told([9, 0, 0], [3, 1, 0])).toEqual([`no neuron of population 'hidden' spikes in training${so}`]);
    expect(told([9, 0, 0], [3, 0, 0])).toEqual([
      `no neuron of population 'hidden' spikes in training or on any of the 1000 test samples${so}`,
    ]);
    expect(told([9, 1, 0], [3, 0, 0])).toEqual([
      "no neuron of population 'hidden' spikes on any of the 1000 test samples",
    ]);
    expect(told([9, 1, 0], [3, 1, 0])).toEqual([]);
  });

  test('name energy that rests on figures of another shape, which is a kind of source of its own', () => {
    const settings = parseSettings(['hw.banks.state.wordBits=512']);
    const text = `format: plasticore/hw-model/1
extends: reference
name: stated
banks: {state: {readPj: 37.17, writePj: 39.18, leakUw: 6.4, areaUm2: 11140, source: pipeline}}
`;
    const wide = loadHwModel(
      text,
      'stated.yaml',
      (reference, from) => findFile('hw-model', reference, from),
      settings.hw,
    );
    const made = makeReport(
      { ...outcome, image: compile(program, wide, { precision: 'mp16-8', seed: 1 }) },
      provenance,
      timing,
    );
    expect(made.remarks[0]).toEqual({
      about: 'energy',
      text: 'readPj, writePj, leakUw of banks.state: stated for words of 256 bits, used with words of 512 bits',
    });
    expect(made.remarks[1]).toEqual({
      about: 'area',
      text: 'areaUm2 of banks.state: stated for words of 256 bits, used with words of 512 bits',
    });
    // Four reads at 37.17 and four writes at 39.18 pJ, and 140 ns of its leakage of 6.4 uW: 0.896 pJ.
    const { bySourceKind } = scoredPhase(made).phase.energyPj;
    expect(bySourceKind['stated for another shape']).toBeCloseTo(4 * (37.17 + 39.18) + 0.896, 6);
    expect(runTables(made, plain)).toMatch(/^stated for another shape +/m);
  });

  test('name an area of another node, though no energy rests on it', () => {
    const node = loadHwModel(
      'format: plasticore/hw-model/1\nextends: reference\nname: small\ntechnologyNm: 14\n',
      'small.yaml',
      (reference, from) => findFile('hw-model', reference, from),
    );
    const made = makeReport(
      { ...outcome, image: compile(program, node, { precision: 'mp16-8', seed: 1 }) },
      provenance,
      timing,
    );
    // Everything else of the reference core is estimated.
    expect(made.remarks.filter(({ about }) => ['energy', 'area'].includes(about))).toEqual([
      { about: 'area', text: 'areaUm2 of control: stated for 28 nm, used with 14 nm' },
    ]);
  });

  test('name a bank that holds nothing, whose area is there all the same', () => {
    const learning = loadProgram(findFile('program', 'mnist-snn', ''), {
      microcode: (reference) => findFile('microcode', reference, 'programs/mnist-snn.yaml'),
    });
    const textsWith = (precision: string, file: object = hw) =>
      priceRemarks(compile(learning, { ...hw, ...file }, { precision, seed: 1 }), []).map(({ text }) => text);
    const { byUnit, totalUm2 } = coreArea(hw);
    const share = (((byUnit['banks.weight'] ?? 0) / totalUm2) * 100).toFixed(1);
    const found = `bank 'weight' holds nothing, and takes ${share} % of a core's area: `;
    const drops = 'banks.weight: null, with placement elsewhere, drops it';
    expect(textsWith('mp16-8')).toEqual([]);
    expect(textsWith('mp16-8', { inferenceWeights: 'sliced' })).toEqual([
      `${found}inferenceWeights: stored would use it; ${drops}`,
    ]);
    // Equal widths: the shadow weight is the weight.
    expect(textsWith('mp8-8')).toEqual([
      `${found}a precision of weights narrower than shadow weights would use it; ${drops}`,
    ]);
    // Nothing learns: a bank of shadow weights is what the core is for.
    expect(priceRemarks(compile(program, hw, { precision: 'mp16-8', seed: 1 }), [])).toEqual([]);
    const without = { banks: hw.banks.filter(({ name }) => name !== 'weight'), inferenceWeights: 'sliced' };
    expect(textsWith('mp16-8', { ...without, placement: { ...hw.placement, weight: 'shadow' } })).toEqual([]);
  });

  test('name banks that may not keep up with the clock', () => {
    const remark = 'no access time is stated for banks.state';
    const { costs } = outcome.image;
    const image = { ...outcome.image, costs: { ...costs, clockRemarks: [remark] } };
    expect(makeReport({ ...outcome, image }, provenance, timing).remarks).toContainEqual({
      about: 'clock',
      text: remark,
    });
  });

  test('name a period that is too short for the steps', () => {
    const { costs } = outcome.image;
    const image = { ...outcome.image, costs: { ...costs, stepNs: 0.001 } };
    const counters = { ...testCounts, steps: 2, cycles: 8 };
    const { remarks } = makeReport(
      { ...outcome, image, scored: { ...outcome.scored, counters } },
      provenance,
      timing,
    );
    // Eight cycles at the clock of the core.
    const each = (4 * 1000) / costs.clockMhz;
    expect(remarks).toContainEqual({
      about: 'clock',
      text: `steps take ${each.toFixed(1)} ns on average, longer than their period of 1.00 ps`,
    });
  });

  test('name events that were left in the FIFO, which count neither as served nor as dropped', () => {
    const left = { ...testCounts, pushes: 1004, pops: 1001 };
    const made = makeReport(
      { ...outcome, scored: { ...outcome.scored, correct: 900, counters: left } },
      provenance,
      timing,
    );
    expect(scoredPhase(made).phase.counters.router).toMatchObject({ pushes: 1004, pops: 1001, left: 3 });
    expect(made.remarks).toEqual([
      {
        about: 'events',
        text: '3 of 1 004 events were still in the FIFO when their test sample ended, and were never served',
      },
    ]);
  });

  test('name accuracy at chance: within two standard errors of the most frequent answer', () => {
    // Standard error of chance: sqrt(0.1135 x 0.8865 / 1000) = 0.01003; 0.1135 + 2 x 0.01003 = 0.1336.
    const at = (correct: number) => textsOf({ ...outcome, scored: { ...outcome.scored, correct } });
    expect(at(133)).toEqual([
      'accuracy of 13.3 % on 1000 test samples is not above chance: always giving the most frequent answer scores 11.3 %',
    ]);
    expect(at(134)).toEqual([]);
  });

  test('name an input whose spikes could carry values, and carry none', () => {
    const payload = { bits: 8, signed: false, shift: 0 };
    const populations = image.populations.map((one, index) => (index === 0 ? { ...one, payload } : one));
    const told = {
      ...outcome,
      image: { ...image, populations },
      scored: { ...outcome.scored, correct: 900 },
    };
    const textsWith = (encoder: string) =>
      makeReport(told, { ...provenance, encoder }, timing).remarks.map(({ text }) => text);
    expect(textsWith('bernoulli')).toEqual([
      "spikes of 'input' can carry values, and encoder bernoulli gives them none: graded and constant do",
    ]);
    expect(textsWith('graded')).toEqual([]);
  });

  test('name new samples that are answered better while they are learned than in the test', () => {
    const epoch = { epoch: 0, samples: 1000, counters: nothing };
    const texts = (learned: number, tested: number, more: object = {}) =>
      textsOf({
        ...outcome,
        history: [
          { ...epoch, correct: learned },
          { ...epoch, epoch: 1, correct: 1000 },
        ],
        scored: { ...outcome.scored, correct: tested, ...more },
      });
    expect(texts(965, 740)).toEqual([
      'the first epoch answers 96.5 % of samples that it has not seen before, the test only 74.0 %: the label takes part in an answer while its sample is learned, unless test samples are of another kind',
    ]);
    // What is seen again may be known by heart; a rule that learns in every step gains some points.
    expect(texts(740, 740)).toEqual([]);
    expect(texts(880, 740)).toEqual([]);
    // Fewer than a hundred samples say nothing.
    expect(texts(965, 50, { samples: 99 })).toEqual([]);
  });
});

describe('area and intervals', () => {
  const { core } = report;
  const whole = coreArea(hw);

  test('the core states its area by unit and by source, and what is known of the sources', () => {
    expect(core.area).toMatchObject({ totalUm2: whole.totalUm2, cores: 1, byUnit: whole.byUnit });
    const parts = Object.values(core.area.bySource).reduce((a, b) => a + b, 0);
    expect(parts).toBeCloseTo(whole.totalUm2, 3);
    expect(core.sources['estimator:sram.area']).toMatchObject({ kind: 'estimated', low: 0.5, high: 2 });
    // Nothing says how far off the area of the control may be.
    expect(core.sources.control).toEqual({ kind: 'derived', low: 1, high: 1 });
  });

  test('bounds follow from the sources: together within one, as squares among several', () => {
    const { bySource, onAssumedToggles } = tested.energyPj;
    const total = tested.energyPj.total ?? Number.NaN;
    const interval = tested.energyPj.interval ?? { low: Number.NaN, high: Number.NaN };
    // Toggles are assumed whatever the figures are.
    const { energyPj: onToggles, ...ofToggles } = onAssumedToggles ?? { energyPj: 0, low: 0, high: 0 };
    expect(onToggles).toBeGreaterThan(0);
    const sides = (side: 'low' | 'high') =>
      Math.sqrt(
        Object.entries(bySource).reduce(
          (sum, [source, pj]) => {
            const factor = core.sources[source]?.[side] ?? Number.NaN;
            return sum + (pj * (factor - 1)) ** 2;
          },
          (ofToggles[side] - onToggles) ** 2,
        ),
      );
    expect(interval.low).toBeCloseTo(total - sides('low'), 6);
    expect(interval.high).toBeCloseTo(total + sides('high'), 6);
    expect(interval.low).toBeGreaterThan(0);
  });

  test('are printed beside the totals', () => {
    const text = runTables(report, plain);
    expect(text).toMatch(/^area *$/m);
    // (3.10 x 2^22 + 347 x 128 + 175 x 2^11) um2 x 0.128 / 2.22 x 1.915 for the bank of weights.
    expect(text).toMatch(/^all +3\.10 mm2 \([\d.]+ to [\d.]+\)/m);
    expect(text).toMatch(/^energy +[\d.]+ [pn]J \([\d.]+ to [\d.]+\)$/m);
    expect(text).toMatch(/^banks.weight +1.48 mm2 +47.9 %$/m);
  });
});
