import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import { writeNpz } from '../../src/data/index.ts';
import { deploy } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { exportNir, type ImportedNetwork } from '../../src/import/index.ts';
import { createMachine } from '../../src/machine/index.ts';
import { type Conventions, conventions, type NirGraph, readNir, writeNir } from '../../src/nir/index.ts';
import { createProgram } from '../../src/program/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { load } from '../hardware/tiny.ts';
import { graphOf, paper } from '../nir/files.ts';
import { roundCore } from '../support/core.ts';
import { expectError } from '../support/errors.ts';
import { inThorough } from '../support/thorough.ts';
import { RandomGraph } from './random-graph.ts';
import { coreOf, graph, importOf } from './support.ts';

const dt = 1e-4;
const steps = 24;

async function exported(imported: ImportedNetwork) {
  const bytes = writeNpz(imported.arrays);
  const { spec } = createProgram(imported.description, { arrays: (file) => ({ file, bytes }) });
  const { graph: nir, notes } = exportNir(coreOf(imported, 'fast'), spec);
  return { graph: await readNir({ name: 'again.nir', bytes: await writeNir(nir) }), notes };
}

/**
 * The threshold of a population's first neuron; without one, the largest that a weight brings, as its source sends it.
 */
function unitOf(integers: ImportedNetwork['integers'], name: string): number {
  const found = integers.stages.find(({ stage }) => stage.name === name);
  if (found === undefined) return 1;
  const { threshold, scale } = found;
  if (threshold !== undefined) return (threshold[0] ?? 1) * 2 ** -scale.potential;
  return Math.max(
    ...integers.links
      .filter(({ link }) => link.to.name === name)
      .map(
        ({ link, weights }) =>
          sentBy(integers, link.from) *
          weights.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) *
          2 ** -weights.scale,
      ),
  );
}

/** What 1 in a spike of a population stands for. */
function sentBy(integers: ImportedNetwork['integers'], { name, model }: ImportedNetwork['readout']): number {
  return model !== undefined && model.firing === undefined ? unitOf(integers, name) : 1;
}

/**
 * What a program is made of: sizes, connections, and weights in units of their targets' first threshold, or of the
 * largest weight where there is none.
 */
function partsOf({ description, integers }: ImportedNetwork) {
  const { populations = {}, projections = {} } = description;
  const ends = (from: string, to: string) => `${from} to ${to}`;
  return {
    sizes: Object.fromEntries(
      Object.entries(populations)
        .map(([name, { size, shape }]) => [name, shape ?? [size]] as const)
        .sort(),
    ),
    connections: Object.values(projections)
      .map(({ from, to, connect, delay }) => {
        const kind = typeof connect === 'object' && 'convolution' in connect ? connect : 'pairs';
        return [ends(from, to), kind, delay ?? 0];
      })
      .sort(),
    weights: new Map(
      integers.links.map(({ link, weights }) => {
        const { starts, targets } =
          link.map.sliding === undefined ? link.map.rows() : { starts: [], targets: [] };
        const all = new Map<string, number>();
        const unit = (2 ** -weights.scale * sentBy(integers, link.from)) / unitOf(integers, link.to.name);
        for (const [at, value] of weights.values.entries()) {
          const source =
            starts.length === 0
              ? 0
              : starts.findIndex((start, row) => at >= start && at < (starts[row + 1] ?? 0));
          if (value !== 0) all.set(`${source} ${targets[at] ?? at}`, value * unit);
        }
        return [ends(link.from.name, link.to.name), all] as const;
      }),
    ),
  };
}

type Stage = ImportedNetwork['integers']['stages'][number];

/** What a step keeps of a potential or a current, as the program computes it: by neuron, or for all. */
function keptBy(leak: Stage['leak']): number[] {
  if (leak.is === 'nothing') return [0];
  if (leak.is === 'all') return [1];
  if (leak.is === 'shift') return [1 - 2 ** -leak.shift];
  if (leak.is !== 'product') throw new Error('an unknown leak');
  const kept = [...leak.factors].map((factor) => factor / 2 ** leak.bits);
  return kept.every((share) => share === kept[0]) ? kept.slice(0, 1) : kept;
}

/** By population, what it keeps of its potential and its current. */
function decaysOf({ integers }: ImportedNetwork) {
  return Object.fromEntries(
    integers.stages.map(({ stage, leak, current }) => [
      stage.name,
      [keptBy(leak), ...(current === undefined ? [] : [keptBy(current.leak)])],
    ]),
  );
}

