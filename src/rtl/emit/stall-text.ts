import { indexBits } from '../plan/widths.ts';
import type { CoreContext } from './context.ts';
import { literal, onClock, reg, type Verilog, when, wire } from './verilog.ts';

/** Where the walker is in a row: it goes back there where tiles are dropped. */
export const walkerPlaces = [
  'segment_now',
  'segments_left',
  'segment_goes_on',
  'segment_next_tile',
  'segment_next_place',
];

/** The signals of waiting kernels that the sequencer needs before it. */
export function stallFacts({ plan }: CoreContext): Verilog {
  const { levels } = plan.waiting;
  if (levels === 1) return ["wire suspends_early = 1'b0;", "wire wakes = 1'b0;"];
  const bits = indexBits(levels);
  return [
    reg(bits, 'level'),
    'wire suspends, suspends_early, suspends_late, suspend_ends, wait_resumes, waits_too_deep;',
    'wire suspended_last;',
    reg(undefined, 'suspending', 'suspended'),
    wire(bits, 'level_below', `level - ${literal(1, bits)}`),
  ];
}

/** A register of a run that waits, one for each level that may wait: the name at a level. */
function waitAt({ plan }: CoreContext, name: string, level: 'level' | 'level_below'): string {
  return plan.waiting.levels === 2 ? name : `${name}[${level}]`;
}

/** The part of the run below that waits, and the part of it that enters the FIFO when it wakes. */
export function waitingAt(context: CoreContext, part: 'population' | 'tile' | 'values'): string {
  return waitAt(context, `wait_${part}`, 'level_below');
}

/** How kernels wait for room in the FIFO. */
export function stallText(context: CoreContext): Verilog {
  const { plan, widths } = context;
  const { lanes, tile, value, population, cycle } = widths;
  const { kernels: waiting, levels, servedEmits } = plan.waiting;
  if (levels === 1) return [];
  const levelBits = indexBits(levels);
  const copies = levels === 2 ? '' : ` [0:${levels - 1}]`;
  const deepest = Math.max(...waiting.map(({ schedule }) => 2 + schedule.phases));
  const none = literal(0, cycle);
  const here = (name: string): string => waitAt(context, name, 'level');
  const below = (name: string): string => waitAt(context, name, 'level_below');
  const room = servedEmits ? sharedRoom(context) : ownRoom(context);
  return [
    '// ---- kernels that wait for room',
    'assign suspends = push_valid & push_overflows & emits;',
    '// younger tiles have entered, or the tile is still in its interval',
    'assign suspends_early = suspends & emits_early;',
    'assign suspends_late = (suspending | (suspends & ~emits_early)) & tile_ends;',
    reg(cycle, 'suspend_last'),
    `assign suspend_ends = (suspends_early & suspend_cycles == ${none}) | (state == SUSPEND & count == suspend_last);`,
    reg(deepest, 'last_seen'),
    wire(deepest + 1, 'last_history', '{last_seen, tile_last}'),
    reg(undefined, `waits_last${copies}`),
    reg(population, `wait_population${copies}`),
    reg(tile, `wait_tile${copies}`),
    reg(lanes, `wait_lanes${copies}`),
    value > 0 && reg(lanes * value, `wait_values${copies}`),
    wire(lanes, 'wait_left', below('wait_lanes')),
    room.declared,
    'assign wait_resumes = ~wait_overflows;',
    `assign suspended_last = ${below('waits_last')};`,
    `assign waits_too_deep = suspend_ends & level == ${literal(levels - 1, levelBits)};`,
    onClock(
      `last_seen <= last_history[${deepest - 1}:0];`,
      'suspended <= ~rst & suspend_ends;',
      when(
        'rst',
        [`level <= ${literal(0, levelBits)};`, "suspending <= 1'b0;"],
        [
          "if (suspends & ~emits_early & ~tile_ends) suspending <= 1'b1;",
          "if (suspends_late) suspending <= 1'b0;",
          when('suspends_early', [
            `suspend_last <= suspend_cycles - ${literal(1, cycle)};`,
            `${here('waits_last')} <= last_history[${indexBits(deepest + 1)}'(emit_delay)];`,
          ]),
          when('suspends_late', ['suspend_last <= drain_last;', `${here('waits_last')} <= tile_last;`]),
          when('suspends', [
            `${here('wait_population')} <= push_population;`,
            `${here('wait_tile')} <= push_tile;`,
            `${here('wait_lanes')} <= push_lanes & ~push_kept;`,
            value > 0 && `${here('wait_values')} <= push_values;`,
            room.suspends,
          ]),
          when(
            'suspend_ends',
            `level <= level + ${literal(1, levelBits)};`,
            when('decides & wakes', [
              `${below('wait_lanes')} <= wait_rest;`,
              room.wakes,
              'if (wait_resumes) level <= level_below;',
            ]),
          ),
        ],
      ),
    ),
  ];
}

