import {
  type ActionSpec,
  type ProgramBuilder,
  type ProgramDescription,
  program,
} from '../../program/index.ts';
import { poolingOf } from '../map/path.ts';
import type { Link, NirStage } from '../map/stages.ts';
import type { IntegerLink, IntegerNetwork, IntegerStage } from '../quantise/quantise.ts';
import { isCounted } from '../quantise/scales.ts';
import type { WrittenKernel } from './kernel-text.ts';
import { integrateKernel, type NeuronKernels, neuronKernels } from './kernels.ts';
import {
  ArraysToWrite,
  type DescribedProgram,
  type Fields,
  layOutWeights,
  narrow,
  renumbered,
} from './layout.ts';
import type { LearningPlan } from './learning.ts';

type Entry<Section extends 'populations' | 'projections'> = NonNullable<ProgramDescription[Section]>[string];

/** The widest field for answers. */
const mostScoreBits = 31;

/**
 * The program of a network in integers.
 *
 * @param readout the stage with the answer: its spikes, or potentials, summed over the steps of a sample
 * @param steps the most steps of a sample, without the readout's lag behind the input
 * @param learning of layers that go on learning; by default, none
 */
export function describeProgram(
  name: string,
  description: string,
  integers: IntegerNetwork,
  readout: NirStage,
  steps: number,
  learning?: LearningPlan,
): DescribedProgram {
  return new Writer(name, description, integers, readout, steps, learning).program();
}

/** The purposes of kernels; the first of each is explained. */
const purposes = {
  integrate: 'A spike adds its row of weights to what its targets have gathered.',
  begin: 'What stands in memory when a sample begins.',
  leak: 'When a step begins: what the neurons keep, and their constant input.',
  fire: 'When all spikes of a step have come: threshold, reset, and the leak and constant input for the next step.',
  read: 'When all spikes of a step have come: what the neurons give.',
} as const;
type Purpose = keyof typeof purposes;

class Writer {
  readonly #integers: IntegerNetwork;
  readonly #readout: NirStage;
  readonly #steps: number;
  readonly #learning: LearningPlan | undefined;
  readonly #file = new ArraysToWrite();
  /** The name and the text of each kernel, by its body. */
  readonly #kernels = new Map<string, { readonly name: string; readonly text: string }>();
  readonly #counts = new Map<Purpose, number>();
  /** Populations whose spikes go through synapses in their step, and in the next. */
  readonly #now = new Set<string>();
  readonly #next = new Set<string>();
  readonly #leaks: ActionSpec[] = [];
  readonly #acts: ActionSpec[] = [];
  #net: ProgramBuilder;

