import { describe, expect, test } from 'vitest';
import type { Dataset, LabelledSet } from '../../../src/data/index.ts';
import { engineNames } from '../../../src/engine/index.ts';
import { type Cell, deploy, runCell } from '../../../src/experiment/index.ts';
import { describeDivergence } from '../../../src/golden/index.ts';
import type { Find } from '../../../src/text/index.ts';
import {
  type CoreTrace,
  goldenFormats,
  readTrace,
  replayCoreTrace,
  replayTrace,
  traceOf,
} from '../../../src/trace/index.ts';
import { handProgram } from '../../engine/both/hand-network.ts';
import { edit, failure } from '../../hardware/tiny.ts';
import { roundCore, rule } from '../../support/core.ts';

const find: Find = (kind, reference, from) => {
  const texts: Readonly<Record<string, string>> = {
    './net.yaml': [
      ['in: {from: input, to: hidden}', 'in: {from: input, to: hidden, initialWeights: {uniform: 30000}}'],
      [
        'out: {from: hidden, to: output}',
        'out: {from: hidden, to: output, initialWeights: {uniform: 30000}}',
      ],
      ['threshold: 128', 'threshold: 30, inRate: {value: 4, add: {1: 2}}'],
      ['over: in, with: {rate: 4}', 'over: in, with: {rate: inRate}'],
    ].reduce((text, [part = '', replacement = '']) => edit(text, part, replacement), handProgram),
    './core.yaml': roundCore,
  };
  const text = kind === 'microcode' ? rule(reference) : texts[reference];
  if (text === undefined) throw new Error(`${from} names ${reference}`);
  return { text, file: reference };
};

const source = { program: './net.yaml', hwModel: './core.yaml', settings: ['hw.lanes=2'] };

function cell(): Cell {
  const settings = { experiment: [], program: [], hw: [{ path: ['lanes'], value: 2, place: {} }] };
  const { image } = deploy(
    {
      program: { name: source.program, from: '' },
      hw: { name: source.hwModel, from: '' },
      precision: 'mp16-8',
      seed: 2,
      settings,
    },
    find,
  );
  return {
    name: 'hand',
    image,
    encoder: 'phase',
    epochs: 2,
    limit: undefined,
    settings: source.settings,
  };
}

const set = (name: string, values: readonly number[], labels: readonly number[]): LabelledSet => ({
  kind: 'features',
  name,
  inputs: 3,
  classes: 2,
  count: labels.length,
  values: Uint8Array.from(values),
  labels: Uint8Array.from(labels),
});

const data: Dataset = {
  name: 'three pixels',
  description: '',
  train: set('train', [255, 200, 0, 0, 128, 255, 90, 255, 255], [0, 1, 1]),
  test: set('test', [128, 0, 255], [0]),
};

const filesFor = (engine: string) => ({ file: 'x.json', engine, find, readImage: () => cell().image });

/** Replays a trace as it is, unread: reading would refuse some of those below. */
const replay = (trace: CoreTrace, engine: string) =>
  replayTrace(
    {
      format: trace.format,
      usesEngine: true,
      content: trace,
      replay: (context) => replayCoreTrace(trace, context),
    },
    filesFor(engine),
  );