/** How the spikes that wait find room: what is declared, and what is kept of it when a run is suspended, or wakes. */
interface WaitingRoom {
  readonly declared: Verilog;
  readonly suspends: Verilog;
  readonly wakes: Verilog;
}

/**
 * Where no kernel that serves a spike emits, the spike that has been served leaves room for one, and nothing else takes
 * it: the lowest lane enters.
 */
function ownRoom({ widths: { lanes, room } }: CoreContext): WaitingRoom {
  const one = literal(1n, lanes);
  return {
    declared: [
      '// a spike that has been served leaves room for the lowest lane that waits',
      wire(lanes, 'wait_rest', `wait_left & (wait_left - ${one})`),
      wire(lanes, 'wait_kept', 'wait_left & ~wait_rest'),
      wire(lanes, 'wait_next', `wait_rest & ~(wait_rest - ${one})`),
      wire(room, 'wait_spikes', literal(1, room)),
      wire(room, 'wait_leaves', literal(0, room)),
      "wire wait_enters = 1'b1;",
      'wire wait_overflows = |wait_rest;',
    ],
    suspends: [],
    wakes: [],
  };
}

/** Where kernels that serve spikes emit, they take and leave room: each lane counts the lanes that wait before it. */
function sharedRoom({ plan, widths: { lanes, room } }: CoreContext): WaitingRoom {
  const copies = `[0:${plan.waiting.levels - 1}]`;
  const number = 'wait_number[level_below]';
  const ranks = Array.from({ length: lanes }, (_, lane) => `wait_below_${lane}`);
  return {
    declared: [
      // Something may enter the FIFO in the cycle in which a run that waits goes on.
      wire(room, 'wait_room', 'fifo_room'),
      '// how many lanes wait below each of them, and in all',
      reg(room, ...[...ranks, 'wait_number'].map((rank) => `${rank} ${copies}`)),
      roomText({
        ...{ name: 'wait', asking: 'wait_left', lanes, below: (lane) => `wait_below_${lane}[level_below]` },
        ...{ number, bits: room, tells: true, room: 'wait_room' },
      }),
      wire(lanes, 'wait_rest', 'wait_left & ~wait_kept'),
      wire(lanes, 'wait_next', `wait_told & (wait_left - ${literal(1n, lanes)})`),
      wire(room, 'wait_leaves', `wait_overflows ? ${literal(0, room)} : wait_room - ${number}`),
      `wire wait_enters = wait_room != ${literal(0, room)};`,
    ],
    suspends: [
      ranks.map((rank, lane) => `${rank}[level] <= push_below_${lane} - fifo_free;`),
      'wait_number[level] <= push_number - fifo_free;',
    ],
    wakes: [
      ranks.map((rank) => `${rank}[level_below] <= ${rank}[level_below] - wait_room;`),
      `${number} <= ${number} - wait_room;`,
    ],
  };
}

/** A register of so many bits that shows where the walker was, and the text that takes it there. */
export function backText({ plan, widths }: CoreContext, name: string, bits: number | undefined): Verilog {
  const { cycle } = widths;
  const { kernels: waiting } = plan.waiting;
  if (waiting.length === 0) return [];
  const most = Math.max(
    1,
    ...waiting.map(({ schedule, intervalCycles }) => 2 + schedule.phases - intervalCycles),
  );
  const [was, w] = [`${name}_was`, `${name}_w`];
  return [
    reg(bits, `${was} [0:${most - 1}]`),
    `integer ${w};`,
    onClock(
      `${was}[0] <= ${name};`,
      `for (${w} = 1; ${w} < ${most}; ${w} = ${w} + 1) ${was}[${w}] <= ${was}[${w} - 1];`,
    ),
    wire(
      bits,
      `${name}_back`,
      `back == ${literal(0, cycle)} ? ${name} : ${was}[${indexBits(most)}'(back - ${literal(1, cycle)})]`,
    ),
  ];
}

