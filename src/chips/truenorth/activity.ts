import { neurons } from './contents.ts';

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
