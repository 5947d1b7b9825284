import { type ProgramBuilder, type ProgramDescription, program } from '../../program/index.ts';
import { addAt, at } from '../../text/index.ts';
import { ArraysToWrite, type DescribedProgram } from '../program/layout.ts';
import type { XyloLayer, XyloNetwork, XyloWeights } from './quantise.ts';

type Entry<Section extends 'populations' | 'projections'> = NonNullable<ProgramDescription[Section]>[string];

/** The parts of a program besides its network. */
export interface XyloProgramHead {
  readonly name: string;
  readonly description: string;
  /** The most steps of a sample. */
  readonly steps: number;
  /**
   * Whether the chip goes through all hidden neurons for an input, and through the outputs for each hidden neuron:
   * Audio 2 does. The others keep to neurons that inputs reach, and to those that reach outputs.
   */
  readonly passesAll: boolean;
}

/** Population of the inputs. */
const inputName = 'input';

/**
 * The program of a network in integers of the chip.
 *
 * @param network quantised
 */
export function describeXylo(network: XyloNetwork, head: XyloProgramHead): DescribedProgram {
  return new Writer(network, head).program();
}

class Writer {
  readonly #network: XyloNetwork;
  readonly #passesAll: boolean;
  readonly #file = new ArraysToWrite();
  #net: ProgramBuilder;

  constructor(network: XyloNetwork, { name, description, steps, passesAll }: XyloProgramHead) {
    const { inputs, hidden, outputs } = network;
    this.#network = network;
    this.#passesAll = passesAll;
    this.#net = program({ name, description, steps, settle: hidden.length })
      .population(inputName, { size: inputs, payload: { bits: 4, signed: false } })
      .input(inputName)
      .spike(inputName)
      .microcode('xylo', 'xylo')
      .readout(`${outputs.name}.count`);
  }

  program(): DescribedProgram {
    const { hidden, outputs, weights } = this.#network;
    for (const layer of hidden) this.#addLayer(layer, true);
    this.#addLayer(outputs, false);
    // Hidden neurons before outputs, as the chip takes them.
    const isOut = ({ to }: XyloWeights) => to === 'output';
    for (const own of [...weights.filter((each) => !isOut(each)), ...weights.filter(isOut)])
      this.#addWeights(own);
    for (const layer of hidden) this.#addCosts(layer);
    for (const { name } of hidden) this.#net = this.#net.sample({ run: 'clearHidden', over: name });
    this.#net = this.#net
      .sample({ run: 'clearOutput', over: outputs.name })
      .tick({ run: 'inputChannel', over: inputName }, { deliver: inputName });
    for (const { name } of hidden) this.#net = this.#net.tick({ deliver: name, spikes: 'previous' });
    for (const { name } of hidden)
      this.#net = this.#net.tick({ run: 'hiddenNeuron', over: name }, { deliver: name });
    const { description } = this.#net.tick(
      { run: 'outputNeuron', over: outputs.name },
      { deliver: outputs.name },
    );
    return { description, arrays: this.#file.arrays };
  }