  constructor(
    name: string,
    description: string,
    integers: IntegerNetwork,
    readout: NirStage,
    steps: number,
    learning: LearningPlan | undefined,
  ) {
    this.#integers = integers;
    this.#learning = learning;
    this.#readout = readout;
    this.#steps = steps;
    const { input, pictures, depths } = integers.network;
    // The lag of the readout behind the input. Other stages may lag further; the answer does not wait for them.
    const settle = depths.get(readout.name) ?? 0;
    const { inputGives } = integers;
    const fields = learning?.fields(input.name) ?? {};
    this.#net = program({
      name,
      description,
      steps,
      ...(settle > 0 && { settle }),
      ...(pictures.has(input.name) && (input.shape[0] ?? 1) > 1 && { inputAxes: 'channels rows columns' }),
    })
      .population(input.name, {
        ...this.#sized(input),
        ...(inputGives.is === 'value' && { payload: { bits: inputGives.bits, signed: false } }),
        ...(Object.keys(fields).length > 0 && { fields }),
      })
      .input(input.name)
      .readout(`${readout.name}.score`);
  }

  program(): DescribedProgram {
    const { network, stages, links } = this.#integers;
    for (const link of links) this.#addLink(link);
    for (const stage of stages) this.#addStage(stage);
    this.#net = this.#net.microcode('neurons', {
      text: [...this.#kernels.values()].map(({ text }) => text).join('\n'),
    });
    if (this.#learning !== undefined) this.#addLearning(this.#learning);
    const { description } = this.#net.tick(
      ...this.#leaks,
      ...[...this.#next].map((population): ActionSpec => ({ deliver: population, spikes: 'previous' })),
      ...(this.#now.has(network.input.name) ? [{ deliver: network.input.name }] : []),
      ...this.#acts,
      ...(this.#learning === undefined ? [] : [this.#learning.update]),
    );
    return { description, arrays: this.#file.arrays };
  }

  #addLearning({ parameters, microcode, tallies }: LearningPlan): void {
    for (const [name, value] of Object.entries(parameters)) this.#net = this.#net.parameter(name, value);
    for (const [part, text] of Object.entries(microcode)) this.#net = this.#net.microcode(part, text);
    const traces = [...tallies.keys()].map((name) => `${name}.trace`);
    this.#net = this.#net.sample({ clear: traces, when: 'learning' });
  }

  /** Adds actions for each spike of a population, which is tallied before where others learn from it. */
  #onSpike(population: string, ...actions: readonly ActionSpec[]): void {
    const isFirst = this.#net.description.events.spike?.[population] === undefined;
    const tally = isFirst ? this.#learning?.tallies.get(population) : undefined;
    this.#net = this.#net.spike(population, ...(tally === undefined ? [] : [tally]), ...actions);
  }

  #sized({ name, size }: NirStage): Entry<'populations'> {
    const picture = this.#integers.network.pictures.get(name);
    return picture === undefined ? { size } : { shape: [picture[1], picture[2], picture[0]] };
  }

  #addLink(integer: IntegerLink): void {
    const { network, widths, stages } = this.#integers;
    const { link, shift, field } = integer;
    const layout = layOutWeights(integer, network, widths.weightBits);
    if (layout === undefined) return;
    const { name, from, to, delay, isLate } = link;
    const { connect, starts, targets, delays, weights } = layout;
    const source = stages.find(({ stage }) => stage === from);
    const given = source?.scale.given ?? this.#integers.inputGives;
    const run = this.#run(integrateKernel(given, field, shift, widths), 'integrate', name);
    const learnt = this.#learning?.weights(link, weights);
    this.#net = this.#net.projection(name, {
      from: from.name,
      to: to.name,
      connect:
        connect !== 'sparse'
          ? connect
          : {
              sparse: {
                ...(starts && { starts: this.#file.put(`${name}_starts`, starts) }),
                ...(targets && { targets: this.#file.put(`${name}_targets`, targets) }),
              },
            },
      ...(connect !== 'sparse' && network.pictures.has(from.name) && pooledIn(link)),
      ...(delay !== 0 && {
        delay: typeof delay === 'number' ? delay : delays && this.#file.put(`${name}_delays`, delays),
      }),
      initialWeights: {
        ...this.#file.put(name, learnt?.values ?? weights),
        ...(learnt && { scale: learnt.scale }),
      },
      ...(this.#learning !== undefined && learnt === undefined && { frozen: true }),
    });
    (isLate ? this.#next : this.#now).add(from.name);
    if (isLate) this.#net = this.#net.previousSpike(from.name, run);
    else this.#onSpike(from.name, run);
  }

  #addStage(integer: IntegerStage): void {
    const { stage, scale, current } = integer;
    const { name, model } = stage;
    const isReadout = stage === this.#readout;
    const leads = this.#now.has(name) || this.#next.has(name);
    const isSpiking = model?.firing !== undefined;
    const score = this.#score(integer);
    const kernels = neuronKernels(integer, leads, isReadout ? score.shift : undefined);
    const accumulator = this.#integers.widths.accumulatorBits;
    const fields: Fields = { v: { accumulator } };
    const cleared: string[] = [];
    const startsAtZero = kernels.begin === undefined || !integer.first.some((value) => value !== 0);
    if (startsAtZero) cleared.push('v');
    const add = (field: string, spec: Fields[string], isCleared = true) => {
      fields[field] = spec;
      if (isCleared) cleared.push(field);
    };
    if (current !== undefined)
      add('i', { accumulator }, !isSpiking || !current.drive.some((value) => value !== 0));
    if (integer.keepsConstant) add('constant', { accumulator });
    if (integer.gathers) add('gathered', { accumulator });
    if (model?.firing?.reset === 'dead') add('spiked', { kind: 'flag' });
    if (isReadout) add('score', { bits: score.bits, ...(isSpiking && { signed: false }) });
    if (cleared.length > 0)
      this.#net = this.#net.sample({ clear: cleared.map((field) => `${name}.${field}`) });
    this.#addActions(stage, kernels, isSpiking || leads);
    for (const kernel of [kernels.begin, kernels.leak === 'clear' ? undefined : kernels.leak, kernels.act])
      for (const [field, { values, isFactor }] of Object.entries(kernel?.constants ?? {})) {
        const { isNatural, unsigned, signed } = bitsOf(values);
        const placed = narrow(renumbered(values, stage, this.#integers.network.pictures), signed);
        fields[field] = {
          ...(isFactor && isNatural ? { bits: unsigned, signed: false } : { bits: signed }),
          initial: this.#file.put(`${name}_${field}`, { shape: [values.length], data: placed }),
        };
      }
    const payload =
      scale.given.is === 'spike' || !(leads || isCounted(stage))
        ? undefined
        : { bits: scale.given.bits, ...(scale.given.is === 'count' && { signed: false }) };
    this.#net = this.#net.population(name, {
      ...this.#sized(stage),
      neurons: stage.type,
      ...(payload && { payload }),
      fields: { ...fields, ...this.#learning?.fields(name) },
    });
  }

  /**
   * What a population does when a sample and a step begin, and when its input has come.
   *
   * @param emits whether its spikes are delivered: those without a target are emitted for observers
   */
  #addActions({ name, model }: NirStage, { begin, leak, act }: NeuronKernels, emits: boolean): void {
    if (begin !== undefined) this.#net = this.#net.sample(this.#run(begin, 'begin', name));
    // A stage that lags behind the input rests until its first step.
    const behind = this.#integers.network.depths.get(name) ?? 0;
    const from = behind === 0 ? {} : { from: behind };
    if (leak === 'clear') this.#leaks.push({ clear: [`${name}.v`], ...from });
    else if (leak !== undefined) this.#leaks.push({ ...this.#run(leak, 'leak', name), ...from });
    const purpose = model?.firing === undefined ? 'read' : 'fire';
    if (act !== undefined) this.#acts.push({ ...this.#run(act, purpose, name), ...from });
    if (!emits) return;
    this.#onSpike(name);
    this.#acts.push({ deliver: name });
  }

  /** The bits of an answer, the sum of a neuron's output over all steps, and the shift that makes it coarser. */
  #score({ scale, threshold }: IntegerStage): { readonly bits: string; readonly shift: number } {
    if (threshold !== undefined) {
      const each = scale.given.is === 'count' ? scale.given.bits : 1;
      return { bits: `min(${mostScoreBits}, max(8, ceil(log2(steps + 1)) + ${each}))`, shift: 0 };
    }
    const own = this.#integers.widths.accumulatorBits;
    return {
      bits: `min(${mostScoreBits}, ceil(log2(steps + 1)) + ${own})`,
      shift: Math.max(0, own + Math.ceil(Math.log2(this.#steps + 1)) - mostScoreBits),
    };
  }

  /** An action that runs a kernel; kernels of the same text have one name. */
  #run({ body, parameters, over: domain }: WrittenKernel, purpose: Purpose, over: string): ActionSpec {
    const known = this.#kernels.get(body);
    const count = (this.#counts.get(purpose) ?? 0) + 1;
    const name = known?.name ?? (count === 1 ? purpose : `${purpose}${count}`);
    if (known === undefined) {
      const comment = count === 1 ? `; ${purposes[purpose]}\n` : '';
      this.#kernels.set(body, { name, text: `${comment}kernel ${name} over ${domain}\n${body}\nend\n` });
      this.#counts.set(purpose, count);
    }
    return { run: name, over, ...(Object.keys(parameters).length > 0 && { with: { ...parameters } }) };
  }
}

function bitsOf(values: Int32Array) {
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  const unsigned = Math.max(1, Math.ceil(Math.log2(high + 1)));
  const below = low === 0 ? 1 : 1 + Math.ceil(Math.log2(-low));
  return { isNatural: low === 0, unsigned, signed: Math.max(1 + unsigned, below) };
}

/** Poolings before the weights, for chips that pool apart from them. */
function pooledIn({ path }: Link): Pick<Entry<'projections'>, 'pooled'> {
  const pooled = poolingOf(path);
  if (pooled === undefined) return {};
  const [rows, columns] = pooled;
  return { pooled: rows === columns ? rows : [rows, columns] };
}
