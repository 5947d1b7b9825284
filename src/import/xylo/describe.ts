import { at, known } from '../../arrays/index.ts';
import type { NdArray } from '../../data/index.ts';
import type { ActionSpec, ProgramDescription } from '../../program/index.ts';
import { tableOf } from '../../text/index.ts';
import { type DescribedProgram, weightsFile } from '../program/index.ts';
import type { XyloAlias, XyloLayer, XyloNetwork, XyloWeights } from './network.ts';

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
  readonly #head: XyloProgramHead;
  readonly #arrays = tableOf<NdArray>();
  readonly #populations = tableOf<Entry<'populations'>>();
  readonly #projections = tableOf<Entry<'projections'>>();
  /** By population: what its spikes do in their step, and in the next. */
  readonly #spike = new Map<string, ActionSpec[]>();
  readonly #previous = new Map<string, ActionSpec[]>();

  constructor(network: XyloNetwork, head: XyloProgramHead) {
    this.#network = network;
    this.#head = head;
  }

  program(): DescribedProgram {
    const { inputs, hidden, outputs, weights, aliases } = this.#network;
    const { name, description, steps } = this.#head;
    this.#populations[inputName] = { size: inputs, payload: { bits: 4, signed: false } };
    this.#spike.set(inputName, []);
    for (const layer of hidden) this.#addLayer(layer, true);
    this.#addLayer(outputs, false);
    // Hidden neurons before outputs, as the chip takes them.
    const isOut = ({ to }: XyloWeights) => to === 'output';
    for (const own of [...weights.filter((each) => !isOut(each)), ...weights.filter(isOut)])
      this.#addWeights(own);
    for (const layer of hidden) this.#addCosts(layer);
    for (const alias of aliases) this.#addAlias(alias);
    return {
      description: {
        name,
        description,
        steps,
        settle: hidden.length,
        input: inputName,
        populations: this.#populations,
        projections: this.#projections,
        microcode: { xylo: 'xylo' },
        events: {
          sample: [
            ...hidden.map(
              (layer): ActionSpec => ({
                run: layer.dashSyn2 ? 'clearHidden2' : 'clearHidden',
                over: layer.name,
              }),
            ),
            { run: 'clearOutput', over: outputs.name },
          ],
          tick: [
            { run: 'inputChannel', over: inputName },
            { deliver: inputName },
            ...hidden.map((layer): ActionSpec => ({ deliver: layer.name, spikes: 'previous' })),
            ...hidden.flatMap((layer): ActionSpec[] => [
              { run: layer.dashSyn2 ? 'hiddenNeuron2' : 'hiddenNeuron', over: layer.name },
              { deliver: layer.name },
            ]),
            { run: 'outputNeuron', over: outputs.name },
            { deliver: outputs.name },
          ],
          spike: Object.fromEntries(this.#spike),
          previousSpike: Object.fromEntries(this.#previous),
        },
        readout: `${outputs.name}.count`,
      },
      arrays: this.#arrays,
    };
  }

  #addLayer(layer: XyloLayer, isHidden: boolean): void {
    const { name, size, dashSyn2 } = layer;
    const dash = { kind: 'integer', bits: 4, signed: false } as const;
    const constant = (field: string, values: Float64Array) => ({
      initial: this.#file(`${name}_${field}`, [size], Int32Array.from(values)),
    });
    this.#populations[name] = {
      size,
      ...(isHidden && { payload: { bits: 5, signed: false } }),
      fields: {
        i: { bits: 16 },
        ...(dashSyn2 && { i2: { bits: 16 } }),
        v: { bits: 16 },
        dashSyn: { ...dash, ...constant('dashSyn', layer.dashSyn) },
        ...(dashSyn2 && { dashSyn2: { ...dash, ...constant('dashSyn2', dashSyn2) } }),
        dashMem: { ...dash, ...constant('dashMem', layer.dashMem) },
        threshold: { bits: 15, signed: false, ...constant('threshold', layer.threshold) },
        bias: { bits: 16, ...constant('bias', layer.bias) },
        ...(isHidden
          ? { aliased: { bits: 5, signed: false } }
          : { count: { bits: 16, signed: false, bank: 'host' } }),
      },
    };
    this.#spike.set(name, isHidden ? [{ run: 'spiking', over: name }] : []);
    if (isHidden) this.#previous.set(name, []);
  }

  #addWeights({ from, to, state, values }: XyloWeights): void {
    if (values.every((value) => value === 0)) return;
    const { hidden, outputs } = this.#network;
    const target = to === 'output' ? outputs : at(hidden, to);
    const source = from === 'input' ? inputName : at(hidden, from).name;
    const name = `${source}To${target.name.charAt(0).toUpperCase()}${target.name.slice(1)}${state === 2 ? '2' : ''}`;
    const kind = from === 'input' ? 'inputSynapse' : to === 'output' ? 'outputSynapse' : 'hiddenSynapse';
    const rows = values.length / target.size;
    const isKept = this.#kept(kind, values, rows, target.size);
    this.#projections[name] = {
      from: source,
      to: target.name,
      frozen: true,
      ...(isKept === undefined
        ? { initialWeights: this.#file(name, [rows, target.size], Int8Array.from(values)) }
        : this.#listed(name, values, rows, isKept)),
    };
    const lists = from === 'input' ? this.#spike : this.#previous;
    known(lists, source).push({ run: `${kind}${state === 2 ? '2' : ''}`, over: name });
  }

  /**
   * Which pairs the chip goes through; undefined for all. Of weights between hidden neurons it keeps those that are not
   * zero; of those of inputs, all of each neuron that an input reaches, and of those to outputs, all of each neuron
   * that reaches one.
   */
  #kept(kind: string, values: Float64Array, rows: number, columns: number) {
    const any = (count: number, of: (place: number) => number) =>
      Array.from({ length: count }, (_, place) => of(place) !== 0).some(Boolean);
    if (kind === 'hiddenSynapse')
      return (row: number, column: number) => at(values, row * columns + column) !== 0;
    if (this.#head.passesAll) return undefined;
    if (kind === 'inputSynapse') {
      const isReached = Array.from({ length: columns }, (_, column) =>
        any(rows, (row) => at(values, row * columns + column)),
      );
      return isReached.every(Boolean) ? undefined : (_: number, column: number) => at(isReached, column);
    }
    const leads = Array.from({ length: rows }, (_, row) =>
      any(columns, (column) => at(values, row * columns + column)),
    );
    return leads.every(Boolean) ? undefined : (row: number) => at(leads, row);
  }

  #listed(
    name: string,
    values: Float64Array,
    rows: number,
    isKept: (row: number, column: number) => boolean,
  ): Pick<Entry<'projections'>, 'connect' | 'initialWeights'> {
    const columns = values.length / rows;
    const [starts, targets, kept]: [number[], number[], number[]] = [[0], [], []];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (!isKept(row, column)) continue;
        targets.push(column);
        kept.push(at(values, row * columns + column));
      }
      starts.push(targets.length);
    }
    return {
      connect: {
        sparse: {
          starts: this.#file(`${name}_starts`, [rows + 1], Int32Array.from(starts)),
          targets: this.#file(`${name}_targets`, [targets.length], Int32Array.from(targets)),
        },
      },
      initialWeights: this.#file(name, [kept.length], Int8Array.from(kept)),
    };
  }

  /** Kernels that only cost: see programs/rules/xylo.uc. */
  #addCosts({ name }: XyloLayer): void {
    const { outputs } = this.#network;
    const leadsTo = (source: string, target: string) =>
      Object.values(this.#projections).some(({ from, to }) => from === source && to === target);
    const { passesAll } = this.#head;
    const leadsOut = leadsTo(name, outputs.name);
    const list = known(this.#previous, name);
    if (leadsOut || passesAll) list.push({ run: 'feeding', over: name });
    if (!passesAll) return;
    if (!leadsOut) list.push({ run: 'passedOutput', over: outputs.name });
    if (!leadsTo(inputName, name)) known(this.#spike, inputName).push({ run: 'passedHidden', over: name });
  }

  #addAlias({ from, to, pairs }: XyloAlias): void {
    const { hidden } = this.#network;
    const [source, target] = [at(hidden, from), at(hidden, to)];
    if (from >= to) throw new Error(`an alias from '${source.name}' back to '${target.name}'`);
    const name = `${source.name}As${target.name.charAt(0).toUpperCase()}${target.name.slice(1)}`;
    const ordered = [...pairs].sort(([a, x], [b, y]) => a - b || x - y);
    const starts = Array.from(
      { length: source.size + 1 },
      (_, row) => ordered.filter(([neuron]) => neuron < row).length,
    );
    this.#projections[name] = {
      from: source.name,
      to: target.name,
      frozen: true,
      initialWeights: this.#file(name, [ordered.length], new Int8Array(ordered.length).fill(1)),
      connect: {
        sparse: {
          starts: this.#file(`${name}_starts`, [starts.length], Int32Array.from(starts)),
          targets: this.#file(
            `${name}_targets`,
            [ordered.length],
            Int32Array.from(ordered, ([, neuron]) => neuron),
          ),
        },
      },
    };
    known(this.#spike, source.name).push({ run: 'alias', over: name });
  }

  #file(array: string, shape: readonly number[], data: NdArray['data']): { file: string; array: string } {
    this.#arrays[array] = { shape: [...shape], data };
    return { file: weightsFile, array };
  }
}
