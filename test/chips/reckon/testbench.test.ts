import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reckonGolden } from '../../../src/chips/reckon/replay.ts';
import type { ReckonTrace } from '../../../src/chips/reckon/trace.ts';
import { reckonSchema } from '../../../src/chips/reckon/trace.ts';
import { parseJson } from '../../../src/golden/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import { argv } from '../../support/argv.ts';
import { goldenText } from '../../support/golden.ts';
import { scratch } from '../../support/scratch.ts';
import { replayContext } from '../replay-context.ts';

const { folder } = scratch();

const text = goldenText('reckon-eprop100');
const trace = (): ReckonTrace => reckonSchema.parse(JSON.parse(text));
const { rtl } = reckonGolden.read(parseJson(text, 'x.json'));
const byte = (value: number): string => (value & 255).toString(16).padStart(2, '0');

/** What a bench writes of an RTL that does what a trace states. */
function observedOf({ expected, samples, w_inp, w_rec, w_out }: ReckonTrace): string {
  const last = samples.length - 1;
  const states = [
    ...expected.state_after_step,
    { sample: last, tick: (samples[last]?.inputs.length ?? 0) - 1, ...expected.final_state },
  ];
  const words = (name: string, matrix: ReckonTrace['w_inp'], each: number) =>
    Array.from({ length: 256 * each }, (_, at) => {
      const row = matrix[Math.floor(at / each)] ?? [];
      const first = 16 * (at % each);
      const bytes = Array.from({ length: 16 }, (_, n) => byte(row[first + n] ?? 0));
      return `${name} ${bytes.reverse().join('')}`;
    });
  return [
    ...expected.samples.flatMap(({ spikes, out, cycles, sram, winner, winner_counts }, sample) => [
      ...spikes.flatMap((all, tick) => (all === null ? [] : [['spikes', sample, tick, ...all].join(' ')])),
      ...out.flatMap((all, tick) => (all === null ? [] : [['out', sample, tick, ...all].join(' ')])),
      ...cycles.map((all, tick) => ['cycles', sample, tick, ...all].join(' ')),
      ...sram.map((all, tick) => ['sram', sample, tick, ...all].join(' ')),
      ['winner', sample, 0, winner, ...winner_counts].join(' '),
    ]),
    ...states.flatMap(({ sample, tick, u, trace_inp, trace_rec, trace_out }) =>
      Object.entries({ u, ti: trace_inp, tr: trace_rec, to: trace_out }).map(([name, values]) =>
        [name, sample, tick, ...values].join(' '),
      ),
    ),
    ...words('winp', expected.final_w_inp ?? w_inp, 16),
    ...words('wrec', expected.final_w_rec ?? w_rec, 16),
    ...words('wout', expected.final_w_out ?? w_out, 1),
    '',
  ].join('\n');
}

describe('what the bench has observed', () => {
  test('is compared with the trace', () => {
    expect(rtl?.compare(observedOf(trace()))).toMatchObject({ agrees: true });
  });

  const first = ({ expected }: ReckonTrace) => {
    const [sample] = expected.samples;
    if (sample === undefined) throw new Error('no sample');
    return sample;
  };
  test.each<[string, (found: ReckonTrace) => unknown, string]>([
    ['a spike too many', (found) => first(found).spikes[9]?.push(99), 'of STEP'],
    ['a late tick', (found) => first(found).cycles[4]?.splice(0, 1, 1), 'cycles of latency'],
    ['a read', (found) => first(found).sram[5]?.splice(2, 1, 1), 'input weight words read'],
    ['an output', (found) => first(found).out[6]?.splice(1, 1, 12345), 'potential of output 1'],
    ['a winner', (found) => first(found).winner_counts.splice(0, 1, 77), 'ticks won by output 0'],
    [
      'a trace',
      ({ expected }) => expected.state_after_step[3]?.trace_rec.splice(7, 1, 4000),
      'trace_rec of 7',
    ],
    ['a potential', ({ expected }) => expected.final_state.u.splice(3, 1, -9999), 'u of 3'],
    [
      'a weight',
      ({ expected }) => expected.final_w_rec?.[2]?.splice(17, 1, -128),
      'recurrent weight from 2 to 17',
    ],
  ])('and %s is found', (_, damage, what) => {
    const found = trace();
    damage(found);
    expect(rtl?.compare(observedOf(found))).toMatchObject({
      agrees: false,
      divergence: { what: expect.stringContaining(what) },
    });
  });
});

test('the bench loads memories and registers, and is told what to do', () => {
  const files = new Map(rtl?.files(replayContext));
  const lines = (name: string): string[] => files.get(name)?.trimEnd().split('\n') ?? [];
  const { alpha, thr, w_rec, w_out, samples, config } = trace();
  // A pair: twelve bits of its leak, sixteen of its threshold, then its states.
  expect(lines('neurons.hex')).toHaveLength(128);
  expect(Number.parseInt(lines('neurons.hex')[3]?.slice(0, 3) ?? '', 16)).toBe((alpha[3] ?? 0) & 0xfff);
  expect(Number.parseInt(lines('neurons.hex')[3]?.slice(3, 7) ?? '', 16)).toBe(thr[3]);
  // Word 16 x pre + post / 16, eight bits for each post.
  expect(['winp.hex', 'wrec.hex', 'wout.hex'].map((name) => lines(name).length)).toEqual([4096, 4096, 512]);
  expect(lines('wrec.hex')[16 * 7 + 2]?.slice(-2)).toBe(byte(w_rec[7]?.[32] ?? 0));
  expect(lines('wout.hex')[9]?.slice(-4, -2)).toBe(byte(w_out[9]?.[1] ?? 0));
  const bench = files.get('bench.v') ?? '';
  expect(bench).toContain(`SPI_NUM_REC_NEUR = ${config.num_rec - 1};`);
  expect(bench).toContain(`SPI_KAPPA = ${config.kappa};`);
  expect(bench).toContain(`SPI_SEED_OUT = ${config.seed_out};`);
  // Kind 2 begins a sample; the inputs of a tick come before it, and the label before the second tick.
  const [inputs = [], second = []] = samples[0]?.inputs ?? [];
  const expected = [2 << 16, ...inputs, (1 << 16) | 0, ...second, (3 << 16) | (samples[0]?.label ?? 0)];
  expect(
    lines('commands.hex')
      .slice(0, expected.length)
      .map((word) => Number.parseInt(word, 16)),
  ).toEqual(expected);
});

test('plasticore testbench writes a bench for a recording', async () => {
  const path = join(folder, 'infer.json');
  writeFileSync(path, goldenText('reckon-infer128'));
  const out = join(folder, 'bench');
  const { status, stderr } = await commandLine(argv`testbench ${path} -o ${out}`);
  expect(stderr).toContain('a bench for 8 files of RTL, of the folder src of github.com/ChFrenkel/ReckOn');
  expect(status).toBe(0);
  expect(readdirSync(out).sort()).toEqual([
    'bench.v',
    'commands.hex',
    'neurons.hex',
    'trace.json',
    'winp.hex',
    'wout.hex',
    'wrec.hex',
  ]);
});
