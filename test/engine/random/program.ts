import { leftOutOf } from '../../../src/compiler/frozen/index.ts';
import { learningProjections } from '../../../src/compiler/gates.ts';
import { type CompileOptions, compileCore } from '../../../src/compiler/index.ts';
import type { SpikeTrain } from '../../../src/data/index.ts';
import type { HwModel } from '../../../src/hardware/index.ts';
import type { CoreImage, PlaceInPass, ProgramView } from '../../../src/image/index.ts';
import { assemble, type DomainName } from '../../../src/isa/index.ts';
import type { ActionSpec, Program, ProgramSpec } from '../../../src/program/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';
import { spikeTrain } from '../../support/core.ts';
import { withDelays, withEntries } from './delays.ts';
import { Dice } from './dice.ts';
import { withFewSynapses } from './empty.ts';
import { withPayloads } from './graded.ts';
import { type KernelText, randomKernel, textOf } from './kernel.ts';
import { precisionOn, randomMachine } from './machine.ts';
import { type Network, randomNetwork } from './network.ts';
import { withPositions } from './positions.ts';
import { withReplay } from './replay.ts';
import { listedTargets } from './sparse.ts';
import { withEnds } from './until.ts';

export interface Sample {
  readonly epoch: number;
  readonly label: number;
  readonly learn: boolean;
  /** Its place in a pass over the data; absent if it is presented alone. */
  readonly place?: PlaceInPass | undefined;
  /** Input spikes by step. */
  readonly spikes: readonly (readonly number[])[];
}

/** A named event that is triggered, with its scalars. */
export interface RandomTrigger {
  readonly event: string;
  readonly scalars: Readonly<Record<string, number>>;
}

/** A random program on a random core, with what it is run on. */
export interface RandomProgram {
  readonly seed: number;
  readonly hw: HwModel;
  readonly spec: ProgramSpec;
  readonly kernels: readonly KernelText[];
  /** Empty where the core has a controller: then named events are triggered. */
  readonly samples: readonly Sample[];
  readonly triggers: readonly RandomTrigger[];
  /** Compiled without what serves learning alone. */
  readonly inference?: boolean;
}

/** @param on where programs that name positions of fields run: not in Verilog, and not on several cores */
export function randomProgram(seed: number, on: 'any core' | 'one core' = 'any core'): RandomProgram {
  const dice = new Dice(seed);
  const hw = randomMachine(dice, new Dice(seed ^ 0x4e0));
  // With these dice, no seed that a test names by itself has a regression, new operations or an end of an action.
  const asks = new Dice(seed ^ 0x187b42a);
  const adds = new Dice(seed ^ 0xfe);
  const network = randomNetwork(dice, new Dice(seed ^ 0x510e527f), asks, adds, hw);
  const writer = new ListWriter(dice, hw, network);
  const events = writer.write();
  const fewSteps = dice.whole(1, 4);
  const described: ProgramSpec = {
    format: 'plasticore/program/1',
    name: `random-${seed}`,
    description: '',
    steps: fewSteps,
    settle: 0,
    parameters: network.parameters,
    populations: network.populations,
    input: hw.controller === undefined ? 'a' : undefined,
    inputAxes: 'rows columns channels',
    projections: network.projections,
    microcode: { rule: 'rule.uc' },
    events,
    placement: { slices: {} },
    readout: `${network.readout}.f0`,
    ...(network.regressionBits !== undefined && { regression: { bits: network.regressionBits, unit: 1 } }),
  };
  const isOnSamples = hw.controller === undefined;
  // Dice of their own: what else a seed stands for stays as it was.
  const few = new Dice(seed ^ 0x6a09e667);
  const thinned = isOnSamples
    ? withFewSynapses(few, described, writer.kernels, hw, network)
    : { spec: described, kernels: writer.kernels };
  const late = new Dice(seed ^ 0x1b873593);
  const { spec: carrying, kernels: written } =
    isOnSamples && late.chance(0.5)
      ? withPayloads(late, thinned.spec, thinned.kernels, {
          datapathBits: hw.datapathBits,
          alsoInput: new Dice(seed ^ 0x2545f491).chance(0.4),
          isRealInput: new Dice(seed ^ 0x510e527f).chance(0.5),
        })
      : thinned;
  const places = new Dice(seed ^ 0x1f83d9ab);
  const { spec: placed, kernels } =
    on === 'one core' && isOnSamples && places.chance(0.4)
      ? withPositions(places, { spec: carrying, kernels: written }, hw)
      : { spec: carrying, kernels: written };
  const entries = new Dice(seed ^ 0x4e0);
  const entering = isOnSamples && entries.chance(0.3) ? withEntries(entries, placed) : placed;
  const delayed = isOnSamples && late.chance(0.5) ? withDelays(late, entering, kernels) : entering;
  const inputs = delayed.populations.a?.inputs ?? network.populations.a?.size ?? 1;
  const waits =
    inputs !== network.populations.a?.size ||
    Object.values(delayed.projections).some(({ delay }) => delay !== undefined);
  const steps = fewSteps + (waits ? late.whole(1, 4) : 0);
  const replays = new Dice(seed ^ 0x5be0cd19);
  const ends = new Dice(seed ^ 0x110);
  const timed = { ...delayed, steps, ...(ends.chance(0.2) && { events: withEnds(ends, delayed.events) }) };
  const spec = isOnSamples && replays.chance(0.3) ? withReplay(replays, timed) : timed;
  const samples = Array.from({ length: isOnSamples ? dice.whole(1, 3) : 0 }, (): Sample => {
    const density = dice.pick([0, 0.1, 0.1, 0.3, 1]);
    return {
      epoch: dice.whole(0, 4),
      label: labelOf(dice, network),
      learn: dice.chance(0.7),
      spikes: Array.from({ length: dice.chance(0.3) ? dice.whole(1, steps) : steps }, () => {
        const once = [...Array(inputs).keys()].filter(() => dice.chance(density));
        // Each entry is an event: an input may come again, and be as often as one likes.
        const again = dice.chance(0.15) ? dice.whole(1, 2 * Math.min(inputs, 10)) : 0;
        return [...once, ...Array.from({ length: again }, () => dice.whole(0, inputs - 1))];
      }),
    };
  });
  const triggers = isOnSamples ? [] : randomTriggers(dice, network, events.on);
  const learning = { seed, hw, spec, kernels, samples, triggers };
  const program = isOnSamples ? partlyLearning(new Dice(seed ^ 0x7f4a7c15), learning) : learning;
  return hw.router.whenFull === 'drop' || mayStall(program)
    ? program
    : { ...program, hw: dropping(program.hw) };
}