  #addLayer(layer: XyloLayer, isHidden: boolean): void {
    const { name, size } = layer;
    const dash = { kind: 'integer', bits: 4, signed: false } as const;
    const constant = (field: string, values: Float64Array) => ({
      initial: this.#whole(`${name}_${field}`, values),
    });
    this.#net = this.#net
      .population(name, {
        size,
        ...(isHidden && { payload: { bits: 5, signed: false } }),
        fields: {
          i: { bits: 16 },
          v: { bits: 16 },
          dashSyn: { ...dash, ...constant('dashSyn', layer.dashSyn) },
          dashMem: { ...dash, ...constant('dashMem', layer.dashMem) },
          threshold: { bits: 15, signed: false, ...constant('threshold', layer.threshold) },
          bias: { bits: 16, ...constant('bias', layer.bias) },
          ...(isHidden
            ? { aliased: { bits: 5, signed: false } }
            : { count: { bits: 16, signed: false, bank: 'host' } }),
        },
      })
      .spike(name, ...(isHidden ? [{ run: 'spiking', over: name }] : []));
    if (isHidden) this.#net = this.#net.previousSpike(name);
  }

  #addWeights({ from, to, values }: XyloWeights): void {
    if (values.every((value) => value === 0)) return;
    const { hidden, outputs } = this.#network;
    const target = to === 'output' ? outputs : at(hidden, to);
    const source = from === 'input' ? inputName : at(hidden, from).name;
    const name = `${source}To${capitalised(target.name)}`;
    const kind = from === 'input' ? 'inputSynapse' : to === 'output' ? 'outputSynapse' : 'hiddenSynapse';
    const rows = values.length / target.size;
    const kept = this.#kept(kind, values, target.size);
    const run = { run: kind, over: name };
    const net = this.#net.projection(name, {
      from: source,
      to: target.name,
      frozen: true,
      ...(kept === undefined
        ? {
            initialWeights: this.#file.put(name, {
              shape: [rows, target.size],
              data: Int8Array.from(values),
            }),
          }
        : this.#listed(name, values, target.size, kept)),
    });
    this.#net = from === 'input' ? net.spike(source, run) : net.previousSpike(source, run);
  }

  /**
   * The places of the pairs that the chip goes through; undefined for all. Of weights between hidden neurons it keeps
   * those that are not zero; of those of inputs, all of each neuron that an input reaches, and of those to outputs, all
   * of each neuron that reaches one.
   */
  #kept(kind: string, values: Float64Array, columns: number): readonly number[] | undefined {
    const all = [...values.keys()];
    const set = all.filter((place) => at(values, place) !== 0);
    if (kind === 'hiddenSynapse') return set;
    if (this.#passesAll) return undefined;
    const endOf = (place: number) =>
      kind === 'inputSynapse' ? place % columns : Math.floor(place / columns);
    const ends = new Set(set.map(endOf));
    const kept = all.filter((place) => ends.has(endOf(place)));
    return kept.length === all.length ? undefined : kept;
  }

  #listed(
    name: string,
    values: Float64Array,
    columns: number,
    kept: readonly number[],
  ): Pick<Entry<'projections'>, 'connect' | 'initialWeights'> {
    const starts = new Array<number>(values.length / columns + 1).fill(0);
    for (const place of kept) addAt(starts, Math.floor(place / columns) + 1, 1);
    for (let row = 1; row < starts.length; row++) addAt(starts, row, at(starts, row - 1));
    const targets = kept.map((place) => place % columns);
    const data = Int8Array.from(kept, (place) => at(values, place));
    return {
      connect: this.#sparse(name, starts, targets),
      initialWeights: this.#file.put(name, { shape: [kept.length], data }),
    };
  }

  /** Kernels that only cost: see programs/rules/xylo.uc. */
  #addCosts({ name }: XyloLayer): void {
    const { outputs } = this.#network;
    const projections = Object.values(this.#net.description.projections ?? {});
    const leadsTo = (source: string, target: string) =>
      projections.some(({ from, to }) => from === source && to === target);
    const leadsOut = leadsTo(name, outputs.name);
    if (leadsOut || this.#passesAll)
      this.#net = this.#net.previousSpike(name, { run: 'feeding', over: name });
    if (!this.#passesAll) return;
    if (!leadsOut) this.#net = this.#net.previousSpike(name, { run: 'passedOutput', over: outputs.name });
    if (!leadsTo(inputName, name))
      this.#net = this.#net.spike(inputName, { run: 'passedHidden', over: name });
  }

  #sparse(name: string, starts: readonly number[], targets: readonly number[]) {
    const list = (array: string, values: readonly number[]) => this.#whole(`${name}_${array}`, values);
    return { sparse: { starts: list('starts', starts), targets: list('targets', targets) } };
  }

  #whole(array: string, values: Iterable<number> & ArrayLike<number>) {
    return this.#file.put(array, { shape: [values.length], data: Int32Array.from(values) });
  }
}

function capitalised(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
