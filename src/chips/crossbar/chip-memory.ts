import { axons, axonTypes, type CoreContents, destination, neurons, slots } from './contents.ts';

/** A cache line: what one thread writes shares none with what others do. */
export const lineBytes = 64;

/** Bytes of a number of 16 bits for each neuron of a core. */
export const planeBytes = 2 * neurons;

/**
 * Byte addresses in the memory of a chip. Regions of `coreBytes` hold one part for each core, in order: a tick reads
 * them from one end to the other, so they have no more bits than the numbers need. What is not used takes no memory.
 */
export interface ChipMemory extends Readonly<Record<keyof typeof coreBytes, number>> {
  readonly cores: number;
  readonly threads: number;
  /**
   * A thread runs neighbouring cores, in groups of 2 to the power of so many: first it finds all axons that are active
   * in a group. The last thread, and its last group, may have fewer cores.
   */
  readonly groupBits: number;
  readonly coresPerThread: number;
  /** Groups, and a few more, so that those of a slot fill whole lines. */
  readonly groups: number;
  /**
   * For each slot, a bucket for each group and each thread that sends packets to it. A packet of 16 bits is the number
   * of an axon in its group, above which there may be other bits.
   *
   * A neuron has one destination and one delay, so that in any 16 ticks a slot takes at most one packet of it: a bucket
   * has room for as many as there are neurons that send to it.
   */
  readonly buckets: number;
  readonly slotBytes: number;
  /**
   * For each thread and group, the start of their bucket of the first slot; for each thread, slot and group, its end.
   */
  readonly bases: number;
  readonly tails: number;
  /** For each thread, a bit for each axon of a group that is active, and then one for each neuron that has spiked. */
  readonly bits: number;
  /** For each thread: the active axons of a group, each with the places of its row and its weights. */
  readonly active: number;
  /** For each thread: where the destinations of the spikes of a group are. */
  readonly sent: number;
  /** Bits of a destination. Those above them count spikes, so that a spike needs one line of the cache for both. */
  readonly destinationBits: number;
  /** For each set of rules that some core has, at most one for each core: a plane for each of `ruleNames`. */
  readonly rules: number;
  readonly bytes: number;
}

/** Bytes of each region for a core. */
export const coreBytes = {
  /** A line of numbers, see `recordBytes`, and one with two bits for the type of each axon. */
  records: 2 * lineBytes,
  /** A bit for each axon and neuron, see `packCrossbar`. */
  crossbar: (axons * neurons) / 8,
  /** The low 16 bits of each potential, and the upper ones, which are only kept while they are needed. */
  potentials: planeBytes,
  upper: planeBytes,
  /** 32 bits for each neuron: its destination, see `destination`, and above it how often it has spiked. */
  destinations: 4 * neurons,
  /** For each half of the neurons and each type, weights of 8 bits or 16, whichever the core needs: half of it if 8. */
  weights: axonTypes * planeBytes,
} as const;

/** Neurons whose bits are a vector of a row of the crossbar, and whose weights are together. */
export const half = neurons / 2;

/** Byte addresses in a core's record, of 32 bits each. */
export const recordBytes = {
  /** Where its rules are, and its weights. */
  rules: 0,
  weights: 4,
  /** Bytes of the weights of a type for half of the neurons. */
  typeBytes: 8,
  /** Bytes of the list of active axons whose weights can be added in lanes of the weights' width. */
  most: 12,
  /** Its potentials are between -bound and bound. */
  bound: 16,
  /** How far the bound moves in a tick, and for each active axon, until potentials are looked at again. */
  drift: 20,
  step: 24,
  /** The least bound: a neuron that is reset may come so far. */
  least: 28,
  /** Whether nothing changes in a tick without active axons. */
  isAtRest: 32,
} as const;
export type RecordName = keyof typeof recordBytes;

/** Behind them, 64 bits each for what is counted. */
export const countBytes = { axons: 40, events: 48, busyTicks: 56 } as const;
export type CountName = keyof typeof countBytes;

/** The planes of rules. Where a number may need more than 16 bits, its upper ones are a plane of their own. */
const ruleNames = [
  'leak',
  /** Above which a neuron spikes, and below which it is reset. They are never both the case. */
  'above',
  'below',
  /** All bits are set if the threshold is not subtracted: the potential becomes zero before the following are added. */
  'clears',
  /** The numbers added to the potential after a spike, and below the negative threshold. */
  'afterAbove',
  'afterBelow',
  'afterAboveUpper',
  'afterBelowUpper',
] as const;
export type RuleName = (typeof ruleNames)[number];
export const ruleBytes = ruleNames.length * planeBytes;

/** Where a plane of rules is. */
export function planeOf(name: RuleName): number {
  return ruleNames.indexOf(name) * planeBytes;
}

/** Bytes of a bit for each axon, or each neuron, of a core. */
export const bitBytes = neurons / 8;

