import type { Processor } from '../../engine/index.ts';
import {
  type Action,
  type BoundKernel,
  type Condition,
  type ImageOperand,
  type ProgramView,
  writtenFields,
} from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import { at } from '../../text/index.ts';

/** What a population begins a step with. */
export interface NeuronStart {
  /** Fields, by index; others are zero. */
  readonly fields: ReadonlyMap<number, Float64Array>;
  /** A projection through which a spike comes, and its weight. */
  readonly spike?: { readonly projection: number; readonly weight: number } | undefined;
  /** Its flags, such as whether a neuron has just spiked; by default 0. */
  readonly flags?: number | undefined;
}

/** The end of a step. Numbers are NaN where they follow from something that is not known of a step alone. */
export interface NeuronEnd {
  readonly fields: ReadonlyMap<number, Float64Array>;
  /** 1 for neurons that have spiked, and what their spikes carry; undefined if the population sends none. */
  readonly spiked: Float64Array | undefined;
  readonly sent: Float64Array | undefined;
}

/** Operations whose effect on reals is known; roundings, which are what integers are wrong by, are left out. */
const operations = new Set(
  'ld ldi add sub mul shl sra max min clip cmp.gt cmp.ge cmp.lt cmp.le cmp.ne sel'.split(' '),
);
/** Variants of these that do the same on reals. */
const sameOnReals = ['s', 'rn', 'ru', 'rz'];

/** An operation on reals; NaN where its result is not known, or follows from what is not. */
function onReals(mnemonic: string): (a: number, b: number, c: number) => number {
  const [name = '', variant = ''] = mnemonic.split('.');
  const known = operations.has(mnemonic) || !sameOnReals.includes(variant) ? mnemonic : name;
  // The table's product has 24 bits, as a float32 core has.
  if (known === 'mulsra') return (a, b, c) => (a * b) / 2 ** c;
  const { effect } = operationNamed(known);
  if (known === 'ld') return (a) => a;
  if (!operations.has(known) || effect.does !== 'compute' || effect.real === undefined)
    return () => Number.NaN;
  const { real, selects } = effect;
  return (a, b, c) => {
    const isKnown = selects ? !Number.isNaN(a) : ![a, b, c].some(Number.isNaN);
    return isKnown ? real(a, b, c, 0) : Number.NaN;
  };
}

/** Runs the kernels of a population in a step of inference, on reals and without the core. */
export class NeuronStepper {
  readonly #core: Processor;
  readonly #size: number;
  readonly #deeds: readonly Deed[];
  readonly #stored: ReadonlySet<number>;
  readonly #constants = new Map<number, Float64Array>();

