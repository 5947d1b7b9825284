import type { NdArray } from '../../data/index.ts';
import type { ActionSpec, ProgramDescription } from '../../program/index.ts';
import { tableOf } from '../../text/index.ts';
import { type Link, type NirStage, poolingOf } from '../map/index.ts';
import { type IntegerLink, type IntegerNetwork, type IntegerStage, isCounted } from '../quantise/index.ts';
import type { WrittenKernel } from './kernel-text.ts';
import { layoutOf, narrow, renumbered } from './layout.ts';
import { neuronKernels } from './neuron-kernels.ts';
import { integrateKernel } from './synapse-kernels.ts';

/** The file with the program's arrays. */
export const weightsFile = 'weights.npz';

/** A program with its arrays. */
export interface DescribedProgram {
  readonly description: ProgramDescription;
  readonly arrays: Readonly<Record<string, NdArray>>;
}

type Entry<Section extends 'populations' | 'projections'> = NonNullable<ProgramDescription[Section]>[string];

/** The widest field for answers. */
const mostScoreBits = 31;

/**
 * The program of a network in integers.
 *
 * @param readout the stage with the answer: its spikes, or potentials, summed over the steps of a sample
 * @param steps the most steps of a sample, without the readout's lag behind the input
 */
export function describeProgram(
  name: string,
  description: string,
  integers: IntegerNetwork,
  readout: NirStage,
  steps: number,
): DescribedProgram {
  return new Writer(integers, readout, steps).program(name, description);
}

class Writer {
  readonly #integers: IntegerNetwork;
  readonly #readout: NirStage;
  readonly #steps: number;
  readonly #arrays = tableOf<NdArray>();
  readonly #kernels = new Map<string, string>();
  readonly #populations = tableOf<Entry<'populations'>>();
  readonly #projections = tableOf<Entry<'projections'>>();
  readonly #sample: ActionSpec[] = [];
  readonly #leaks: ActionSpec[] = [];
  readonly #acts: ActionSpec[] = [];
  readonly #spike = tableOf<ActionSpec[]>();
  readonly #previous = tableOf<ActionSpec[]>();

  constructor(integers: IntegerNetwork, readout: NirStage, steps: number) {
    this.#integers = integers;
    this.#readout = readout;
    this.#steps = steps;
  }

  program(name: string, description: string): DescribedProgram {
    const { network, stages, links } = this.#integers;
    const { input, pictures, depths } = network;
    // The lag of the readout behind the input. Other stages may lag further; the answer does not wait for them.
    const settle = depths.get(this.#readout.name) ?? 0;
    const { inputGives } = this.#integers;
    this.#populations[input.name] = {
      ...this.#sized(input),
      ...(inputGives.is === 'value' && { payload: { bits: inputGives.bits, signed: false } }),
    };
    for (const link of links) this.#addLink(link);
    for (const stage of stages) this.#addStage(stage);
    const deliver = (population: string): ActionSpec[] =>
      this.#spike[population] === undefined ? [] : [{ deliver: population }];
    const text = [...this.#kernels].map(
      ([body, kernel]) => `${commentOn(kernel)}kernel ${kernel} over ${domainOf(body)}\n${body}\nend\n`,
    );
    return {
      description: {
        name,
        description,
        steps: this.#steps,
        ...(settle > 0 && { settle }),
        input: input.name,
        ...(pictures.has(input.name) && (input.shape[0] ?? 1) > 1 && { inputAxes: 'channels rows columns' }),
        populations: this.#populations,
        projections: this.#projections,
        microcode: { neurons: { text: text.join('\n') } },
        events: {
          sample: this.#sample,
          tick: [
            ...this.#leaks,
            ...Object.keys(this.#previous).map(
              (population): ActionSpec => ({
                deliver: population,
                spikes: 'previous',
              }),
            ),
            ...deliver(input.name),
            ...this.#acts,
          ],
          spike: this.#spike,
          previousSpike: this.#previous,
        },
        readout: `${this.#readout.name}.score`,
      },
      arrays: this.#arrays,
    };
  }