/** Bytes of an active axon in a list of them: a place of 32 bits for the row, one for the weights. */
export const axonBytes = 8;

/** The memory for the cores of a chip, and for the threads that run them. */
export function chipMemory(cores: number, threads: number): ChipMemory {
  // Lists of a group fit the nearest caches, and so do the ends of all buckets.
  const groupBits = Math.max(0, Math.min(6, Math.floor(Math.log2(cores / threads)) - 3));
  const groupSize = 2 ** groupBits;
  const coresPerThread = groupSize * Math.ceil(cores / threads / groupSize);
  const groups = wholeLines(4 * Math.ceil(cores / groupSize)) / 4;
  let bytes = 0;
  const take = (size: number): number => {
    const first = bytes;
    bytes += wholeLines(size);
    return first;
  };
  const parts = Object.entries(coreBytes).map(([name, size]) => [name, take(size * cores)]);
  const slotBytes = 2 * neurons * cores + lineBytes * groups * threads;
  return {
    ...(Object.fromEntries(parts) as Record<keyof typeof coreBytes, number>),
    cores,
    threads,
    groupBits,
    coresPerThread,
    groups,
    slotBytes,
    bases: take(4 * groups * threads),
    tails: take(4 * groups * threads * slots),
    bits: take(2 * bitBytes * groupSize * threads),
    active: take(axonBytes * axons * groupSize * threads),
    sent: take(4 * neurons * groupSize * threads),
    destinationBits: destination.bits(cores),
    rules: take(cores * ruleBytes),
    buckets: take(slotBytes * slots),
    bytes,
  };
}

/** Bytes, up to the end of a line. */
export function wholeLines(bytes: number): number {
  return Math.ceil(bytes / lineBytes) * lineBytes;
}

/** Groups of neurons, a bit of each byte of a vector for each. */
export const groupsOfVector = 8;

/** For each four bits, the bytes that have them as their lowest. */
const spread = Uint32Array.from({ length: 16 }, (_, bits) =>
  [0, 1, 2, 3].reduce((bytes, bit) => bytes + ((bits >> bit) & 1) * 2 ** (8 * bit), 0),
);

/**
 * Packs the crossbar as masks of lanes are made of it: of each half of a row, byte b has, from the highest bit down,
 * neurons b, 16 + b, 32 + b and so on.
 */
export function packCrossbar({ connections }: CoreContents, rows: Uint32Array): void {
  for (let word = 0; word < rows.length; word++) {
    const part = word % 4;
    const first = 16 * Math.floor(word / 4) + (part >> 1);
    let bytes = 0;
    for (let group = 0; group < groupsOfVector; group++) {
      const bits = ((connections[first + 2 * group] ?? 0) >> (4 * (part & 1))) & 15;
      bytes |= (spread[bits] ?? 0) << (groupsOfVector - 1 - group);
    }
    rows[word] = bytes;
  }
}

/** The rules of a core's neurons, and what they say about how potentials move. */
interface Rules {
  /** Plane by plane, see `ruleNames`. */
  readonly planes: Int16Array;
  /** How much further from zero a potential may be after a tick without weights. */
  readonly drift: number;
  /** How far from zero a neuron may be that has been reset to a potential. */
  readonly least: number;
  /** Whether a neuron is reset, rather than its threshold subtracted. */
  readonly clears: boolean;
}

/** The rules of a core's neurons. */
export function packRules({ fields }: CoreContents): Rules {
  const planes = new Int16Array(ruleBytes / 2);
  let [leaks, thresholds, least] = [0, 0, 0];
  let clears = false;
  for (let neuron = 0; neuron < neurons; neuron++) {
    const of = (name: keyof typeof fields): number => fields[name][neuron] ?? 0;
    const set = (name: RuleName, value: number): void => {
      planes[planeOf(name) / 2 + neuron] = value;
    };
    const [leak, positive, negative] = [
      of('neurons.leak'),
      of('neurons.pos_threshold'),
      of('neurons.neg_threshold'),
    ];
    const [subtracts, reset] = [of('neurons.reset_mode') === 1, of('neurons.reset_potential')];
    set('leak', leak);
    set('above', positive - 1);
    set('below', Math.min(negative, positive));
    set('clears', subtracts ? 0 : -1);
    for (const [name, after] of [
      ['afterAbove', subtracts ? -positive : reset],
      ['afterBelow', subtracts ? -negative : -reset],
    ] as const) {
      set(name, after);
      set(`${name}Upper`, after >> 16);
    }
    leaks = Math.max(leaks, Math.abs(leak));
    // Beyond a threshold of its own sign, subtraction brings a potential nearer to zero.
    if (subtracts) thresholds = Math.max(thresholds, -positive, negative);
    else least = Math.max(least, Math.abs(reset));
    clears ||= !subtracts;
  }
  return { planes, drift: leaks + thresholds, least, clears };
}