describe('a trace of a run', () => {
  const trace = traceOf(cell(), data, source, { engine: 'reference', everyStep: true });

  test('has the samples of the run: each epoch, then the test, encoded', () => {
    expect(trace.samples.map(({ epoch, learn }) => [epoch, learn])).toEqual([
      ...[0, 0, 0, 1, 1, 1].map((epoch) => [epoch, true]),
      [1, false],
    ]);
    // The accumulator of input 0 begins at 128: 256 and 256; that of 2 goes to 383, 255 are added to what is left.
    expect(trace.samples.at(-1)).toMatchObject({ host: { label: 0 }, inputs: [[0, 2], [2]] });
    expect(
      trace.samples
        .slice(0, 3)
        .map(({ host }) => host.label)
        .sort(),
    ).toEqual([0, 1, 1]);
  });

  test('ends where the run ends', async () => {
    const { machine: engine, history, scored: tested } = await runCell(cell(), data, { engine: 'reference' });
    const last = new Map(Object.entries(trace.expected.initial));
    for (const { steps = [], fields } of trace.expected.samples) {
      for (const values of [...steps, fields])
        for (const [name, items] of Object.entries(values)) last.set(name, items);
    }
    for (const [index, { name }] of engine.image.fields.entries())
      expect(last.get(name)).toEqual([...engine.read(index)]);
    expect(trace.expected.samples.at(-1)?.answer).toBe(tested.predictions[0]);
    const samples = history.map((epoch) => epoch.samples).reduce((sum, count) => sum + count, 0);
    expect(trace.samples.filter(({ learn }) => learn)).toHaveLength(samples);
    // Something happened: each epoch spiked and learned.
    for (const epoch of [trace.expected.samples.slice(0, 3), trace.expected.samples.slice(3, 6)]) {
      expect(epoch.flatMap(({ spikes }) => spikes.hidden ?? []).flat()).not.toEqual([]);
      expect(epoch.some(({ steps = [] }) => steps.some((values) => 'in.shadow' in values))).toBe(true);
    }
  });

  test('says what core it is of', () => {
    expect(trace).toMatchObject({
      ...source,
      precision: 'mp16-8',
      seed: 2,
      core: { lanes: 2, clockMhz: 100, fifoDepth: 64, whenFull: 'stall' },
      steps: 2,
      input: 'input',
    });
  });

  test.each(engineNames)('is identical on engine %s, when it is read again', async (engine) => {
    const verdict = replayTrace(
      readTrace(JSON.stringify(trace), 'x.json', await goldenFormats()),
      filesFor(engine),
    );
    expect(verdict).toMatchObject({ agrees: true, summary: expect.stringContaining('7 samples of 2 steps') });
  });

  test.each(engineNames)('diverges on engine %s where one value is another', (engine) => {
    const other = structuredClone(trace);
    const at = other.expected.samples.findIndex(({ steps }) => steps?.[1]?.['hidden.v'] !== undefined);
    const values = other.expected.samples[at]?.steps?.[1]?.['hidden.v'] ?? [];
    const [, right = 0] = values;
    values[1] = right + 1;
    const verdict = replay(other, engine);
    expect(verdict.agrees ? '' : describeDivergence(verdict.divergence)).toMatch(
      new RegExp(
        `^sample ${at} \\(class [01], learning\\), step 1: hidden.v, item 1: expected ${right + 1}, found ${right}\n`,
      ),
    );
  });

  test('may name an image', () => {
    const { program: _, hwModel: __, ...rest } = trace;
    expect(replay({ ...rest, image: 'x.pcore', settings: [] }, 'fast')).toMatchObject({ agrees: true });
  });

  test.each<[string, (trace: CoreTrace) => void, string]>([
    ['lanes', (other) => Object.assign(other.core, { lanes: 4 }), 'core.lanes: expected 2, found 4'],
    ['steps', (other) => Object.assign(other, { steps: 3 }), 'steps: expected 2, found 3'],
    [
      'a population',
      (other) => Object.assign(other.populations[1] ?? {}, { size: 9 }),
      'size of population hidden: expected 2, found 9',
    ],
    [
      'a field',
      (other) => Object.assign(other.fields[0] ?? {}, { bits: 9 }),
      'bits of field input.trace: expected 8, found 9',
    ],
    [
      'a field that is not there',
      (other) => Object.assign(other.fields[0] ?? {}, { name: 'input.trance' }),
      "fields: 'hand' has no field 'input.trance'\n  did you mean 'input.trace'?",
    ],
    [
      'a label',
      (other) => Object.assign(other.samples[4]?.host ?? {}, { label: 99999999999 }),
      'x.json: samples.4.host.label: expected a class below 2, the items of readout output.v, found 99999999999',
    ],
  ])('of another core is refused: %s', (_, change, message) => {
    const other = structuredClone(trace);
    change(other);
    const error = failure(() => replay(other, 'fast'));
    expect(error.code).toBe('data');
    expect(error.describe()).toContain(message);
  });
});
