import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { odinGolden } from '../../../src/chips/odin/replay.ts';
import { type OdinTrace, odinSchema } from '../../../src/chips/odin/trace.ts';
import { engineNames } from '../../../src/engine/index.ts';
import { parseJson } from '../../../src/golden/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import { argv } from '../../support/argv.ts';
import { goldenText } from '../../support/golden.ts';
import { scratch } from '../../support/scratch.ts';
import { replayContext } from '../replay-context.ts';

const { folder } = scratch();

const text = goldenText('odin-sdsp256');
const trace = (): OdinTrace => odinSchema.parse(JSON.parse(text));
const states = { TREF: 5, BIST: 6, SYNAPSE: 7, PUSH: 8, POP_NEUR: 9, POP_VIRT: 10 };

/** What a bench writes of an RTL that does what a trace states. */
function observedOf({ expected, synapses }: OdinTrace): string {
  const { counters, event_cycles, ops, spikes, final_neuron_words, final_synapses, final_up, final_down } =
    expected;
  const bits = (set: readonly number[]): string =>
    set
      .reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n)
      .toString(16)
      .padStart(64, '0');
  const { end_cycle, neuron_reads, neuron_writes, synapse_word_reads, synapse_word_writes } = counters;
  const counts = [end_cycle, neuron_reads, neuron_writes, synapse_word_reads, synapse_word_writes];
  return [
    ...ops.map(([start, kind, ...rest]) => ['op', start, states[kind], ...rest].join(' ')),
    ...spikes.map((spike) => ['spike', ...spike].join(' ')),
    ...event_cycles.map((event) => ['event', ...event].join(' ')),
    ['counters', ...counts, counters.output_stall_cycles].join(' '),
    ...final_neuron_words.map((word) => `neuron ${word}`),
    // The first synapse of eight is the lowest digit of its word.
    ...(final_synapses ?? synapses).flatMap((row) =>
      (row.match(/.{8}/g) ?? []).map((eight) => `synapses ${[...eight].reverse().join('')}`),
    ),
    `up ${bits(final_up)}`,
    `down ${bits(final_down)}`,
    '',
  ].join('\n');
}

describe('what the bench has observed', () => {
  const { rtl } = odinGolden.read(parseJson(text, 'x.json'));

  test('is compared with the trace', () => {
    expect(rtl?.compare(observedOf(trace()))).toMatchObject({ agrees: true });
  });

  test.each<[string, (found: OdinTrace) => void, string]>([
    [
      'a late spike',
      ({ expected: { spikes } }) => spikes[7]?.splice(0, 1, (spikes[7][0] ?? 0) + 1),
      'spike 7',
    ],
    ['a lost operation', ({ expected: { ops } }) => ops.splice(9, 1), 'operation 9'],
    [
      'a late event',
      ({ expected }) => expected.event_cycles[3]?.splice(4, 1, 1),
      'cycle of the idle of event 3',
    ],
    ['a counter', ({ expected }) => expected.counters.neuron_reads++, 'neuron_reads'],
    [
      'a flag',
      ({ expected: { final_up } }) => final_up.push(final_up.includes(255) ? 254 : 255),
      'flag up of neuron',
    ],
    [
      'a bit of a potential',
      ({ expected: { final_neuron_words: words } }) => {
        const word = BigInt(`0x${words[5]}`) ^ (1n << 70n);
        words[5] = word.toString(16).padStart(32, '0');
      },
      'core of neuron 5',
    ],
    [
      'a synapse',
      ({ expected, synapses }) => {
        const rows = expected.final_synapses ?? synapses;
        rows[200] = `${rows[200]?.slice(0, 255)}${rows[200]?.endsWith('0') ? 1 : 0}`;
      },
      'synapse from 200 to 255',
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

test('the bench loads memories, conditions and registers', () => {
  const { rtl } = odinGolden.read(parseJson(text, 'x.json'));
  const files = new Map(rtl?.files(replayContext));
  const { events, neurons, synapses, initial_up } = trace();
  const lines = (name: string): string[] => files.get(name)?.trimEnd().split('\n') ?? [];
  expect(lines('neurons.hex')).toHaveLength(256);
  // ODIN's documentation: LIF in bit 0, the threshold in bits 9 to 16.
  const word = BigInt(`0x${lines('neurons.hex')[3]}`);
  expect(word & 1n).toBe(1n);
  expect(Number((word >> 9n) & 255n)).toBe(neurons.thr[3]);
  // Word 32 x pre + post / 8, four bits for each post.
  expect(lines('synapses.hex')).toHaveLength(8192);
  expect(lines('synapses.hex')[32 * 7 + 2]?.at(-1)).toBe(synapses[7]?.[16]);
  const [mode, address] = events[4] ?? [0, 0];
  expect(Number.parseInt(lines('events.hex')[4] ?? '', 16)).toBe(mode * 2 ** 20 + address);
  const up = /NEUR_V_UP = 256'h(\w{64});/.exec(files.get('bench.v') ?? '')?.[1];
  expect(BigInt(`0x${up}`)).toBe(initial_up.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n));
});

describe('plasticore golden of an experiment on ODIN', () => {
  test('writes a recording that replays on both engines', async () => {
    const path = join(folder, 'digits.json');
    const { stderr } = await commandLine(argv`golden odin-mnist -o ${path}`);
    expect(stderr).toContain('a trace of the chip odin');
    const { events, expected } = odinSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(expected.event_cycles).toHaveLength(events.length);
    // One digit is learned, one is asked for.
    expect(expected.spikes.length).toBeGreaterThan(0);
    for (const engine of engineNames) {
      const { stdout } = await commandLine(argv`verify ${path} --engine ${engine}`);
      expect(stdout).toContain(`identical on engine ${engine}: ${events.length} events`);
    }
  });
});

describe('plasticore testbench', () => {
  const bench = (...args: string[]) => commandLine(argv`testbench ${args}`);

  test('writes a bench for a trace', async () => {
    const path = join(folder, 'lif.json');
    writeFileSync(path, goldenText('odin-lif16'));
    const out = join(folder, 'bench');
    const { status, stderr } = await bench(path, '-o', out);
    expect(stderr).toContain('a bench for 18 files of RTL, of the folder src of github.com/ChFrenkel/ODIN');
    expect(status).toBe(0);
    expect(readdirSync(out).sort()).toEqual([
      'bench.v',
      'events.hex',
      'neurons.hex',
      'synapses.hex',
      'trace.json',
    ]);
  });

  test('says what it lacks, and leaves nothing behind', async () => {
    const out = join(folder, 'none');
    const path = join(folder, 'ranc.json');
    writeFileSync(path, goldenText('ranc-axis'));
    expect(await bench(path, '-o', out, '--chip', 'test/chips/ranc/ranc-rtl.mjs')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no bench for recordings of the format ranc-golden/1'),
    });
    expect(await bench(join(folder, 'lif.json'), '-o', out, '--rtl', folder)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--rtl: the folder src of github.com/ChFrenkel/ODIN is expected'),
    });
    expect(await bench('reckon-cue', '-o', out)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("'reckon-cue' hosts a chip whose host writes no golden traces"),
    });
    expect(existsSync(out)).toBe(false);
  });
});
