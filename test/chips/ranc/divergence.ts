import { type Divergence, fifoNames, firstDifference } from 'plasticore/chips';
import type { RancRecording } from './record.ts';
import type { RancTrace } from './trace-parts.ts';

/** An entry of a list of a trace: numbers, one of which is its cycle. */
type Entry = readonly (number | null)[];

/** How to compare one list, and how to speak of its entries. */
interface Comparison {
  /** The kind of an entry: `spike`. */
  readonly what: string;
  readonly want: readonly Entry[];
  readonly have: readonly Entry[];
  cycleOf(entry: Entry): number;
  /** The core of an entry; undefined if it has none. */
  coreOf(entry: Entry): number | undefined;
  describe(entry: Entry): string;
}

interface FirstDifference {
  readonly cycle: number;
  readonly divergence: Divergence;
}

/**
 * The first difference in time between a recording and the expectations of a trace, with its cycle and core. Within a
 * cycle, ticks come before spikes, spikes before hops, and so on. What has no time is compared at the end.
 */
export function rancDivergence(trace: RancTrace, found: RancRecording): Divergence | undefined {
  const differences = [
    ...comparisonsOf(trace, found).map(differenceOf),
    potentialDifference(trace, found),
  ].filter((difference) => difference !== undefined);
  const first = differences.reduce<FirstDifference | undefined>(
    (earliest, difference) =>
      earliest === undefined || difference.cycle < earliest.cycle ? difference : earliest,
    undefined,
  );
  return first?.divergence ?? endDivergence(trace, found.expected);
}

function comparisonsOf({ stimulus, expected, config }: RancTrace, found: RancRecording): Comparison[] {
  const have = found.expected;
  const [columns] = config.grid;
  const output = config.output_core[0] + config.output_core[1] * columns;
  return [
    ...(stimulus.axis === undefined
      ? []
      : [
          cycles('word of the stream accepted', expected.axis_accepted, have.axis_accepted),
          entries('packet of the stream', stimulus.packets, found.packets, packet),
        ]),
    entries('packet lost before the mesh', expected.input_drops, have.input_drops, packet),
    entries(
      'missed tick',
      expected.missed_ticks,
      have.missed_ticks,
      ([cycle, core]) => `core ${core} in cycle ${cycle}`,
      { core: 1 },
    ),
    entries(
      'tick of a core',
      expected.core_ticks,
      have.core_ticks,
      ([tick, core, accepted, ready, stalls, synops]) =>
        `tick ${tick} of core ${core} from ${accepted} to ${ready}, ${stalls} stalls, ${synops} synops`,
      { cycle: 3, core: 1 },
    ),
    entries(
      'spike',
      expected.spikes,
      have.spikes,
      ([cycle, tick, core, neuron, x, y, axon, offset]) =>
        `neuron ${neuron} of core ${core} in cycle ${cycle} of tick ${tick} to (${x}, ${y}), axon ${axon}, offset ${offset}`,
      { core: 2 },
    ),
    ...(expected.hops === undefined
      ? []
      : [entries('FIFO write', expected.hops, found.expected.hops, hop, { core: 1 })]),
    entries('delivery', expected.deliveries, have.deliveries, delivery, { core: 1 }),
    {
      ...entries(
        'output',
        expected.outputs,
        have.outputs,
        ([cycle, tick, axon, offset, value]) =>
          `value ${value} (axon ${axon}, offset ${offset}) in cycle ${cycle} after tick ${tick}`,
      ),
      coreOf: () => output,
    },
    entries(
      'rise of token_controller_error',
      expected.flags.token_controller_error,
      have.flags.token_controller_error,
      ([core, cycle]) => `core ${core} in cycle ${cycle}`,
      { cycle: 1, core: 0 },
    ),
    cycles('rise of packet_read_error', expected.flags.packet_read_error, have.flags.packet_read_error),
    cycles('rise of fifo_write_error', expected.flags.fifo_write_error, have.flags.fifo_write_error),
  ];
}

/** @param places where an entry has its cycle, by default first, and its core, if it has one */
function entries(
  what: string,
  want: readonly Entry[],
  have: readonly Entry[],
  describe: Comparison['describe'],
  places: { readonly cycle?: number; readonly core?: number } = {},
): Comparison {
  const { cycle = 0, core } = places;
  return {
    what,
    want,
    have,
    cycleOf: (entry) => entry[cycle] ?? 0,
    coreOf: (entry) => (core === undefined ? undefined : (entry[core] ?? 0)),
    describe,
  };
}

function cycles(what: string, want: readonly number[] = [], have: readonly number[] = []): Comparison {
  const [wanted, had] = [want, have].map((list) => list.map((cycle): Entry => [cycle]));
  return entries(what, wanted ?? [], had ?? [], ([cycle]) => `in cycle ${cycle}`);
}

