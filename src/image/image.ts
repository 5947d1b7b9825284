import type { Arithmetic, CostTable, Generator, WhenFull } from '../hardware/index.ts';
import type { DomainName, NumberKind, Role } from '../isa/index.ts';
import type { Segments } from '../program/index.ts';

/**
 * How items lie in a bank: rows of `rowLength` items. Each row starts at a word, and no item crosses a word boundary.
 */
export interface Layout {
  /** Index of the bank. */
  readonly bank: number;
  readonly firstWord: number;
  readonly rows: number;
  readonly rowLength: number;
  /** Bits of an item: of one field, or of a record of several fields. */
  readonly itemBits: number;
  readonly itemsPerWord: number;
  readonly wordsPerRow: number;
}

/** What a store does with a value that does not fit. */
export type FieldOverflow = 'saturate' | 'saturate-symmetric' | 'wrap';

/** An array in a bank. */
export interface Field {
  /** `population.field` or `projection.field`. */
  readonly name: string;
  readonly kind: NumberKind;
  readonly storage: 'integer' | 'float32';
  readonly bits: number;
  readonly signed: boolean;
  readonly overflow: FieldOverflow;
  /** Index of the layout that holds it; undefined for a view that is not stored. */
  readonly layout: number | undefined;
  /** First bit of the field within its item; or within its word, if it is kept once per word. */
  readonly bitOffset: number;
  /** Whether all items of a word share one value, which is kept once. */
  readonly perWord: boolean;
  /** Total number of items. */
  readonly count: number;
  /** For a weight: the shadow field that it is a view of, and the number of low bits that the view drops. */
  readonly view: { readonly of: number; readonly droppedBits: number } | undefined;
  /** For a shadow field: the stored view that a store must keep up to date. */
  readonly storedView: number | undefined;
  /** Set for the index of a sparse projection: it stays as compiled, and no kernel names it. */
  readonly fixed?: true | undefined;
  /** Whether a core that only infers still needs it. */
  readonly neededFor: 'inference' | 'learning';
}

/** A bank as the image uses it. */
export interface BankMap {
  readonly name: string;
  readonly wordBits: number;
  readonly usedWords: number;
  readonly capacityBits: number;
  readonly bitMask: boolean;
}

export interface Population {
  readonly name: string;
  readonly size: number;
  /** The position of its first neuron in the population that it is a slice of; 0 if absent. */
  readonly first?: number | undefined;
  /** The value that its spikes carry, if they do. */
  readonly payload?: Payload | undefined;
  /**
   * Set for an input whose spikes enter several times, with delays: how many neurons the host supplies, the first ones. The
   * others receive the same spikes later.
   */
  readonly inputs?: number | undefined;
}

/** A value in the address of a spike: so many bits from bit `shift` on, above the neuron. */
export interface Payload {
  readonly bits: number;
  readonly signed: boolean;
  readonly shift: number;
}

export interface Projection {
  readonly name: string;
  /** Indices of populations. */
  readonly source: number;
  readonly target: number;
  readonly segments: Segments;
  /** Rows of weights and their length; synapse s has the weight s - row x length of row floor(s / length). */
  readonly weightRows: number;
  readonly weightRowLength: number;
  /**
   * Set for a sparse projection, whose weights stand one after the other, row by row. Fields, by index, with an item for
   * each segment: the first target and, where lengths differ, the length.
   */
  readonly index?: { readonly target: number; readonly count: number | undefined } | undefined;
  /**
   * Set if it is the synapses of another projection that have one delay, with that projection's weights and fields: the
   * other's index.
   */
  readonly partOf?: number | undefined;
}

export type ImageOperand =
  | { readonly is: 'register'; readonly register: number }
  | { readonly is: 'number'; readonly value: number }
  /** Index into the image's parameters. */
  | { readonly is: 'parameter'; readonly parameter: number }
  /** Index into the image's fields. */
  | { readonly is: 'field'; readonly role: Role; readonly field: number }
  /** The item's position in its population. */
  | { readonly is: 'index'; readonly role: Role }
  | { readonly is: 'host'; readonly scalar: number }
  /** Index into the image's event scalars. */
  | { readonly is: 'event'; readonly scalar: number }
  /** The value that the spike carries which runs the kernel. */
  | { readonly is: 'payload' }
  /** Index into the image's generators. */
  | { readonly is: 'generator'; readonly generator: number };