  constructor(core: Processor, population: number) {
    this.#core = core;
    this.#size = at(core.image.populations, population).size;
    this.#deeds = deedsOf(core.image, population);
    this.#stored = new Set(
      this.#deeds.flatMap((deed) => ('fields' in deed ? deed.fields : writtenFields(deed.kernel))),
    );
  }

  /** The fields that spikes add to, and by projection the steps until they do. */
  arrivals(): { readonly fields: readonly number[]; readonly lags: ReadonlyMap<number, number> } {
    const found = this.#deeds.flatMap((deed) =>
      'kernel' in deed && deed.kernel.domain === 'row' && deed.kernel.projection !== undefined
        ? [{ fields: writtenFields(deed.kernel), lag: [deed.kernel.projection, deed.lag] as const }]
        : [],
    );
    return {
      fields: [...new Set(found.flatMap(({ fields }) => fields))],
      lags: new Map(found.map(({ lag }) => lag)),
    };
  }

  run(start: NeuronStart): NeuronEnd {
    const fields = new Map(start.fields);
    let spiked: NeuronEnd['spiked'];
    let sent: NeuronEnd['sent'];
    for (const deed of this.#deeds) {
      if ('fields' in deed) for (const field of deed.fields) fields.set(field, this.#all(0));
      if (!('kernel' in deed)) continue;
      const { domain, code, projection } = deed.kernel;
      if (domain === 'row' && projection !== start.spike?.projection) continue;
      const isKnown = deed.isRegular && (domain === 'neurons' || domain === 'row');
      const registers = new Map<number, Float64Array>();
      const positive = new Set<number>();
      const read = (operand: ImageOperand) => this.#value(operand, deed.kernel, start, fields, registers);
      for (const { mnemonic, operands } of code) {
        const [first, ...others] = operands;
        const { does } = operationNamed(mnemonic).effect;
        if (first === undefined) continue;
        if (does === 'emit') {
          const isFirst = isKnown && spiked === undefined;
          spiked = isFirst ? read(first) : this.#all(Number.NaN);
          sent = others[0] && read(others[0]);
        } else if (does === 'store' || does === 'reduce') {
          const value = isKnown && mnemonic === 'st' ? read(first) : this.#all(Number.NaN);
          for (const field of writtenFields({ code: [{ mnemonic, operands }] })) fields.set(field, value);
        } else if (first.is === 'register') {
          const [source] = others;
          // Spikes that are counted are whole.
          const isWhole = source?.is === 'register' && positive.has(source.register) && mnemonic === 'sra';
          const [a, b, c] = others.map(read);
          const compute = onReals(mnemonic);
          const result = this.#all(0).map((_, neuron) =>
            compute(a?.[neuron] ?? 0, b?.[neuron] ?? 0, c?.[neuron] ?? 0),
          );
          registers.set(first.register, isWhole ? result.map(Math.floor) : result);
          if (mnemonic === 'max') positive.add(first.register);
          else positive.delete(first.register);
        }
      }
    }
    return { fields, spiked, sent };
  }

  #all(value: number): Float64Array {
    return new Float64Array(this.#size).fill(value);
  }

  #value(
    operand: ImageOperand,
    { projection }: BoundKernel,
    { spike, flags = 0 }: NeuronStart,
    fields: ReadonlyMap<number, Float64Array>,
    registers: ReadonlyMap<number, Float64Array>,
  ): Float64Array {
    const { image } = this.#core;
    if (operand.is === 'register') return registers.get(operand.register) ?? this.#all(Number.NaN);
    if (operand.is === 'number') return this.#all(operand.value);
    if (operand.is === 'parameter') return this.#all(at(at(image.parameters, operand.parameter).values, 0));
    if (operand.is === 'payload') return this.#all(1);
    if (operand.is !== 'field') return this.#all(Number.NaN);
    const { kind, name } = at(image.fields, operand.field);
    if (operand.role === 'self' || operand.role === 'post') {
      const own = fields.get(operand.field);
      if (own !== undefined || this.#stored.has(operand.field))
        return own ?? this.#all(kind === 'flag' ? flags : 0);
      const constant = this.#constants.get(operand.field) ?? this.#core.read(operand.field);
      this.#constants.set(operand.field, constant);
      return constant;
    }
    const isWeight = projection !== undefined && name === `${at(image.projections, projection).name}.weight`;
    return this.#all(isWeight ? (spike?.weight ?? 0) : Number.NaN);
  }
}

/** A kernel that a population runs in each step, at least from one on, or now and then; or fields that are cleared. */
type Deed =
  | { readonly kernel: BoundKernel; readonly lag: number; readonly isRegular: boolean }
  | { readonly fields: readonly number[] };

/** What a population does in a step of inference, in order. */
function deedsOf({ events, kernels, projections, input }: ProgramView, population: number): Deed[] {
  const deeds: Deed[] = [];
  const concerns = ({ domain, projection, population: own }: BoundKernel): boolean => {
    if (projection === undefined) return own === population;
    const { source, target } = at(projections, projection);
    return target === population || (source === population && domain !== 'row');
  };
  const walk = (actions: readonly Action[], lag: number, isEachStep: boolean): void => {
    let isRegular = isEachStep;
    for (const action of actions) {
      if (action.does === 'stop-unless-any') isRegular = false;
      if (action.does === 'group' && !action.condition.learning)
        walk(action.actions, lag, isRegular && isForAll(action.condition));
      if (action.does === 'clear') deeds.push({ fields: action.fields });
      if (action.does === 'run' && concerns(at(kernels, action.kernel)))
        deeds.push({ kernel: at(kernels, action.kernel), lag, isRegular });
      if (action.does === 'deliver') {
        const isNow = action.spikes === 'emitted';
        walk(at(isNow ? events.spike : events.previousSpike, action.population), isNow ? 0 : 1, isRegular);
      }
      if (action.does === 'deliver-delayed') {
        const { lists, population: source } = at(events.delayed, action.delayed);
        // Spikes of a population are kept in the step after them.
        const kept = source === input ? 0 : 1;
        for (const { delay, actions: served } of lists) walk(served, delay + kept, isRegular);
      }
    }
  };
  walk(events.tick, 0, true);
  return deeds;
}

/** Whether what depends on a condition happens in each step of each sample, at least from a step on. */
function isForAll({ pass, until, every, last, everySample, intervals }: Condition): boolean {
  const limits = [pass, until, everySample, intervals];
  return limits.every((limit) => limit === undefined) && every === 1 && last === 0;
}