/** Whether all neurons of a population are reset to the same. */
function resetsOf({ integers }: ImportedNetwork) {
  return Object.fromEntries(
    integers.stages.flatMap(({ stage, resetTo }) =>
      stage.model?.firing?.reset === 'value' ? [[stage.name, new Set(resetTo).size]] : [],
    ),
  );
}

/** Imports a graph, exports the program, and imports that. */
async function expectSame(nir: NirGraph, rules: Conventions, accumulatorBits = 24): Promise<void> {
  const before = importOf(nir, { rules, steps, accumulatorBits });
  const { graph: again } = await exported(before);
  const after = importOf(again, { rules: { ...rules, dt }, steps, accumulatorBits });
  const [first, second] = [partsOf(before), partsOf(after)];
  expect(second.sizes).toEqual(first.sizes);
  expect(second.connections).toEqual(first.connections);
  expect(decaysOf(after)).toEqual(decaysOf(before));
  expect(resetsOf(after)).toEqual(resetsOf(before));
  for (const [name, weights] of first.weights) {
    const found = second.weights.get(name);
    expect([...(found?.keys() ?? [])].sort()).toEqual([...weights.keys()].sort());
    for (const [pair, weight] of weights)
      expect(Math.abs((found?.get(pair) ?? 0) / weight - 1)).toBeLessThan(1e-3);
  }
}

describe('a program that is exported and imported', () => {
  test.each(inThorough([21, 51], [51]))(
    'has the same populations, projections and weights (seed %i)',
    async (seed) => {
      const dice = new Dice(seed);
      let same = 0;
      for (let round = 0; round < inThorough(60, 20); round++) {
        const nir = new RandomGraph(dice).graph();
        const rules: Conventions = {
          ...conventions.strict,
          dt: 1,
          reset: dice.pick(['value', 'subtract', 'subtract-late'] as const),
        };
        try {
          await expectSame(nir, rules);
          same += 1;
        } catch (error) {
          // What NIR cannot say is refused: thresholds without memory, delays of single synapses.
          if (!(error instanceof PlasticoreError))
            throw new Error(
              `round ${round} ${JSON.stringify(nir.edges)} ${JSON.stringify([...nir.nodes].map(([n, x]) => `${n} ${x.type}`))} ${rules.reset}`,
              { cause: error },
            );
        }
      }
      expect(same).toBeGreaterThan(inThorough(20, 6));
    },
  );

  test.each(['LIF', 'CubaLIF'] as const)('has the same decays with 16-bit accumulators: %s', async (type) => {
    const dice = new Dice(17);
    const size = 40;
    const each = (low: number, high: number) =>
      [[size], Array.from({ length: size }, () => low + (high - low) * dice.fraction())] as const;
    const cuba = { tau_mem: each(1.5, 300), tau_syn: each(1.5, 300), w_in: each(2, 3) };
    const nir = graph(
      {
        in: ['Input', { shape: [[1], [4]] }],
        fc: [
          'Linear',
          { weight: [[size, 4], each(-0.5, 0.5)[1].flatMap((value) => [value, -value, value, 0.5])] },
        ],
        n: [
          type,
          {
            ...(type === 'LIF' ? { tau: each(1.5, 300) } : cuba),
            r: each(3, 3),
            v_leak: each(0, 0),
            v_threshold: each(1, 1),
            v_reset: each(-0.25, -0.25),
          },
        ],
        out: ['Output', { shape: [[1], [size]] }],
      },
      'in -> fc -> n -> out',
    );
    await expectSame(nir, { ...conventions.strict, dt: 1 }, 16);
  });

  test('a constant input of currents that are not spiked on is a bias, and no leak of the potential', async () => {
    const nir = graph(
      {
        in: ['Input', { shape: [[1], [2]] }],
        fc: [
          'Affine',
          {
            weight: [
              [1, 2],
              [0.5, -0.25],
            ],
            bias: [[1], [0.125]],
          },
        ],
        n: [
          'CubaLI',
          { tau_mem: [[1], [2]], tau_syn: [[1], [4]], w_in: [[1], [4]], r: [[1], [2]], v_leak: [[1], [0]] },
        ],
        out: ['Output', { shape: [[1], [1]] }],
      },
      'in -> fc -> n -> out',
    );
    const { graph: again } = await exported(
      importOf(nir, { rules: { ...conventions.strict, dt: 1 }, steps }),
    );
    expect(again.nodes.get('n')?.parameters.get('v_leak')?.values).toEqual(Float64Array.of(0));
    const { weight, bias } = Object.fromEntries(again.nodes.get('inToN')?.parameters ?? []);
    expect((bias?.values[0] ?? 0) / (weight?.values[0] ?? 1)).toBe(0.25);
  });

  test('with currents and a recurrence, of the paper', async () => {
    const nir = await graphOf(paper, 'braille_noDelay_bias_zero');
    await expectSame(nir, { ...conventions.snntorch, reset: 'zero-late' });
  });
});