/** A class; or a number that is asked for, often one of those that need all of its bits. */
function labelOf(dice: Dice, { regressionBits, mostLabel }: Network): number {
  const label = dice.whole(0, mostLabel);
  return regressionBits === undefined ? label : dice.pick([mostLabel, label, label]);
}

/** Freezes some projections of some programs, and leaves out all learning of a few. */
function partlyLearning(dice: Dice, program: RandomProgram): RandomProgram {
  if (dice.chance(0.08)) return { ...program, inference: true };
  if (!dice.chance(0.15)) return program;
  const projections = Object.fromEntries(
    Object.entries(program.spec.projections).map(([name, projection]) => [
      name,
      projection.weights !== 'none' && dice.chance(0.6) ? { ...projection, frozen: true } : projection,
    ]),
  );
  const frozen = { ...program, spec: { ...program.spec, projections } };
  try {
    leftOutOf(programOf(frozen), false);
  } catch (error) {
    if (error instanceof PlasticoreError) return program;
    throw error;
  }
  return frozen;
}

/** Named events in any order, for neurons that every population has. */
function randomTriggers(
  dice: Dice,
  { populations, scalars }: Network,
  on: ProgramSpec['events']['on'],
): RandomTrigger[] {
  const neurons = Math.min(...Object.values(populations).map(({ size }) => size));
  const scalarOf = ({ name, low, high }: Network['scalars'][number]): number =>
    name === 'neuron' || name === 'post'
      ? dice.whole(0, neurons - 1)
      : dice.pick([low, high, dice.whole(low, high)]);
  return Array.from({ length: dice.whole(2, 8) }, () => ({
    event: dice.pick(Object.keys(on)),
    scalars: Object.fromEntries(scalars.map((scalar) => [scalar.name, scalarOf(scalar)])),
  }));
}

/** A full FIFO may stall only where what it serves touches nothing that the suspended kernel uses. */
function mayStall(program: RandomProgram): boolean {
  try {
    imageOf(program);
  } catch (error) {
    if (error instanceof PlasticoreError && error.code === 'fit' && error.message.includes('stall'))
      return false;
    throw error;
  }
  return true;
}

function dropping(hw: HwModel): HwModel {
  return { ...hw, router: { ...hw.router, whenFull: 'drop' } };
}

export function imageOf(random: RandomProgram): CoreImage {
  const { hw, seed, inference } = random;
  const program = programOf(random);
  const options: CompileOptions = {
    precision: precisionOn(hw),
    seed,
    inference,
    stages: stagesOf(program, seed),
  };
  return compileCore(program, hw, options);
}

/** For three of four programs whose projections learn: only one of them does so in some epochs. */
export function stagesOf(program: Program, seed: number): CompileOptions['stages'] {
  const learning = [...learningProjections(program)];
  if (learning.length === 0 || hash32(seed, 1) % 4 === 0) return undefined;
  const learns = learning.slice(0, 1);
  const stages = [{ first: 0 }, { first: 1, learns }, { first: 3 }, { first: 4, learns: learning.slice(-1) }];
  return stages.map((stage) => ({ ...stage, parameters: {}, places: {} }));
}

