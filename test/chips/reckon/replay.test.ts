import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../cli/in-process.ts';
import type { RecordedTrace } from '../../golden/plain/recorded-trace.ts';
import { argv } from '../../support/argv.ts';
import { add, at, put } from '../../support/change.ts';
import { goldenText } from '../../support/golden.ts';
import { scratch } from '../../support/scratch.ts';
import { changing, type Damage, testDamages } from '../damaged.ts';
import { replayContext, wordsOf } from '../replay-context.ts';
import { benchOf, recorded, replayed } from '../replayed.ts';

const { folder } = scratch();
const golden = recorded('reckon-eprop100');

const changed = changing(golden);

/** The tick of a sample, both from 0, by its place among the inputs. */
function tickAt({ inputs, expected }: RecordedTrace, sample: number, tick: number) {
  let [samples, ticks] = [-1, 0];
  for (const [place, [name]] of inputs.entries()) {
    if (name === 'start') [samples, ticks] = [samples + 1, 0];
    if (name !== 'tick') continue;
    if (samples === sample && ticks === tick) return at(expected.inputs, place);
    ticks += 1;
  }
  throw new Error('no such tick');
}

const rowOf = (trace: RecordedTrace, sample: number, tick: number, name: string, row: number): number[] =>
  at(tickAt(trace, sample, tick).records?.[name], row);
const stateOf = ({ expected }: RecordedTrace, name: string): number[] =>
  (expected.states?.[0]?.[name] ?? []) as number[];

const damages: readonly Damage[] = [
  [
    'a spike less',
    (trace) => tickAt(trace, 0, 30).records?.spikes?.pop(),
    /^input \d+ \(tick 0, 0, 1, 0\): spikes \d+: expected no further one, found \d+$/,
  ],
  ['another output', (trace) => add(rowOf(trace, 0, 5, 'outputs', 1), 1, 1), /: outputs 1: expected 1, /],
  [
    'another potential after a STEP',
    (trace) => add(rowOf(trace, 0, 4, 'neurons', 7), 1, 1),
    /: neurons 7: expected 7, /,
  ],
  [
    'another trace after a STEP',
    (trace) => add(rowOf(trace, 0, 4, 'neurons', 7), 3, 1),
    /: neurons 7: expected 7, /,
  ],
  [
    'a cycle of EPROP more',
    (trace) => add(rowOf(trace, 1, 80, 'ticks', 0), 2, 1),
    /\(tick 0, 1, 1, 0\): ticks 0: expected \d+, 100, 1625, 100, \d+, 0, found \d+, 100, 1624, 100, \d+, 0$/,
  ],
  [
    'a write of an input weight more',
    (trace) => add(at(tickAt(trace, 1, 80).banks, 1), 'wordsWritten', 1),
    /: words written of bank inputWeights: expected/,
  ],
  [
    'another winner',
    (trace) => put(rowOf(trace, 2, 99, 'answers', 0), 0, 1 - at(rowOf(trace, 2, 99, 'answers', 0), 0)),
    /\(tick 0, 1, 1, 1\): answers 0: expected/,
  ],
  ['other ticks won', (trace) => add(rowOf(trace, 2, 99, 'wins', 0), 1, 1), /: wins 0: expected 0, /],
  [
    'another state at the end',
    (trace) => add(stateOf(trace, 'neurons.to'), 99, 1),
    /^in the end: neurons.to, item 99: expected/,
  ],
  [
    'another input weight',
    (trace) => add(stateOf(trace, 'synapses.winp'), 3 * 112 + 111, 1),
    /^in the end: synapses.winp, item 447: expected/,
  ],
  [
    'another recurrent weight',
    (trace) => add(stateOf(trace, 'synapses.wrec'), 99 * 112, 1),
    /^in the end: synapses.wrec, item 11088: expected/,
  ],
  [
    'output weights that stay',
    (trace) =>
      Object.assign(trace.expected.states?.[0] ?? {}, {
        'readout.wout': at(trace.memories, 0)['readout.wout'],
      }),
    /^in the end: readout.wout, item \d+: expected/,
  ],
];

describe('a recording of ReckOn', () => {
  testDamages(golden, damages);

  test('states as many states after a STEP as its register says', () => {
    const fewer = changed((trace) => {
      put(at(trace.memories, 0), 'stated', [5]);
      for (let tick = 6; tick <= 12; tick++) delete tickAt(trace, 0, tick).records?.neurons;
    });
    expect(wordsOf(replayed(fewer))).toBe('agrees');
    const lacking = changed((trace) => delete tickAt(trace, 0, 12).records?.neurons);
    expect(wordsOf(replayed(lacking))).toMatch(/: neurons 0: expected no further one, found 0, /);
  });

  test('of another generator diverges, and one that is too large is refused', () => {
    const generator = (state: number) =>
      changed(({ memories }) => put(at(memories, 0), 'generators.inputWeights', [state]));
    expect(wordsOf(replayed(generator(1)))).toMatch(/^input \d+ /);
    expect(() => replayed(generator(2 ** 25))).toThrow(
      "memories.0.generators.inputWeights: 'generators.inputWeights' is one number of 25 bits",
    );
  });
});

test('the bench loads memories and registers, and is told what to do', () => {
  const bench = benchOf(golden);
  const constants = { num_rec: 100, kappa: 121 };
  const files = new Map(bench.files({ ...replayContext, parameters: () => constants }));
  const lines = (name: string): string[] => files.get(name)?.trimEnd().split('\n') ?? [];
  const byte = (value: number): string => (value & 255).toString(16).padStart(2, '0');
  const [memory = {}] = golden.memories;
  expect(lines('neurons.alpha.hex')[6]).toBe(memory['neurons.alpha']?.[6]?.toString(16).padStart(3, '0'));
  expect(lines('synapses.wrec.hex')).toEqual(memory['synapses.wrec']?.map(byte));
  const settings = lines('settings.vh').map((line) =>
    line.replace(/localparam \[63:0\] (\w+) = 64'h0*(\w+);/, '$1 $2'),
  );
  // 121 is 0x79, 112 is 0x70.
  for (const line of ['PARAMETER_kappa 79', 'REGISTER_outputCount 2', 'SIZE_neurons 70', 'INPUT_start 0'])
    expect(settings).toContain(line);
  const seed = memory['generators.outputWeights']?.[0]?.toString(16);
  expect(settings).toContain(`GENERATOR_outputWeights ${seed}`);
  // A sample begins with its label; inputs come before their tick, the first of a sample.
  const words = golden.inputs
    .slice(0, 12)
    .map(([name, first = 0, counts = 0, learns = 0, last = 0]) =>
      name === 'start'
        ? first
        : name === 'input'
          ? 2 ** 28 + first
          : 2 ** 29 + 8 * first + 4 * counts + 2 * learns + last,
    );
  expect(
    lines('inputs.hex')
      .slice(0, 12)
      .map((word) => Number.parseInt(word, 16)),
  ).toEqual(words);
});

test('plasticore verify -o writes a bench for a recording', async () => {
  const path = join(folder, 'infer.json');
  writeFileSync(path, goldenText('reckon-infer128'));
  const out = join(folder, 'bench');
  const { status, stderr } = await commandLine(argv`verify ${path} -o ${out}`);
  expect(stderr).toContain('a bench for 8 files of RTL, of the folder src of github.com/ChFrenkel/ReckOn');
  expect(status).toBe(0);
  const written = readdirSync(out);
  for (const file of ['bench.v', 'inputs.hex', 'readout.wout.hex', 'settings.vh', 'trace.json'])
    expect(written).toContain(file);
});