describe('what the bundled programs are, by hand', () => {
  const exportedFrom = (name: string) => {
    const { program, image } = deploy(
      {
        program: { name, from: '' },
        hw: { name: name === 'mnist-csnn' ? 'large' : 'reference', from: '' },
        precision: 'mp16-8',
        seed: 1,
      },
      findFile,
    );
    return exportNir(createMachine(image), program.spec);
  };

  test('mnist-snn: half of v is left in a step, and three quarters of the output', () => {
    const { graph: nir, notes } = exportedFrom('mnist-snn');
    const of = (node: string, parameter: string) => [
      ...new Set(nir.nodes.get(node)?.parameters.get(parameter)?.values),
    ];
    expect([of('hidden', 'tau'), of('hidden', 'r'), of('hidden', 'v_threshold')]).toEqual([[2e-4], [2], [1]]);
    expect([of('output', 'tau'), of('output', 'r')]).toEqual([[4e-4], [4]]);
    // A spike is where v reaches the threshold, and subtracts it.
    expect(notes).toEqual([
      'what NIR does not say, import has to be told: plasticore import FILE --dt 0.0001 --fires reaches --reset subtract',
    ]);
    expect(nir.nodes.get('inputToHidden')?.parameters.get('weight')?.shape).toEqual([256, 784]);
  });

  test('mnist-csnn: convolutions stay convolutions', () => {
    const { graph: nir } = exportedFrom('mnist-csnn');
    expect(nir.nodes.get('firstToSecond')?.type).toBe('Conv2d');
    expect(nir.nodes.get('firstToSecond')?.parameters.get('weight')?.shape).toEqual([32, 16, 5, 5]);
    expect(nir.edges).toContainEqual({ from: 'secondToOutput_flat', to: 'secondToOutput' });
  });

  test('recurrent: what does not leak is an IF, reset to zero before its bias of each step', () => {
    const { graph: nir } = exportedFrom('recurrent');
    const of = (parameter: string) => nir.nodes.get('neurons')?.parameters.get(parameter)?.values[0];
    // It spikes where v + 64 is above 1216; 1 is 1024. What NIR adds in the step after a spike is the bias.
    expect(nir.nodes.get('neurons')?.type).toBe('IF');
    expect([of('v_threshold'), of('v_reset')]).toEqual([1152 / 1024, -64 / 1024]);
  });

  test('an input that enters with delays is refused', () => {
    const program = createProgram({
      name: 'entries',
      steps,
      populations: { in: { size: 2, delays: [0, 1] }, out: { size: 1, fields: { v: { bits: 16 } } } },
      projections: { p: { from: 'in', to: 'out' } },
      input: 'in',
      microcode: {
        rule: {
          text: 'kernel add over row\n  ld r0, post.v\n  ld r1, syn.weight\n  add r0, r0, r1\n  st r0, post.v\nend\n',
        },
      },
      events: { tick: [{ deliver: 'in' }], spike: { in: [{ run: 'add', over: 'p' }] } },
      readout: 'out.v',
    });
    const image = compile(program, load(roundCore), { precision: 'mp16-8', seed: 1 });
    expectError(
      () => exportNir(createMachine(image), program.spec),
      'data',
      'its spikes enter several times, with delays',
    );
  });

  test('a program of named events is refused', () => {
    const request = {
      program: { name: 'odin', from: '' },
      hw: { name: 'odin', from: '' },
      precision: 'own',
      seed: 1,
    };
    expectError(
      () => exportNir(createMachine(deploy(request, findFile).image)),
      'data',
      'runs on named events',
    );
  });
});