/** The places of the walker in segments, where it goes back. */
export function placesBack(): Verilog {
  return walkerPlaces.map((name) => `${name} <= ${name}_back;`);
}

/** Lanes that ask for room, how many of them are below each, and how much room there is. */
interface Room {
  /** The names of what is declared begin with it. */
  readonly name: string;
  /** The vector of lanes that ask. */
  readonly asking: string;
  readonly lanes: number;
  /** The number of lanes that ask below a lane, and of all of them. */
  readonly below: (lane: number) => string;
  readonly number: string;
  /** How many find room, in so many bits. */
  readonly room: string;
  readonly bits: number;
  /** Whether lanes are told up to the first one that is left. */
  readonly tells: boolean;
}

/**
 * Declares `NAME_kept`, the lowest lanes that find room, `NAME_spikes`, how many these are, and `NAME_overflows`,
 * whether others are left; `NAME_told`, if asked for, has the first of those too. Each lane compares the number of
 * lanes below it with the room: no lane waits for the one before.
 */
export function roomText({ name, asking, lanes, below, number, room, bits, tells }: Room): Verilog {
  const declared = (what: string, compares: string): Verilog => [
    wire(lanes, `${name}_${what}`),
    Array.from(
      { length: lanes },
      (_, lane) =>
        `assign ${name}_${what}[${lane}] = ${asking}[${lane}] & ${below(lane)} ${compares} ${room};`,
    ),
  ];
  return [
    declared('kept', '<'),
    tells && declared('told', '<='),
    `wire ${name}_overflows = ${number} > ${room};`,
    wire(bits, `${name}_spikes`, `${name}_overflows ? ${room} : ${number}`),
  ];
}

/** Lanes are counted in groups of so many, since a lookup table counts four bits. */
const groupLanes = 4;

/** Declares `NAME_below_LANE` and `NAME_number`, in so many bits: a cycle after the vector whose lanes they count. */
export function countText(name: string, vectorName: string, lanes: number, bits: number): Verilog {
  const declared: string[] = [];
  const counts: (readonly [what: string, text: string])[] = [];
  const groups: string[] = [];
  for (let first = 0; first < lanes; first += groupLanes) {
    const names = Array.from(
      { length: Math.min(groupLanes, lanes - first) },
      (_, lane) => `${vectorName}[${first + lane}]`,
    );
    for (const lane of names.keys())
      counts.push([
        `${name}_below_${first + lane}`,
        sumOf([...groups, ...(lane === 0 ? [] : [`${bits}'(${onesOf(names.slice(0, lane))})`])], bits),
      ]);
    const group = `${name}_from_${first}`;
    declared.push(wire(bits, group, `${bits}'(${onesOf(names)})`));
    groups.push(group);
  }
  counts.push([`${name}_number`, sumOf(groups, bits)]);
  return [
    declared,
    reg(bits, ...counts.map(([what]) => what)),
    onClock(counts.map(([what, text]) => `${what} <= ${text};`)),
  ];
}

/** A sum in so many bits, of halves: no adder waits for all others. */
function sumOf(terms: readonly string[], bits: number): string {
  const [first = literal(0, bits)] = terms;
  if (terms.length < 2) return first;
  const half = 2 ** (Math.ceil(Math.log2(terms.length)) - 1);
  const parts = [terms.slice(0, half), terms.slice(half)].map((part) => sumOf(part, bits));
  return `(${parts.join(' + ')})`;
}

/** How many of up to four bits are set, each of its three bits a function of them. */
function onesOf(names: readonly string[]): string {
  const [a = "1'b0", b = "1'b0", c = "1'b0", d = "1'b0"] = names;
  const all = `(${a} & ${b} & ${c} & ${d})`;
  const two = `((${a} & ${b}) | (${c} & ${d}) | ((${a} | ${b}) & (${c} | ${d})))`;
  return `{${all}, ${two} & ~${all}, ${a} ^ ${b} ^ ${c} ^ ${d}}`;
}
