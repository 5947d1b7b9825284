import { type Divergence, firstDifference, type Verdict } from '../api.ts';
import type { OdinExpected } from './record.ts';
import type { OdinTrace } from './trace.ts';

/** Whether what was found is all that a trace states. */
export function odinVerdict(trace: OdinTrace, found: OdinExpected): Verdict {
  const divergence = odinDivergence(trace, found);
  if (divergence !== undefined) return { agrees: false, divergence };
  const { event_cycles, ops, spikes, counters } = trace.expected;
  const summary = `${event_cycles.length} events, ${ops.length} operations and ${spikes.length} spikes to the cycle (${counters.end_cycle} in all), neurons, synapses, conditions, memory accesses`;
  return { agrees: true, summary };
}

/** The first difference in time between two recordings. */
interface FirstDifference {
  readonly cycle: number;
  readonly divergence: Omit<Divergence, 'when'>;
}

/**
 * The first difference in time between a recording and the expectations of a trace. Among values without a time, the
 * first in the order of neurons, conditions, synapses and counters.
 */
function odinDivergence(trace: OdinTrace, found: OdinExpected): Divergence | undefined {
  const { expected } = trace;
  const differences = [
    operationDifference(expected, found),
    spikeDifference(expected, found),
    eventDifference(trace, found),
  ].filter((difference) => difference !== undefined);
  const [first] = differences.sort((a, b) => a.cycle - b.cycle);
  if (first !== undefined) return { when: whenOf(trace, found, first.cycle), ...first.divergence };
  return endDivergence(trace, found);
}

function operationDifference({ ops }: OdinExpected, found: OdinExpected): FirstDifference | undefined {
  const difference = firstDifference(ops, found.ops);
  if (difference === undefined) return undefined;
  const { at, want, have } = difference;
  return {
    cycle: Math.min(want?.[0] ?? Number.POSITIVE_INFINITY, have?.[0] ?? Number.POSITIVE_INFINITY),
    divergence: {
      what: `operation ${at}`,
      expected: want === undefined ? 'no further operation' : operation(want),
      found: have === undefined ? 'no further operation' : operation(have),
      context: ops.slice(Math.max(0, at - 3), at).map((before) => `before  ${operation(before)}`),
    },
  };
}

function spikeDifference({ spikes }: OdinExpected, found: OdinExpected): FirstDifference | undefined {
  const difference = firstDifference(spikes, found.spikes);
  if (difference === undefined) return undefined;
  const { at, want, have } = difference;
  return {
    cycle: Math.min(want?.[0] ?? Number.POSITIVE_INFINITY, have?.[0] ?? Number.POSITIVE_INFINITY),
    divergence: {
      what: `spike ${at}`,
      expected: want === undefined ? 'no further spike' : spike(want),
      found: have === undefined ? 'no further spike' : spike(have),
      context: spikes.slice(Math.max(0, at - 3), at).map((before) => `before  ${spike(before)}`),
    },
  };
}

const phases = ['request', 'start', 'acknowledge', 'done', 'idle'] as const;

function eventDifference({ events, expected }: OdinTrace, found: OdinExpected): FirstDifference | undefined {
  for (const [at, want] of expected.event_cycles.entries()) {
    const have = found.event_cycles[at];
    const phase = want.findIndex((cycle, index) => cycle !== have?.[index]);
    if (phase < 0) continue;
    const cycle = have?.[phase];
    return {
      cycle: Math.min(want[phase] ?? Number.POSITIVE_INFINITY, cycle ?? Number.POSITIVE_INFINITY),
      divergence: {
        what: `cycle of the ${phases[phase]} of event ${at} (${hex(events[at]?.[1] ?? 0)})`,
        expected: String(want[phase]),
        found: cycle === undefined ? 'nothing' : String(cycle),
        context: [],
      },
    };
  }
  return undefined;
}

function endDivergence(trace: OdinTrace, found: OdinExpected): Divergence | undefined {
  const { expected, synapses } = trace;
  const when = 'at the end';
  for (const name of ['core', 'calcium', 'caleak_cnt'] as const) {
    const difference = firstDifference(expected.final_neurons[name], found.final_neurons[name]);
    if (difference !== undefined) return item(`${name} of neuron ${difference.at}`, difference);
  }
  const word = firstDifference(expected.final_neuron_words, found.final_neuron_words);
  if (word !== undefined) return item(`word of neuron ${word.at}`, word);
  for (const [name, want, have] of [
    ['up', expected.final_up, found.final_up],
    ['down', expected.final_down, found.final_down],
  ] as const) {
    const neuron = [...want, ...have]
      .sort((a, b) => a - b)
      .find((n) => want.includes(n) !== have.includes(n));
    if (neuron === undefined) continue;
    const [has, lacks] = ['set', 'not set'];
    return {
      when,
      what: `flag ${name} of neuron ${neuron}`,
      expected: want.includes(neuron) ? has : lacks,
      found: have.includes(neuron) ? has : lacks,
      context: [],
    };
  }
  for (const [pre, before] of synapses.entries()) {
    const want = expected.final_synapses?.[pre] ?? before;
    const have = found.final_synapses?.[pre] ?? before;
    const difference = firstDifference([...want], [...have]);
    if (difference === undefined) continue;
    const context = [`it was ${synapse(before[difference.at])} at the start`];
    return {
      when,
      what: `synapse from ${pre} to ${difference.at}`,
      expected: synapse(difference.want),
      found: synapse(difference.have),
      context,
    };
  }
  for (const [name, want] of Object.entries(expected.counters)) {
    const have = found.counters[name as keyof OdinExpected['counters']];
    if (want !== have) return { when, what: name, expected: String(want), found: String(have), context: [] };
  }
  return undefined;

  function item(what: string, { want, have }: { want: unknown; have: unknown }): Divergence {
    return { when, what, expected: String(want), found: String(have), context: [] };
  }
}

/** The event and the operation during a cycle, according to the expectations up to there. */
function whenOf({ events, expected }: OdinTrace, found: OdinExpected, cycle: number): string {
  const next = expected.event_cycles.findIndex(([request = 0]) => request > cycle);
  const event = next < 0 ? expected.event_cycles.length - 1 : next - 1;
  const under = expected.ops.findLast(([start, , , cycles]) => start <= cycle && cycle < start + cycles);
  const running =
    under ?? found.ops.findLast(([start, , , cycles]) => start <= cycle && cycle < start + cycles);
  const [mode = 0, address = 0] = events[event] ?? [];
  const place = running === undefined ? '' : `, ${operation(running)}`;
  return `event ${event} (${hex(address)}, ${mode === 0 ? 'drained' : 'back to back'}), cycle ${cycle}${place}`;
}

function operation([start, kind, argument, cycles, stalls]: OdinExpected['ops'][number]): string {
  const stalled = stalls === 0 ? '' : `, ${stalls} of them stalls`;
  return `${kind} of ${hex(argument)} at ${start} for ${cycles} cycles${stalled}`;
}

const fates = ['lost', 'pushed', 'sent in open loop'];

function spike([cycle, neuron, fate]: OdinExpected['spikes'][number]): string {
  return `neuron ${neuron} in cycle ${cycle}, ${fates[fate]}`;
}

function synapse(digit: string | undefined): string {
  const nibble = Number.parseInt(digit ?? '0', 16);
  return `weight ${nibble & 7}, ${nibble >= 8 ? 'mapped' : 'unmapped'}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
