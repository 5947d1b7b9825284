import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawsBetween } from '../../../src/random/index.ts';

// PLASTICORE_TINYODIN_RTL=DIR npx tsx test/chips/tinyodin/record-rtl.ts SEED >trace.json
// records what tinyODIN's own RTL does in Icarus Verilog. DIR is a checkout of github.com/ChFrenkel/tinyODIN.

/** Verilog files of the chip. */
const sources = [
  'tinyODIN',
  'controller',
  'lif_neuron',
  'scheduler',
  'aer_out',
  'neuron_core',
  'fifo',
  'synaptic_core',
  'spi_slave',
];
const neurons = 256;

/** Configuration and stimulus that a seed decides: small and large thresholds, weights of both signs, both loops. */
function stimulusOf(seed: number, count = 60) {
  const draw = (low: number, high: number, ...what: number[]): number =>
    drawsBetween(low, high, seed, ...what)(0);
  const each = <T>(value: (index: number) => T): T[] =>
    Array.from({ length: neurons }, (_, index) => value(index));
  const isOpen = draw(0, 1, 1) === 1;
  const last = draw(0, 3, 2) === 0 ? neurons - 1 : draw(0, 40, 3);
  // A closed loop of low thresholds would feed itself for ever.
  const lowest = isOpen ? 4 : 40;
  const thr = each((n) =>
    draw(0, 15, 13, n) === 0 ? draw(1900, 4095, 14, n) : draw(lowest, 4 * lowest, 15, n),
  );
  // One more of any weight and all spike: more than the scheduler holds.
  const isFlood = !isOpen && draw(0, 1, 4) === 1;
  return {
    config: { open_loop: Number(isOpen), max_neuron: isFlood ? neurons - 1 : last },
    neurons: {
      core: isFlood
        ? thr.map((value) => Math.min(value, 2048) - 1)
        : each((n) => (draw(0, 2, 10, n) === 0 ? draw(0, 4095, 11, n) : draw(0, 60, 12, n))),
      thr,
      leak_str: each((n) => (draw(0, 2, 16, n) === 0 ? 0 : draw(0, 127, 17, n))),
      disable: each((n) => Number(draw(0, 9, 18, n) === 0)),
    },
    synapses: each((pre) => each((post) => draw(0, 15, 19, pre, post).toString(16)).join('')),
    events: Array.from({ length: count }, (_, event): [number, number] => {
      const mode = Number(draw(0, 9, 20, event) < 7);
      const what = draw(0, 19, 21, event);
      if (what < 10) return [mode, draw(0, 255, 22, event)];
      if (what < 16) return [mode, 0x200 | draw(0, 255, 23, event)];
      return [mode, 0x100 | (what < 19 ? draw(0, 254, 24, event) : 0xff)];
    }),
  };
}

type Stimulus = ReturnType<typeof stimulusOf>;

/** Runs a stimulus on the chip's own RTL. */
function recordRtl({ config, neurons: fields, synapses, events }: Stimulus, rtl: string) {
  const folder = mkdtempSync(join(tmpdir(), 'tinyodin-'));
  try {
    const lines = (name: string, values: readonly string[]): void =>
      writeFileSync(join(folder, name), `${values.join('\n')}\n`);
    const { core, thr, leak_str, disable } = fields;
    const word = (n: number): bigint =>
      (BigInt(disable[n] ?? 0) << 31n) |
      (BigInt(leak_str[n] ?? 0) << 24n) |
      (BigInt(thr[n] ?? 0) << 12n) |
      BigInt(core[n] ?? 0);
    lines(
      'neurons.hex',
      core.map((_, n) => word(n).toString(16)),
    );
    // The first of eight weights is the last digit of its word.
    const words = synapses.flatMap((row) => row.match(/.{8}/g) ?? []);
    lines(
      'synapses.hex',
      words.map((eight) => [...eight].reverse().join('')),
    );
    lines('config.hex', [config.open_loop.toString(16), config.max_neuron.toString(16)]);
    lines(
      'events.hex',
      events.map(([mode, address]) => ((mode << 12) | address).toString(16)),
    );
    const bench = fileURLToPath(new URL('./bench.v', import.meta.url));
    const files = sources.map((name) => join(rtl, `${name}.v`));
    run('iverilog', ['-g2012', '-o', join(folder, 'bench.vvp'), bench, ...files]);
    run('vvp', ['-N', join(folder, 'bench.vvp'), `+dir=${folder}`, `+events=${events.length}`]);
    return expectedOf(readFileSync(join(folder, 'out.txt'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(command: string, options: readonly string[]): void {
  const { status, stderr } = spawnSync(command, options, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ends with ${status}: ${stderr}`);
}

function expectedOf(log: string) {
  const of = (what: string): number[][] =>
    log
      .split('\n')
      .filter((line) => line.startsWith(`${what} `))
      .map((line) => line.split(' ').slice(1).map(Number));
  const states = log.split('\n').filter((line) => line.startsWith('neuron '));
  const events = of('event');
  // An event is followed by what the chip does until it is done, or until the chip is idle.
  const until = (end: number, rows: number[][]): number[][] => {
    const next = rows.findIndex(([cycle = 0]) => cycle > end);
    return rows.splice(0, next < 0 ? rows.length : next);
  };
  const [operations, spikes] = [of('op'), of('spike')];
  return {
    inputs: events.map((event) => {
      const cycles = event.at(-1) ?? 0;
      const records = {
        operations: until(cycles, operations),
        spikes: until(cycles, spikes),
        events: [event],
      };
      return {
        cycles,
        records: Object.fromEntries(Object.entries(records).filter(([, rows]) => rows.length > 0)),
      };
    }),
    // The state is the lowest 12 of 32 bits.
    states: [{ 'neurons.core': states.map((line) => signed(Number.parseInt(line.slice(-3), 16), 12)) }],
  };
}

function signed(value: number, bits: number): number {
  return value < 2 ** (bits - 1) ? value : value - 2 ** bits;
}

/** What the RTL does with the network and stimulus of a seed, as a trace. */
export function traceOf(seed: number, rtl: string) {
  const stimulus = stimulusOf(seed);
  const { config, neurons: fields, synapses, events } = stimulus;
  const served = config.max_neuron + 1;
  return {
    format: 'plasticore-controller-trace/1',
    name: `tinyodin-${seed}`,
    description: 'Recorded from the RTL of tinyODIN in Icarus Verilog: a random network, and random events',
    program: '../program.yaml',
    hwModel: '../tinyodin.yaml',
    settings: {
      program: { 'parameters.served': served },
      hw: { 'controller.constants.served': served, 'controller.constants.isOpen': config.open_loop },
    },
    memories: [
      {
        'neurons.core': fields.core.map((value) => signed(value, 12)),
        'neurons.thr': fields.thr,
        'neurons.leak_str': fields.leak_str,
        'neurons.disable': fields.disable,
        'synapses.w': Array.from(synapses.join(''), (digit) => signed(Number.parseInt(digit, 16), 4)),
      },
    ],
    inputs: events.map(([mode, address]) => ['event', mode, address]),
    expected: recordRtl(stimulus, rtl),
  };
}

const [, script = '', seed = '1'] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  const rtl = process.env.PLASTICORE_TINYODIN_RTL;
  if (rtl === undefined) throw new Error('PLASTICORE_TINYODIN_RTL: expected the folder of the RTL');
  process.stdout.write(JSON.stringify(traceOf(Number(seed), rtl)));
}