function programOf({ spec, kernels }: RandomProgram): Program {
  const assembled = assemble(kernels.map(textOf).join('\n'), 'rule.uc');
  return {
    spec,
    kernels: new Map(assembled.map((kernel) => [kernel.name, kernel])),
    sources: [],
    arrays: listedTargets(spec),
    locate: () => ({ file: 'random program' }),
  };
}

/** The spikes of a sample. Where those of the input carry values, each has one of its own, any that its bits can be. */
export function trainOf({ spikes }: Sample, { populations, input }: ProgramView): SpikeTrain {
  const { payload } = populations[input] ?? {};
  if (payload === undefined) return spikeTrain(...spikes);
  const { bits, shift } = payload;
  const valued = spikes.map((step, at) =>
    step.map((neuron, place) => neuron | ((hash32(at, place, neuron) >>> (32 - bits)) << shift)),
  );
  const train = spikeTrain(...valued);
  return { ...train, indices: Uint32Array.from(valued.flat()) };
}

/** The spikes that run a list. */
interface Trigger {
  readonly population: string;
  /** Whether what they trigger may make other spikes. */
  readonly mayEmit: boolean;
}

/** Writes the lists of a program, and the kernels that they run. */
class ListWriter {
  readonly kernels: KernelText[] = [];
  readonly #dice: Dice;
  readonly #hw: HwModel;
  readonly #network: Network;
  readonly #unwritten: Set<string>;
  readonly #populations: readonly string[];
  readonly #projections: readonly string[];

  constructor(dice: Dice, hw: HwModel, network: Network) {
    this.#dice = dice;
    this.#hw = hw;
    this.#network = network;
    this.#unwritten = new Set(network.plastic);
    this.#populations = Object.keys(network.populations);
    this.#projections = Object.keys(network.projections);
  }

