import { checkValues } from '../../engine/index.ts';
import type { Mesh } from '../../hardware/index.ts';
import type { CoreImage } from '../../image/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { fieldNamed } from '../controller.ts';

/** Sizes of a core: its axons, its neurons, the types of its axons, and the ticks that its scheduler looks ahead. */
export const axons = 256;
export const neurons = 256;
export const axonTypes = 4;
export const slots = 16;

/** The largest delay of a packet less one tick. After all slots, a packet would meet the slot that is being read. */
export const largestOffset = slots - 2;

/** The fields that a core is loaded with and that do not change while it runs. */
export const contentNames = [
  'axons.type',
  'neurons.w0',
  'neurons.w1',
  'neurons.w2',
  'neurons.w3',
  'neurons.leak',
  'neurons.pos_threshold',
  'neurons.neg_threshold',
  'neurons.reset_mode',
  'neurons.reset_potential',
  'neurons.dx',
  'neurons.dy',
  'neurons.axon',
  'neurons.offset',
] as const;
type ContentName = (typeof contentNames)[number];

/** The contents with which a core is loaded. */
export interface CoreContents {
  readonly fields: Readonly<Record<ContentName, ArrayLike<number>>>;
  /** The crossbar: a bit for each axon and neuron, eight neurons to a byte, the first in the lowest bit. */
  readonly connections: Uint8Array;
}

/** Bytes of an axon's row of connections. */
export const rowBytes = neurons / 8;

/** The contents of a chip's cores. */
export interface ChipContents {
  contentsOf(core: number): CoreContents;
  /** The potentials with which a core begins a sample. */
  potentialsOf(core: number, sample: number): ArrayLike<number>;
}

/** Where a neuron's packets go, in one number: core x 2^12 + axon x 2^4 + offset. */
export const destination = {
  of: (core: number, axon: number, offset: number): number => (core << 12) | (axon << 4) | offset,
  core: (word: number): number => word >>> 12,
  axon: (word: number): number => (word >>> 4) & (axons - 1),
  offset: (word: number): number => word & (slots - 1),
  /** Bits of one on a chip of so many cores: 24 to 28. */
  bits: (cores: number): number => Math.max(24, 12 + Math.ceil(Math.log2(cores))),
} as const;

/**
 * The destinations of a core's neurons, see {@link destination}.
 *
 * @throws PlasticoreError `data` for one beyond the mesh, or a delay that the scheduler cannot keep
 */
export function destinationsOf(mesh: Mesh, core: number, { fields }: CoreContents): Uint32Array {
  const x = mesh.x[core] ?? 0;
  const y = mesh.y[core] ?? 0;
  return Uint32Array.from({ length: neurons }, (_, neuron) => {
    const toX = x + (fields['neurons.dx'][neuron] ?? 0);
    const toY = y + (fields['neurons.dy'][neuron] ?? 0);
    const offset = fields['neurons.offset'][neuron] ?? 0;
    const fail = (message: string): never => {
      throw new PlasticoreError('data', `core ${core}, neuron ${neuron}: ${message}`);
    };
    if (!(toX >= 0 && toX < mesh.columns && toY >= 0 && toY < mesh.rows))
      fail(`its packets go to (${toX}, ${toY}), and the mesh has ${mesh.columns} x ${mesh.rows} cores`);
    if (offset > largestOffset)
      fail(`expected an offset of at most ${largestOffset}, a delay of ${slots - 1} ticks, found ${offset}`);
    return destination.of(mesh.tileAt(toX, toY), fields['neurons.axon'][neuron] ?? 0, offset);
  });
}

/**
 * Checks what a core is loaded with.
 *
 * @throws PlasticoreError `data` for a value that its field cannot hold
 */
export function checkContents(image: CoreImage, { fields, connections }: CoreContents): void {
  for (const name of contentNames) {
    const field = image.fields[fieldNamed(image, name)];
    if (field !== undefined) checkValues(image, field, fields[name]);
  }
  if (connections.length !== axons * rowBytes)
    throw new PlasticoreError(
      'data',
      `expected ${axons * rowBytes} bytes of connections, found ${connections.length}`,
    );
}

/** By axon: how many neurons are connected to it. */
export function fanOutOf({ connections }: CoreContents): Uint16Array {
  const fanOut = new Uint16Array(axons);
  for (let axon = 0, byte = 0; axon < axons; axon++) {
    let connected = 0;
    for (const end = byte + rowBytes; byte < end; byte++) connected += ones[connections[byte] ?? 0] ?? 0;
    fanOut[axon] = connected;
  }
  return fanOut;
}

/** For each byte, how many of its bits are set. */
const ones = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count += 1;
  return count;
});

/** A bit of a packed list. */
export function bitOf(packed: Uint8Array, item: number): number {
  return ((packed[item >> 3] ?? 0) >> (item & 7)) & 1;
}

/** The work of a chip's cores since their counts were reset. */
export interface ChipActivity {
  readonly ticks: number;
  /** Spikes of each neuron, core by core. Each spike is a packet to the neuron's destination. */
  readonly spikes: ArrayLike<number>;
  /** By core: axons that were active, summed over ticks. */
  readonly axons: ArrayLike<number>;
  /** By core: synaptic events, connections of active axons. */
  readonly events: ArrayLike<number>;
  /** By core: ticks in which an axon was active. */
  readonly busyTicks: ArrayLike<number>;
}

/** Activity that is still being counted. */
export class ActivityTally implements ChipActivity {
  ticks = 0;
  readonly spikes: Float64Array;
  readonly axons: Float64Array;
  readonly events: Float64Array;
  readonly busyTicks: Float64Array;

  constructor(cores: number) {
    this.spikes = new Float64Array(cores * neurons);
    this.axons = new Float64Array(cores);
    this.events = new Float64Array(cores);
    this.busyTicks = new Float64Array(cores);
  }

  add({ ticks, spikes, axons, events, busyTicks }: ChipActivity): void {
    this.ticks += ticks;
    addTo(this.spikes, spikes);
    addTo(this.axons, axons);
    addTo(this.events, events);
    addTo(this.busyTicks, busyTicks);
  }

  reset(): void {
    this.ticks = 0;
    for (const counts of [this.spikes, this.axons, this.events, this.busyTicks]) counts.fill(0);
  }
}

function addTo(sums: Float64Array, counts: ArrayLike<number>): void {
  for (let index = 0; index < sums.length; index++) sums[index] = (sums[index] ?? 0) + (counts[index] ?? 0);
}

/** All cores of a chip, which run tick by tick. Implementations differ only in speed. */
export interface ChipCores {
  /** Begins a sample: potentials are set, and no packet is on its way. */
  begin(sample: number): void;
  run(ticks: number): void;
  /** The core that the packets of a neuron go to, by the neuron's number on the chip: core x 256 + neuron. */
  destinationOf(neuron: number): number;
  /** The potentials of a core's neurons after the latest tick. */
  potentialsOf(core: number): ArrayLike<number>;
  activity(): ChipActivity;
  resetActivity(): void;
}