export interface ImageInstruction {
  readonly mnemonic: string;
  readonly operands: readonly ImageOperand[];
  /** Which semantics of the operation applies: `real` only on a float32 core. */
  readonly arithmetic: 'integer' | 'real';
  /** Range of the integer result over the whole parameter schedule, if it has one. */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** A kernel bound to a population or a projection. Its index is also its index as a piece of work in the counters. */
export interface BoundKernel {
  /** The kernel's name in microcode. */
  readonly name: string;
  readonly domain: DomainName;
  /** Index of the population (kernels over neurons) or of the projection (kernels over synapses). */
  readonly population: number | undefined;
  readonly projection: number | undefined;
  /** Indices of gate fields. */
  readonly rowGate: number | undefined;
  readonly columnGate: number | undefined;
  /**
   * Set if only part of the domain is visited: the number of pre-synaptic neurons, or of columns (neurons,
   * post-synaptic neurons), from the first on.
   */
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  /** Whether it goes row by row, or tile by tile over the columns, visiting all rows in each tile. */
  readonly order: 'rows' | 'columns';
  readonly code: readonly ImageInstruction[];
  /** What an item counts as in the report. */
  readonly counts: 'sop' | 'update' | undefined;
}

/** When an action of a list runs. Steps count from 0. */
export interface Condition {
  readonly learning: boolean;
  /** Only when a sample is presented for the first time, or only when it is presented again; absent for both. */
  readonly pass?: 'first' | 'replay' | undefined;
  readonly from: number;
  readonly every: number;
  /** Only during this many last steps of a sample; 0 for all steps. */
  readonly last: number;
}

/** An instruction of a list to the core. `work` is an index into the counters' pieces of work. */
export type Action =
  | { readonly does: 'run'; readonly kernel: number }
  | { readonly does: 'deliver'; readonly population: number; readonly spikes: 'emitted' | 'previous' }
  /** Serves the spikes whose delays end in this step. `delayed` is an index into the delayed spikes of the lists. */
  | { readonly does: 'deliver-delayed'; readonly delayed: number }
  /** Keeps the spikes that `from` names until their delays end, in place of those of as many steps ago. */
  | {
      readonly does: 'keep';
      readonly delayed: number;
      /** The input's spikes of this step, a population's of the previous one, or the neurons that a named event gives. */
      readonly from: 'received' | 'previous' | 'event';
      /** Where the core finds the number of the step. */
      readonly step: Extract<ImageOperand, { is: 'host' | 'event' }>;
      readonly work: number;
    }
  | { readonly does: 'clear'; readonly fields: readonly number[]; readonly work: number }
  | { readonly does: 'stop-unless-any'; readonly field: number; readonly work: number }
  /** Items from `after` on take the value of the item `period` before them, like a latch that is not reloaded. */
  | {
      readonly does: 'hold';
      readonly fields: readonly number[];
      readonly after: number;
      readonly period: number;
    }
  | { readonly does: 'group'; readonly condition: Condition; readonly actions: readonly Action[] };

export interface EventLists {
  /** At the start of a sample. */
  readonly sample: readonly Action[];
  /** Each time step. */
  readonly tick: readonly Action[];
  /** For each population, the list that one of its spikes triggers when it leaves the FIFO. */
  readonly spike: readonly (readonly Action[])[];
  /**
   * For each population, the list for each neuron that spiked in the previous step; empty if the core keeps no spikes
   * of the population.
   */
  readonly previousSpike: readonly (readonly Action[])[];
  readonly delayed: readonly DelayedSpikes[];
  readonly named: readonly NamedEvent[];
}

/** A population whose spikes wait for the delays of its synapses. */
export interface DelayedSpikes {
  readonly population: number;
  /**
   * Index of the field in which they wait, a ring: one row for each step of the longest delay, a flag in it for each
   * neuron. The spikes of step t are in row t modulo the number of rows.
   */
  readonly field: number;
  /** By delay, ascending: the list that each of its spikes triggers so many steps later. */
  readonly lists: readonly DelayedList[];
}

/** What spikes trigger when their delay has ended. */
export interface DelayedList {
  readonly delay: number;
  /** What is added to the number of the neuron; 0 if absent. An input with delays has a neuron for each of them. */
  readonly shift?: number | undefined;
  readonly actions: readonly Action[];
}

/** A named event: the list that it triggers, started from outside. */
export interface NamedEvent {
  readonly name: string;
  readonly actions: readonly Action[];
  /** The most items that it emits. */
  readonly mostEmitted: number;
}

/** A value that comes with named events, and its range. */
export interface EventScalar {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/** A compile-time constant or a run-time schedule: its value in each interval of epochs. */
export interface Parameter {
  readonly name: string;
  readonly values: readonly number[];
}

/** Everything that a core needs to run a program: made by the compiler, loaded by the engines. */
export interface Image {
  readonly program: string;
  readonly core: {
    readonly hwModel: string;
    readonly precision: string;
    readonly arithmetic: Arithmetic;
    readonly lanes: number;
    readonly datapathBits: number;
    readonly columnGate: 'skip-tile' | 'clock';
    readonly fifoDepth: number;
    readonly whenFull: WhenFull;
    /** The core's own controller, if it has one: it triggers the named events and receives the emitted spikes. */
    readonly controller: string | undefined;
  };
  readonly seed: number;
  /** The most time steps that a sample may have, with those in which it settles. */
  readonly steps: number;
  /** How many of these follow the steps of a sample, without input; absent for none. */
  readonly settle?: number | undefined;
  /**
   * Set if samples are presented again while the core learns: the field of which an item has to be set when a sample has
   * ended.
   */
  readonly replay?: number | undefined;
  readonly banks: readonly BankMap[];
  readonly layouts: readonly Layout[];
  readonly fields: readonly Field[];
  readonly populations: readonly Population[];
  /** The scalars of a named event. The first two are the neuron and the post-synaptic neuron that it names. */
  readonly eventScalars: readonly EventScalar[];
  /** The population whose spikes the host supplies; -1 for none. */
  readonly input: number;
  /**
   * Set if samples hold the input channel by channel, and the program numbers its neurons by place, then channel: the number
   * of channels.
   */
  readonly inputChannels?: number | undefined;
  readonly projections: readonly Projection[];
  /** Generators that draw operations name, in addition to the lanes' own. */
  readonly generators: readonly Generator[];
  /** First epochs of the intervals of the parameter schedule; the first is 0. */
  readonly epochs: readonly number[];
  readonly parameters: readonly Parameter[];
  readonly kernels: readonly BoundKernel[];
  readonly events: EventLists;
  /** The field whose largest item, at the end of a sample, is the answer; -1 if there is none. */
  readonly readout: number;
  /** Pieces of work in the counters: the kernels in order, then clears and tests. */
  readonly work: readonly string[];
  readonly costs: CostTable;
  /** Initial contents of each bank: bit-packed words, 32 bits per element, little-endian. */
  readonly contents: readonly Uint32Array[];
  readonly provenance: Provenance;
}

export interface Provenance {
  /** Version of Plasticore that compiled it. */
  readonly compiler: string;
  /** Names and SHA-256 of the files that it was compiled from. */
  readonly sources: readonly { readonly file: string; readonly sha256: string }[];
  /** Arrays that filled fields. */
  readonly arrays: readonly ArrayProvenance[];
  /** How many samples its weights were learnt from since; absent for an image as compiled. */
  readonly learnt?: { readonly samples: number } | undefined;
}

/** An array that filled a field. */
export interface ArrayProvenance {
  /** The field that took its values: the shadow weight, for a projection that learns. */
  readonly field: string;
  /** The name of its file, without folders; absent for an array given in code. */
  readonly file?: string;
  /** Its name within the file. */
  readonly array?: string;
  /** SHA-256 of its items as stored: C order, little-endian. */
  readonly sha256: string;
  /** The factor by which its numbers were multiplied. */
  readonly scale: number;
}
