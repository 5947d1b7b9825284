import { flag, list, strictObject, text, whole } from 'plasticore/chips';
import * as z from 'zod';

export const rancFormat = 'ranc-golden/1';

/** The largest hardware that a recording may be of. */
const most = { side: 64, axons: 1024, neurons: 1024, slots: 1024, depth: 256, inputDepth: 2 ** 16 } as const;

const cycle = whole('a cycle', 0);
const count = whole('a count', 0);
const width = (what: string, least: number, widest: number) =>
  whole(`the width of ${what} in bits`, least, widest);
const number = whole('a number of at most 30 bits', -(2 ** 29), 2 ** 29 - 1);
const index = (what: string) => whole(what, 0);
/** `core` counts routers: the output bus has a number, too. */
const core = index('a core');

/** A list of lists, each with the numbers that `names` tells: `[cycle, core]`. */
function rows<const Items extends readonly [z.ZodType, ...z.ZodType[]]>(
  what: string,
  names: string,
  items: Items,
) {
  return list(z.tuple(items, { error: `expected ${what}, ${names}` }), `${what}s`);
}

const powerOfTwo = (what: string, least: number, largest: number) =>
  whole(what, least, largest).refine((value) => Number.isInteger(Math.log2(value)), {
    error: ({ input }) => `expected ${what} (a power of two), found ${input}`,
  });

const config = strictObject({
  grid: z.tuple([whole('columns', 1, most.side), whole('rows', 1, most.side)], {
    error: 'expected the grid, [columns, rows]',
  }),
  output_core: z.tuple([index('a column'), index('a row')], { error: 'expected the output bus, [x, y]' }),
  outputs: whole('a number of outputs', 1, most.axons),
  axons: powerOfTwo('a number of axons', 2, most.axons),
  neurons: whole('a number of neurons', 1, most.neurons),
  slots: powerOfTwo('a number of slots', 2, most.slots),
  axon_types: whole('a number of axon types', 2, 4).refine((value) => value !== 3, {
    error: ({ input }) => `expected 2 or 4 axon types, found ${input}`,
  }),
  potential_width: width('potentials', 2, 30),
  weight_width: width('weights', 2, 30),
  leak_width: width('leaks', 2, 30),
  threshold_width: width('thresholds', 2, 30),
  dx_width: width('dx', 2, 16),
  dy_width: width('dy', 2, 16),
  fifo_depth: whole('the depth of a router FIFO', 1, most.depth),
  input_fifo_depth: whole('the depth of the input FIFO', 1, most.inputDepth),
});

const coreMemories = strictObject({
  xy: z.tuple([index('a column'), index('a row')], { error: 'expected a position, [x, y]' }),
  axon_types: text('a digit for each axon'),
  crossbar: list(text('a hexadecimal number'), 'connections of each neuron'),
  weights: list(list(number, 'a weight for each axon type'), 'weights of each neuron'),
  leak: list(number, 'leaks'),
  pos_threshold: list(number, 'thresholds'),
  neg_threshold: list(number, 'thresholds'),
  reset_potential: list(number, 'potentials'),
  reset_mode: list(flag('0 for a hard reset, 1 for a linear one'), 'modes'),
  potential: list(number, 'potentials'),
  dest: rows('a destination', '[dx, dy, axon, offset]', [
    number,
    number,
    index('an axon'),
    index('an offset'),
  ]),
});

const packet = [number, number, index('an axon'), index('an offset')] as const;

const stimulus = strictObject({
  ticks: list(cycle, 'ticks'),
  packets: rows('a packet', '[cycle, dx, dy, axon, offset]', [cycle, ...packet]),
  end: whole('a cycle', 1),
  axis: strictObject({
    max_packets: whole('the words of the buffer', 2, 2 ** 16),
    bursts: rows('a burst', '[cycle, words]', [
      cycle,
      rows('a word', '[dx, dy, axon, offset]', [...packet]).min(1, { error: 'expected at least one word' }),
    ]),
  }).optional(),
});

const flags = strictObject({
  token_controller_error: rows('an error', '[core, cycle]', [core, cycle]),
  scheduler_error: list(z.never({ error: 'expected nothing: this flag never rises' }), 'nothing'),
  packet_read_error: list(cycle, 'a cycle, or none').optional(),
  fifo_write_error: list(cycle, 'a cycle, or none').optional(),
});

const expected = strictObject({
  core_ticks: rows('a tick of a core', '[tick, core, t0, ready, stalls, synops]', [
    index('a tick'),
    core,
    cycle,
    cycle,
    count,
    count,
  ]),
  potentials: list(list(number, 'potentials of a core'), 'potentials after each tick of a core'),
  spikes: rows('a spike', '[cycle, tick, core, neuron, x, y, axon, offset]', [
    cycle,
    index('a tick'),
    core,
    index('a neuron'),
    ...packet,
  ]),
  deliveries: rows('a delivery', '[cycle, core, axon, offset, slot, fate]', [
    cycle,
    core,
    index('an axon'),
    index('an offset'),
    index('a slot'),
    whole('a fate: 0 stored, 1 set already, 2 lost, 3 stored in the row that is read', 0, 3),
  ]),
  outputs: rows('an output', '[cycle, tick, axon, offset, value]', [
    cycle,
    whole('a tick, or -1', -1),
    index('an axon'),
    index('an offset'),
    index('a value'),
  ]),
  hops: rows('a hop', '[cycle, core, FIFO, dx, dy, axon, offset]', [
    cycle,
    core,
    whole('a FIFO', 0, 11),
    number.nullable(),
    number.nullable(),
    index('an axon'),
    index('an offset'),
  ]).optional(),
  hops_sha256: text('a SHA-256').regex(/^[0-9a-f]{64}$/, { error: 'expected 64 hexadecimal digits' }),
  fifo_writes: list(list(count, 'one for each FIFO', 12), 'one for each router'),
  fifo_max: list(list(count, 'one for each FIFO', 12), 'one for each router'),
  input_fifo_max: count,
  input_drops: rows('a packet that is lost', '[cycle, dx, dy, axon, offset]', [cycle, ...packet]),
  missed_ticks: rows('a missed tick', '[cycle, core]', [cycle, core]),
  flags,
  axis_accepted: list(cycle, 'cycles').optional(),
  final: strictObject({
    potentials: list(list(number, 'potentials').nullable(), 'one for each router'),
    read_pointer: list(index('a slot').nullable(), 'one for each router'),
    pending: rows('a bit', '[core, slot, axon]', [core, index('a slot'), index('an axon')]),
    busy: rows('a busy core', '[core, neuron]', [core, index('a neuron')]),
    fifo: rows('a packet in a FIFO', '[core, FIFO, dx, dy, axon, offset]', [
      core,
      whole('a FIFO', 0, 11),
      number.nullable(),
      number.nullable(),
      index('an axon'),
      index('an offset'),
    ]),
    input_fifo: count,
  }),
});

/** The parts of a recording. Cycles are rising edges, from 0. */
export const rancParts = strictObject({
  format: z.literal(rancFormat),
  name: text('a name'),
  description: text('a description'),
  seed: whole('a seed', 0).nullable(),
  config,
  cores: list(coreMemories.nullable(), 'one for each router'),
  stimulus,
  expected,
});

export type RancTrace = z.infer<typeof rancParts>;
