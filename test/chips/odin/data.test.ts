import { describe, expect, test } from 'vitest';
import { type OdinTrace, odinSchema } from '../../../src/chips/kit.ts';
import { engineNames } from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { checkJson, describeDivergence, parseJson } from '../../../src/golden/index.ts';
import { at } from '../../../src/text/index.ts';
import { goldenFormats, readTrace, replayTrace } from '../../../src/trace/index.ts';
import { goldenNames, goldenText } from '../../support/golden.ts';

const formats = await goldenFormats();
const kinds = ['PUSH', 'POP_NEUR', 'POP_VIRT', 'SYNAPSE', 'TREF', 'BIST'] as const;

const digits = (rows: readonly string[], of: (nibble: number) => number): number[] =>
  Array.from(rows.join(''), (digit) => of(Number.parseInt(digit, 16)));
const flags = (set: readonly number[]): number[] =>
  Array.from({ length: 256 }, (_, index) => Number(set.includes(index)));

/** A recording of ODIN's RTL in the format of controllers that are data: the same numbers in another form. */
function asControllerTrace({
  config,
  neurons,
  synapses,
  initial_up,
  initial_down,
  events,
  expected,
}: OdinTrace) {
  const rest = {
    operations: expected.ops.map(([start, kind, ...more]) => [start, kinds.indexOf(kind), ...more]),
    spikes: expected.spikes.map((spike) => [...spike]),
  };
  /** What came to pass until a cycle. */
  const until = (end: number, own: object) => {
    const taken = Object.entries(rest).map(([name, rows]) => {
      const next = rows.findIndex(([cycle = 0]) => cycle > end);
      return [name, rows.splice(0, next < 0 ? rows.length : next)] as const;
    });
    return Object.fromEntries([...taken.filter(([, rows]) => rows.length > 0), ...Object.entries(own)]);
  };
  const last = expected.counters.end_cycle;
  const finalSynapses = expected.final_synapses ?? synapses;
  return {
    format: 'plasticore-controller-trace/1',
    name: 'odin',
    program: 'odin',
    hwModel: 'odin',
    memories: [
      {
        isOpen: [config.open_loop],
        updatesUnmapped: [config.update_unmapped_syn],
        propagatesUnmapped: [config.propagate_unmapped_syn],
        learnsAtSynapses: [config.sdsp_on_syn_stim],
        ...Object.fromEntries(Object.entries(neurons).map(([name, values]) => [`neurons.${name}`, values])),
        'neurons.lif': Array<number>(256).fill(1),
        'neurons.syn_sign': config.syn_sign,
        'neurons.up': flags(initial_up),
        'neurons.down': flags(initial_down),
        'synapses.w': digits(synapses, (nibble) => nibble & 7),
        'synapses.map': digits(synapses, (nibble) => nibble >> 3),
      },
    ],
    inputs: [...events.map(([mode, address]) => ['event', mode, address]), ['drain']],
    expected: {
      inputs: [
        ...expected.event_cycles.map((cycles) => ({
          cycles: at(cycles, 4),
          records: until(at(cycles, 4), { events: [cycles] }),
        })),
        { cycles: last, records: until(last, {}) },
      ],
      states: [
        {
          'neurons.core': expected.final_neurons.core,
          'neurons.calcium': expected.final_neurons.calcium,
          'neurons.caleak_cnt': expected.final_neurons.caleak_cnt,
          'neurons.up': flags(expected.final_up),
          'neurons.down': flags(expected.final_down),
          'synapses.w': digits(finalSynapses, (nibble) => nibble & 7),
          'synapses.map': digits(finalSynapses, (nibble) => nibble >> 3),
        },
      ],
    },
  };
}

function replay(trace: OdinTrace, engine: string): string {
  const text = JSON.stringify(asControllerTrace(trace));
  const verdict = replayTrace(readTrace(text, 'odin.json', formats), {
    file: 'odin.json',
    engine,
    find: findFile,
    readImage: () => {
      throw new Error('the trace names no image');
    },
  });
  return verdict.agrees ? verdict.summary : describeDivergence(verdict.divergence);
}

const goldenOf = (name: (typeof goldenNames.odin)[number]): OdinTrace =>
  checkJson(parseJson(goldenText(name), 'x.json'), odinSchema);

describe.each(engineNames)("ODIN's controller as data, engine %s", (engine) => {
  test.each(goldenNames.odin)('does what the RTL does, in every cycle: %s', (name) => {
    const trace = goldenOf(name);
    const { ops, spikes } = trace.expected;
    const found = replay(trace, engine);
    for (const part of [`${ops.length} operations`, `${spikes.length} spikes`]) expect(found).toContain(part);
    expect(found).toContain(`${trace.events.length + 1} inputs`);
  });
});

test('another cycle of a spike is found', () => {
  const trace = goldenOf('odin-lif16');
  at(trace.expected.spikes, 40)[0] += 1;
  expect(replay(trace, 'fast')).toMatch(/^input \d+ \(event .*\): spikes \d+: expected /);
});