function packet([cycle, dx, dy, axon, offset]: Entry): string {
  return `dx ${dx}, dy ${dy}, axon ${axon}, offset ${offset} in cycle ${cycle}`;
}

function differenceOf(comparison: Comparison): FirstDifference | undefined {
  const { what, cycleOf, coreOf, describe } = comparison;
  const difference = firstDifference(comparison.want, comparison.have);
  if (difference === undefined) return undefined;
  const { at, want, have } = difference;
  const [first] = [want, have]
    .filter((entry) => entry !== undefined)
    .map((entry) => ({ cycle: cycleOf(entry), core: coreOf(entry) }))
    .sort((a, b) => a.cycle - b.cycle || (a.core ?? 0) - (b.core ?? 0));
  const { cycle = 0, core } = first ?? {};
  const words = (entry: Entry | undefined): string =>
    entry === undefined ? 'nothing further' : describe(entry);
  return {
    cycle,
    divergence: {
      when: core === undefined ? `cycle ${cycle}` : `cycle ${cycle}, core ${core}`,
      what: `${what} ${at}`,
      expected: words(want),
      found: words(have),
      context: comparison.want.slice(Math.max(0, at - 3), at).map((before) => `before  ${describe(before)}`),
    },
  };
}

/** The first potential that differs after a tick of a core. Ticks that differ themselves are compared elsewhere. */
function potentialDifference(
  { expected }: RancTrace,
  { expected: have }: RancRecording,
): FirstDifference | undefined {
  for (const [at, potentials] of expected.potentials.entries()) {
    const difference = firstDifference(potentials, have.potentials[at] ?? []);
    if (difference === undefined) continue;
    const [tick = 0, core = 0, , cycle = 0] = expected.core_ticks[at] ?? [];
    const what = `potential of neuron ${difference.at} after tick ${tick}`;
    const words = (value: number | undefined): string => (value === undefined ? 'nothing' : String(value));
    const { want, have: found } = difference;
    return {
      cycle,
      divergence: {
        when: `cycle ${cycle}, core ${core}`,
        what,
        expected: words(want),
        found: words(found),
        context: [],
      },
    };
  }
  return undefined;
}

const fates = ['stored', 'set already', 'lost', 'stored in the row that is read'];

function delivery([cycle, core, axon, offset, slot, fate]: Entry): string {
  return `axon ${axon}, offset ${offset}, slot ${slot} of core ${core} in cycle ${cycle}, ${fates[fate ?? 0]}`;
}

function hop([cycle, core, fifo, dx, dy, axon, offset]: Entry): string {
  const way = [dx === null ? '' : `dx ${dx}, `, dy === null ? '' : `dy ${dy}, `].join('');
  return `${fifoNames[fifo ?? 0]} of core ${core} in cycle ${cycle}, ${way}axon ${axon}, offset ${offset}`;
}

function endDivergence({ expected }: RancTrace, found: RancRecording['expected']): Divergence | undefined {
  const when = 'at the end';
  for (const [name, want, have] of [
    ['writes into', expected.fifo_writes, found.fifo_writes],
    ['highest level of', expected.fifo_max, found.fifo_max],
  ] as const) {
    for (const [router, counts] of want.entries()) {
      const difference = firstDifference(counts, have[router] ?? []);
      if (difference !== undefined)
        return item(`${name} ${fifoNames[difference.at]} of core ${router}`, difference);
    }
  }
  for (const [router, potentials] of expected.final.potentials.entries()) {
    const difference = firstDifference(potentials ?? [], found.final.potentials[router] ?? []);
    if (difference !== undefined)
      return item(`potential of neuron ${difference.at} of core ${router}`, difference);
  }
  for (const [name, want, have] of [
    ['read pointers, by core', [expected.final.read_pointer], [found.final.read_pointer]],
    ['bit in a scheduler, [core, slot, axon]', expected.final.pending, found.final.pending],
    ['busy core, [core, neuron]', expected.final.busy, found.final.busy],
    ['packet in a FIFO, [core, FIFO, dx, dy, axon, offset]', expected.final.fifo, found.final.fifo],
    ['level of the input FIFO', [expected.final.input_fifo], [found.final.input_fifo]],
    ['highest level of the input FIFO', [expected.input_fifo_max], [found.input_fifo_max]],
    ['hops_sha256', [expected.hops_sha256], [found.hops_sha256]],
  ] as const) {
    const difference = firstDifference<Entry | number | string>(want, have);
    if (difference !== undefined) return item(name, difference);
  }
  return undefined;

  function item(
    what: string,
    { want, have }: { readonly want: unknown; readonly have: unknown },
  ): Divergence {
    const words = (value: unknown): string =>
      value === undefined ? 'nothing further' : JSON.stringify(value);
    return { when, what, expected: words(want), found: words(have), context: [] };
  }
}
