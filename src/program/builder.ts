import { type Override, PlasticoreError } from '../text/index.ts';
import { createProgram, type ProgramFiles } from './load.ts';
import type { Program } from './program.ts';
import type { ActionSpec, ProgramDescription } from './schema.ts';

/** A program's own properties: its name, how it takes a sample, and whether this asks for a number. */
export type ProgramHead = Pick<
  ProgramDescription,
  'name' | 'description' | 'steps' | 'settle' | 'inputAxes' | 'regression'
>;

/** The named entries of a section of a program, such as its populations. */
type Entry<Section extends keyof ProgramDescription> =
  NonNullable<ProgramDescription[Section]> extends Record<string, infer Value> ? Value : never;
type Events = ProgramDescription['events'];

/**
 * Describes a program step by step; {@link createProgram} takes the same as one object. Builders are immutable: each
 * method returns a new one, so variants can share a common start.
 *
 * @example
 * const net = program({ name: 'pair', steps: 4 })
 *   .population('in', { size: 2 })
 *   .population('out', { size: 1, fields: { v: { bits: 8 } } })
 *   .projection('forward', { from: 'in', to: 'out', initialWeights: { values: [3, -4] } })
 *   .microcode('neuron', { text: integrate })
 *   .input('in')
 *   .tick({ deliver: 'in' })
 *   .spike('in', { run: 'integrate', over: 'forward' })
 *   .readout('out.v')
 *   .create();
 */
export class ProgramBuilder {
  readonly description: ProgramDescription;

  constructor(description: ProgramDescription) {
    this.description = description;
  }

  /** A population: its `size` or `shape`, and the fields of its neurons. */
  population(name: string, population: Entry<'populations'>): ProgramBuilder {
    return this.#with({
      populations: inserted(this.description.populations, name, population, 'populations'),
    });
  }

  /** A projection: `from` and `to`, how it connects, its initial weights, and further fields of its synapses. */
  projection(name: string, projection: Entry<'projections'>): ProgramBuilder {
    return this.#with({
      projections: inserted(this.description.projections, name, projection, 'projections'),
    });
  }

  /** A parameter: a number, a formula, or a schedule by epoch. */
  parameter(name: string, value: Entry<'parameters'>): ProgramBuilder {
    return this.#with({ parameters: inserted(this.description.parameters, name, value, 'parameters') });
  }

  /** A part of the microcode: the name of a file, or `{text: ...}`. */
  microcode(part: string, microcode: Entry<'microcode'>): ProgramBuilder {
    return this.#with({ microcode: inserted(this.description.microcode, part, microcode, 'microcode') });
  }

  /** The population whose spikes the encoder supplies. */
  input(population: string): ProgramBuilder {
    return this.#with({ input: population });
  }

  /** The field whose largest item is the answer, `population.field`. */
  readout(field: string): ProgramBuilder {
    return this.#with({ readout: field });
  }

  /** Further actions at the start of a sample. */
  sample(...actions: readonly ActionSpec[]): ProgramBuilder {
    return this.#events({ sample: [...(this.description.events.sample ?? []), ...actions] });
  }

  /** Further actions in each time step. */
  tick(...actions: readonly ActionSpec[]): ProgramBuilder {
    return this.#events({ tick: [...(this.description.events.tick ?? []), ...actions] });
  }

  /** Further actions for each spike of a population, in the step in which it is emitted. */
  spike(population: string, ...actions: readonly ActionSpec[]): ProgramBuilder {
    return this.#events({ spike: this.#appended('spike', population, actions) });
  }

  /** Further actions for each neuron of a population that spiked in the step before. */
  previousSpike(population: string, ...actions: readonly ActionSpec[]): ProgramBuilder {
    return this.#events({ previousSpike: this.#appended('previousSpike', population, actions) });
  }

  /** Further actions for a named event, which the controller of a chip triggers. */
  on(event: string, ...actions: readonly ActionSpec[]): ProgramBuilder {
    return this.#events({ on: this.#appended('on', event, actions) });
  }

  /** A value that comes with named events, `ev.NAME` in microcode. */
  scalar(name: string, scalar: NonNullable<Events['scalars']>[string]): ProgramBuilder {
    return this.#events({ scalars: inserted(this.description.events.scalars, name, scalar, 'scalars') });
  }

  /**
   * The program.
   * @param overrides replace parts of the program before it is checked
   * @param files needed if it names any
   * @param overrides replace parts of it before it is checked
   * @throws PlasticoreError for the faults that {@link createProgram} finds
   */
  create(files?: ProgramFiles, overrides?: readonly Override[]): Program {
    return createProgram(this.description, files, overrides);
  }

  #with(change: Partial<ProgramDescription>): ProgramBuilder {
    return new ProgramBuilder({ ...this.description, ...change });
  }

  #events(change: Partial<Events>): ProgramBuilder {
    return this.#with({ events: { ...this.description.events, ...change } });
  }

  #appended(list: 'spike' | 'previousSpike' | 'on', name: string, actions: readonly ActionSpec[]) {
    const lists = this.description.events[list] ?? {};
    return { ...lists, [name]: [...(lists[name] ?? []), ...actions] };
  }
}

/** Begins a program; see {@link ProgramBuilder}. */
export function program(head: ProgramHead): ProgramBuilder {
  return new ProgramBuilder({ ...head, populations: {}, microcode: {}, events: {} });
}

/** Adds an entry to a mapping; its name must be new. */
function inserted<Value>(
  known: Readonly<Record<string, Value>> | undefined,
  name: string,
  value: Value,
  section: string,
): Record<string, Value> {
  if (known === undefined || !Object.hasOwn(known, name)) return { ...known, [name]: value };
  throw new PlasticoreError('invalid-value', `${section}: '${name}' is defined twice`);
}