  #sized({ name, size }: NirStage): Entry<'populations'> {
    const picture = this.#integers.network.pictures.get(name);
    return picture === undefined ? { size } : { shape: [picture[1], picture[2], picture[0]] };
  }

  #addLink(integer: IntegerLink): void {
    const { network, widths, stages } = this.#integers;
    const { link, shift, field } = integer;
    const layout = layoutOf(integer, network, widths.weightBits);
    if (layout === undefined) return;
    const { name, from, to, delay, isLate } = link;
    const sparse = {
      starts: this.#file(`${name}_starts`, layout.starts),
      targets: this.#file(`${name}_targets`, layout.targets),
    };
    this.#projections[name] = {
      from: from.name,
      to: to.name,
      connect:
        layout.connect !== 'sparse'
          ? layout.connect
          : {
              sparse: {
                ...(sparse.starts && { starts: sparse.starts }),
                ...(sparse.targets && { targets: sparse.targets }),
              },
            },
      ...(layout.connect !== 'sparse' && network.pictures.has(from.name) && pooledIn(link)),
      ...(delay !== 0 && {
        delay: typeof delay === 'number' ? delay : this.#file(`${name}_delays`, layout.delays),
      }),
      initialWeights: this.#file(name, layout.weights),
    };
    const source = stages.find(({ stage }) => stage === from);
    const given = source?.scale.given ?? this.#integers.inputGives;
    const kernel = integrateKernel(given, field, shift, widths);
    const lists = isLate ? this.#previous : this.#spike;
    lists[from.name] = [...(lists[from.name] ?? []), this.#run(kernel, 'integrate', name)];
  }

  #addStage(integer: IntegerStage): void {
    const { stage, scale, current } = integer;
    const { name, model } = stage;
    const isReadout = stage === this.#readout;
    const leads = this.#spike[name] !== undefined || this.#previous[name] !== undefined;
    const score = this.#score(integer);
    const { begin, leak, act } = neuronKernels(integer, leads, isReadout ? score.shift : undefined);
    const isSpiking = model?.firing !== undefined;
    // Spikes without a target are emitted as well, for observers.
    if (isSpiking || (leads && this.#spike[name] === undefined)) this.#spike[name] ??= [];
    const accumulator = this.#integers.widths.accumulatorBits;
    const fields: NonNullable<Entry<'populations'>['fields']> = { v: { accumulator } };
    const cleared = [];
    if (begin === undefined || !integer.first.some((value) => value !== 0)) cleared.push('v');
    if (current !== undefined) {
      fields.i = { accumulator };
      if (!isSpiking || !current.drive.some((value) => value !== 0)) cleared.push('i');
    }
    if (integer.keepsConstant) {
      fields.constant = { accumulator };
      cleared.push('constant');
    }
    if (integer.gathers) {
      fields.gathered = { accumulator };
      cleared.push('gathered');
    }
    if (model?.firing?.reset === 'dead') {
      fields.spiked = { kind: 'flag' };
      cleared.push('spiked');
    }
    if (isReadout) {
      fields.score = { bits: score.bits, ...(isSpiking && { signed: false }) };
      cleared.push('score');
    }
    if (cleared.length > 0) this.#sample.push({ clear: cleared.map((field) => `${name}.${field}`) });
    if (begin !== undefined) this.#sample.push(this.#run(begin, 'begin', name));
    // A stage that lags behind the input rests until its first step.
    const behind = this.#integers.network.depths.get(name) ?? 0;
    const from = behind === 0 ? {} : { from: behind };
    if (leak === 'clear') this.#leaks.push({ clear: [`${name}.v`], ...from });
    else if (leak !== undefined) this.#leaks.push({ ...this.#run(leak, 'leak', name), ...from });
    if (act !== undefined) this.#acts.push({ ...this.#run(act, isSpiking ? 'fire' : 'read', name), ...from });
    if (this.#spike[name] !== undefined) this.#acts.push({ deliver: name });
    for (const kernel of [begin, leak === 'clear' ? undefined : leak, act]) {
      for (const [field, values] of Object.entries(kernel?.constants ?? {})) {
        const isFactor = /(kept|gain)$/.test(field);
        const bits = bitsOf(values);
        fields[field] = {
          bits: isFactor && bits.isNatural ? bits.unsigned : bits.signed,
          ...(isFactor && bits.isNatural && { signed: false }),
          initial: this.#file(`${name}_${field}`, this.#perNeuron(values, stage)),
        };
      }
    }
    const payload =
      scale.given.is === 'spike' || !(leads || isCounted(stage))
        ? undefined
        : { bits: scale.given.bits, ...(scale.given.is === 'count' && { signed: false }) };
    this.#populations[name] = { ...this.#sized(stage), ...(payload && { payload }), fields };
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

  #perNeuron(values: Int32Array, stage: NirStage): NdArray {
    const placed = renumbered(values, stage, this.#integers.network.pictures);
    return { shape: [values.length], data: narrow(placed, bitsOf(values).signed) };
  }

  #file(name: string, array: NdArray): { file: string; array: string };
  #file(name: string, array: NdArray | undefined): { file: string; array: string } | undefined;
  #file(name: string, array: NdArray | undefined): { file: string; array: string } | undefined {
    if (array === undefined) return undefined;
    this.#arrays[name] = array;
    return { file: weightsFile, array: name };
  }

  /** An action that runs a kernel; kernels of the same text have one name. */
  #run({ body, parameters }: WrittenKernel, kind: string, over: string): ActionSpec {
    const known = this.#kernels.get(body);
    const used = [...this.#kernels.values()].filter((name) => name.replace(/\d+$/, '') === kind).length;
    const name = known ?? (used === 0 ? kind : `${kind}${used + 1}`);
    this.#kernels.set(body, name);
    return { run: name, over, ...(Object.keys(parameters).length > 0 && { with: { ...parameters } }) };
  }
}

/** The purpose of the first kernel of a kind. */
function commentOn(kernel: string): string {
  const text = comments.get(kernel);
  return text === undefined ? '' : `; ${text}\n`;
}

const comments: ReadonlyMap<string, string> = new Map([
  ['integrate', 'A spike adds its row of weights to what its targets have gathered.'],
  ['begin', 'What stands in memory when a sample begins.'],
  ['leak', 'When a step begins: what the neurons keep, and their constant input.'],
  [
    'fire',
    'When all spikes of a step have come: threshold, reset, and the leak and constant input for the next step.',
  ],
  ['read', 'When all spikes of a step have come: what the neurons give.'],
]);

/** The domain of a kernel: only kernels of synapses name one. */
function domainOf(body: string): string {
  return body.includes('syn.') ? 'row' : 'neurons';
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