  write(): ProgramSpec['events'] {
    if (this.#hw.controller !== undefined) return this.#writeNamed();
    const dice = this.#dice;
    const spike: Record<string, ActionSpec[]> = {};
    for (const population of this.#populations) {
      // Only the input's spikes make others, and those of the previous step: chains of spikes end.
      const isInput = population === 'a';
      spike[population] = this.#actions(dice.whole(isInput ? 1 : 0, 2), { population, mayEmit: isInput });
    }
    const previousSpike: Record<string, ActionSpec[]> = {};
    for (const population of this.#populations) {
      if (population === 'a' || !dice.chance(0.4)) continue;
      previousSpike[population] = this.#actions(dice.whole(0, 2), { population, mayEmit: true });
    }
    const tick = this.#actions(dice.whole(1, 4), undefined);
    for (const population of this.#populations) {
      const delivery = { deliver: population, ...(dice.chance(0.2) && this.#condition()) };
      tick.splice(dice.whole(0, tick.length), 0, delivery);
    }
    const previous = Object.keys(previousSpike).map((deliver) => ({ deliver, spikes: 'previous' as const }));
    for (const delivery of previous) tick.splice(dice.whole(0, tick.length), 0, delivery);
    for (const projection of this.#unwritten) tick.push(this.#run('synapses', projection, false));
    const sample = this.#actions(dice.whole(0, 2), undefined);
    for (const delivery of [{ deliver: 'a' }, ...previous]) if (dice.chance(0.1)) sample.push(delivery);
    return { sample, tick, spike, previousSpike, scalars: {}, on: {} };
  }

  /** One to three named events, which run kernels over anything, a single synapse too. */
  #writeNamed(): ProgramSpec['events'] {
    const dice = this.#dice;
    const names = ['first', 'second', 'third'].slice(0, dice.whole(1, 3));
    const on = Object.fromEntries(
      names.map((name) => [name, Array.from({ length: dice.whole(1, 3) }, () => this.#namedAction())]),
    );
    for (const projection of this.#unwritten) on.first?.push(this.#run('synapses', projection, false));
    const bits = this.#network.scalars.find(({ name }) => name === 'amount')?.high ?? 0;
    const scalars: ProgramSpec['events']['scalars'] = {
      isOn: { kind: 'flag', signed: false },
      amount: { kind: 'integer', bits: Math.log2(bits + 1) + 1, signed: true },
    };
    return { sample: [], tick: [], spike: {}, previousSpike: {}, scalars, on };
  }

  #namedAction(): ActionSpec {
    const dice = this.#dice;
    const over = dice.pick(this.#projections);
    const isDense = this.#network.projections[over]?.connect === 'dense';
    if (isDense && dice.chance(0.35)) return this.#runSynapse(over);
    if (dice.chance(0.35)) return this.#run('row', over, dice.chance(0.4));
    if (dice.chance(0.3)) return this.#run('neuron', dice.pick(this.#populations), dice.chance(0.3));
    return this.#action(undefined);
  }

  #actions(count: number, event: Trigger | undefined): ActionSpec[] {
    return Array.from({ length: count }, (): ActionSpec => {
      const action = this.#action(event);
      if (!this.#dice.chance(0.3)) return action;
      if (this.#dice.chance(0.5)) return { ...action, ...this.#condition() };
      return { do: [action, this.#action(event)], ...this.#condition() };
    });
  }

  #condition(): ActionSpec {
    const dice = this.#dice;
    return {
      ...(dice.chance(0.5) && { when: 'learning' as const }),
      ...(dice.chance(0.3) && { from: dice.whole(0, 2) }),
      ...(dice.chance(0.3) && { every: dice.whole(1, 3) }),
      ...(dice.chance(0.3) && { last: dice.whole(1, 3) }),
    };
  }

  #action(event: Trigger | undefined): ActionSpec {
    const dice = this.#dice;
    if (dice.chance(0.08)) return { clear: this.#storedFields().slice(0, dice.whole(1, 2)) };
    if (dice.chance(0.06)) return { stopUnlessAny: dice.pick(this.#storedFields()) };
    if (event !== undefined && dice.chance(0.85)) {
      const { population } = event;
      const outgoing = this.#projections.filter(
        (name) => this.#network.projections[name]?.from === population,
      );
      if (outgoing.length === 0 || dice.chance(0.3)) return this.#run('neuron', population, false);
      const over = dice.pick(outgoing);
      const mayEmit = event.mayEmit && this.#network.projections[over]?.to !== 'a';
      // Only what touches nothing may be suspended while it serves itself.
      if (mayEmit && population === 'a' && this.#hw.router.whenFull === 'stall' && dice.chance(0.35))
        return this.#run('row', over, true, true);
      return this.#run('row', over, mayEmit && dice.chance(0.25));
    }
    const weighted = this.#projections.filter((name) => !this.#network.weightless.includes(name));
    if (weighted.length > 0 && dice.chance(0.15)) return this.#run('weights', dice.pick(weighted), false);
    if (dice.chance(0.5)) {
      const over = dice.pick(this.#populations);
      const mayEmit = event === undefined && over !== 'a';
      return this.#run('neurons', over, mayEmit && dice.chance(0.6));
    }
    const over = dice.pick(this.#projections);
    const mayEmit = event === undefined && this.#network.projections[over]?.to !== 'a';
    return this.#run('synapses', over, mayEmit && dice.chance(0.15));
  }

  /** The one synapse of a row that the event names. */
  #runSynapse(over: string): ActionSpec {
    const { run } = this.#run('synapse', over, this.#dice.chance(0.4));
    return { run, over };
  }

  #storedFields(): string[] {
    const all = [...this.#network.known.fields.values()].flat();
    const plastic = this.#network.plastic.flatMap((name) => [`${name}.weight`, `${name}.shadow`]);
    const names = all.map(({ name }) => name).filter((name) => !plastic.includes(name));
    const first = this.#dice.whole(0, names.length - 1);
    return [...names.slice(first), ...names.slice(0, first)];
  }

  #run(domain: DomainName, over: string, mayEmit: boolean, isDetached = false): ActionSpec {
    const dice = this.#dice;
    const name = `k${this.kernels.length}`;
    const projection = this.#network.projections[over];
    const isDense = projection?.connect === 'dense';
    const writesShadow =
      !isDetached && domain !== 'neuron' && domain !== 'neurons' && this.#unwritten.delete(over);
    const keepsToColumns = domain === 'row' && !mayEmit && !writesShadow && dice.chance(0.6);
    const isByColumns = domain === 'synapses' && isDense && !mayEmit && dice.chance(0.4);
    const kinds = { mayEmit, writesShadow, keepsToColumns, isByColumns, isDetached };
    this.kernels.push(randomKernel(dice, { name, domain, over, ...kinds }, this.#hw, this.#network));
    const sizeOf = (population: string | undefined): number =>
      this.#network.populations[population ?? '']?.size ?? 1;
    const hasColumns = domain === 'neurons' || (isDense && (domain === 'row' || domain === 'synapses'));
    const columns = sizeOf(projection === undefined ? over : projection.to);
    return {
      run: name,
      over,
      ...(hasColumns && dice.chance(0.2) && { columns: dice.whole(1, columns) }),
      ...(domain === 'synapses' &&
        isDense &&
        dice.chance(0.2) && { rows: dice.whole(1, sizeOf(projection.from)) }),
      ...(isByColumns && { order: 'columns' as const }),
    };
  }
}
