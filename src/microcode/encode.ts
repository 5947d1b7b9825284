import {
  type BoundKernel,
  emittingPopulation,
  factsOf,
  isDense,
  layoutOf,
  type ProgramView,
} from '../image/index.ts';
import { columnsOf } from '../schedule/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
import {
  type Access,
  isLong,
  type PlacedLoad,
  type PlacedOperation,
  type SharedNumber,
  saturationOf,
  type ValueSource,
} from './operation.ts';
import {
  accessParts,
  kernelParts,
  laneOperations,
  mostBanks,
  mostRows,
  mostTiles,
  numberNamed,
  operandKinds,
  packRecord,
  roundingModes,
  saturationValues,
  walks,
  wordParts,
} from './records.ts';
import { refuseWhole } from './refuse.ts';
import { type MicrocodeSchedule, scheduleMicrocode, walkerWaits } from './schedule.ts';
import type { MicrocodeUnit } from './unit.ts';

/** A program as a programmable core holds it: what is loaded into its memories. */
export interface Microcode {
  readonly words: readonly bigint[];
  readonly kernels: readonly bigint[];
  readonly accesses: readonly bigint[];
  /** Numbers that all lanes share; those that the host, an event or its spike brings are 0. */
  readonly scalars: readonly number[];
  /** The places of those among the scalars: of `label` and `step`, and of the spike's value. */
  readonly given: readonly { readonly name: 'label' | 'step' | 'value'; readonly scalar: number }[];
  readonly schedules: readonly MicrocodeSchedule[];
}

type Values = Record<string, number>;

/**
 * The microcode of a program in an interval of its schedule of parameters. Others differ in words and scalars alone.
 *
 * @throws PlasticoreError `fit` with what the core lacks: by kernel and line, or by need and offer
 */
export function microcodeOf(image: ProgramView, unit: MicrocodeUnit, interval = 0): Microcode {
  const tables = new Tables(image, interval);
  const schedules = image.kernels.map((kernel) => scheduleMicrocode(kernel, image, unit));
  const words: bigint[] = [];
  const kernels = image.kernels.map((kernel, index) => {
    const schedule = at(schedules, index);
    const base = words.length;
    words.push(...tables.words(kernel, schedule));
    return tables.kernel(kernel, schedule, base);
  });
  const { accesses, scalars } = tables;
  const needs = {
    words: words.length,
    kernels: kernels.length,
    accesses: accesses.length,
    scalars: scalars.length,
  };
  for (const name of ['words', 'kernels', 'accesses', 'scalars'] as const)
    if (needs[name] > unit[name])
      throw new PlasticoreError('fit', `microcode ${name}: ${needs[name]} needed, ${unit[name]} available`);
  return { words, kernels, accesses, scalars, given: tables.given, schedules };
}

/** The tables of accesses and scalars, as the kernels name them. */
class Tables {
  readonly accesses: bigint[] = [];
  readonly scalars: number[] = [];
  readonly given: Microcode['given'][number][] = [];
  readonly #image: ProgramView;
  readonly #interval: number;
  readonly #scalarKeys: string[] = [];

  constructor(image: ProgramView, interval: number) {
    this.#image = image;
    this.#interval = interval;
    if (image.banks.length > mostBanks)
      throw new PlasticoreError(
        'fit',
        `${image.banks.length} banks; words of microcode load from ${mostBanks}`,
      );
  }

  words(kernel: BoundKernel, { intervalCycles, operations, loads }: MicrocodeSchedule): bigint[] {
    const words: Values[] = Array.from({ length: intervalCycles }, () => ({}));
    const stageOf = (cycle: number): number => Math.floor(cycle / intervalCycles);
    for (const operation of operations) {
      const values = this.#operation(kernel, operation, operations, loads);
      Object.assign(at(words, operation.cycle % intervalCycles), {
        ...values,
        stage: stageOf(operation.cycle),
      });
    }
    for (const { cycle, bank, register, ...access } of loads)
      Object.assign(at(words, cycle % intervalCycles), {
        [`load${bank}`]: 1,
        [`load${bank}_stage`]: stageOf(cycle),
        [`load${bank}_access`]: this.#access(kernel, access),
        [`load${bank}_keep`]: Number(register !== undefined),
        [`load${bank}_target`]: register ?? 0,
      });
    return words.map((values) => packRecord(wordParts, values));
  }

  #operation(
    kernel: BoundKernel,
    operation: PlacedOperation,
    operations: readonly PlacedOperation[],
    loads: readonly PlacedLoad[],
  ): Values {
    const { does, a, b, predicate, register, rounding, unsigned, ofRandom, invert, fit, store, emits, sum } =
      operation;
    const source = (value: ValueSource | undefined) => this.#source(value, operations, loads);
    const [left, right, condition] = [source(a), source(b), source(predicate)];
    const amount = operation.amount === undefined ? 0 : this.#value(operation.amount);
    return {
      valid: 1,
      operation: numberNamed(laneOperations, does),
      a_kind: left.kind,
      a_index: left.index,
      b_kind: right.kind,
      b_index: right.index,
      p_kept: Number(condition.kind === numberNamed(operandKinds, 'load')),
      p_index: predicate === undefined ? 0 : condition.index,
      write: Number(register !== undefined),
      target: register ?? 0,
      multiply: Number(isLong(operation) && b !== undefined),
      amount: Math.abs(amount) % 32,
      left: Number(amount < 0),
      rounding: numberNamed(roundingModes, rounding),
      unsigned: Number(unsigned),
      random: Number(ofRandom),
      invert: Number(invert),
      ...saturationValues('fit', fit),
      ...(store === undefined
        ? {}
        : { store: 1, store_bank: this.#bank(store.field), store_access: this.#access(kernel, store) }),
      emit: Number(emits),
      sum: Number(sum !== undefined),
    };
  }

  #source(
    source: ValueSource | undefined,
    operations: readonly PlacedOperation[],
    loads: readonly PlacedLoad[],
  ): { readonly kind: number; readonly index: number } {
    const of = (kind: (typeof operandKinds)[number], index = 0) => ({
      kind: numberNamed(operandKinds, kind),
      index,
    });
    switch (source?.is) {
      case 'result':
        return of('result', at(operations, source.operation).register);
      case 'load': {
        const { register, bank, isOfRow } = at(loads, source.load);
        if (register !== undefined) return of('load', register);
        return isOfRow ? of('row', 0) : { kind: numberNamed(operandKinds, 'bank0') + bank, index: 0 };
      }
      case 'scalar':
        return of('scalar', this.#scalar(source.scalar));
      case 'index':
        return of('index');
      case 'row':
        // The row's number, in place of an item of its neuron.
        return of('row', 1);
      case undefined:
        return of('scalar', this.#scalar({ is: 'number', value: 0 }));
    }
  }

  #value(scalar: Extract<SharedNumber, { readonly is: 'number' | 'parameter' }>): number {
    return scalar.is === 'number'
      ? scalar.value
      : at(at(this.#image.parameters, scalar.parameter).values, this.#interval);
  }

  #scalar(scalar: SharedNumber): number {
    const key = JSON.stringify(scalar);
    const found = this.#scalarKeys.indexOf(key);
    if (found >= 0) return found;
    if (scalar.is === 'event')
      throw new PlasticoreError('fit', 'named events bring scalars; a programmable core has time steps');
    const isOwn = scalar.is === 'number' || scalar.is === 'parameter';
    const index = this.#scalarKeys.push(key) - 1;
    this.scalars.push(isOwn ? this.#value(scalar) : 0);
    if (!isOwn) {
      const name = scalar.is === 'payload' ? 'value' : scalar.scalar === 0 ? 'label' : 'step';
      this.given.push({ name, scalar: index });
    }
    return index;
  }

  #bank(field: number): number {
    return layoutOf(this.#image, at(this.#image.fields, field)).bank;
  }

  /** The number of an access in their table. */
  #access(kernel: BoundKernel, { field: index, role }: Access): number {
    const { core, banks, fields } = this.#image;
    const field = at(fields, index);
    const layout = layoutOf(this.#image, field);
    const { name, bits } = field;
    const stride = Math.log2(layout.itemBits);
    const parts = Math.log2(layout.itemsPerWord / core.lanes);
    const isAligned =
      Number.isInteger(stride) && bits === layout.itemBits && field.bitOffset === 0 && !field.perWord;
    if (!isAligned || !Number.isInteger(parts) || parts < 0 || field.positions !== undefined)
      refuseWhole(
        kernel,
        `the items of ${name} have ${bits} of ${layout.itemBits} bits, ${layout.itemsPerWord} in a word of ${at(banks, layout.bank).name}; ` +
          `a lane takes 1, 2, 4, 8, 16 or 32 bits, and a word as many tiles of ${core.lanes}`,
        'choose a precision, or words of the bank, that divide so',
      );
    const isOfRow = role === 'pre';
    const record = packRecord(accessParts, {
      first: layout.firstWord,
      parts,
      stride,
      signed: Number(field.signed),
      synapse: Number(role === 'syn'),
      of_row: Number(isOfRow),
    });
    const found = this.accesses.indexOf(record);
    return found >= 0 ? found : this.accesses.push(record) - 1;
  }

  /** The record of a kernel, whose words begin at `base`. */
  kernel(kernel: BoundKernel, schedule: MicrocodeSchedule, base: number): bigint {
    const { core, populations, projections } = this.#image;
    const { domain, columnGate, rowGate } = kernel;
    const facts = factsOf(kernel);
    const projection = projections[kernel.projection ?? -1];
    const walk = walkOf(kernel);
    if (core.columnGate !== 'skip-tile') refuseWhole(kernel, 'closed tiles are visited, not skipped');
    if (Math.log2(core.lanes) % 1 !== 0) refuseWhole(kernel, `${core.lanes} lanes; expected a power of two`);
    if (kernel.order === 'columns') refuseWhole(kernel, 'goes tile by tile over the columns');
    if (projection !== undefined && domain !== 'weights' && !isDense(this.#image, projection))
      refuseWhole(kernel, `the rows of ${projection.name} are cut into segments`);
    const columns =
      domain === 'weights' ? (projection?.weightRowLength ?? 0) : columnsOf(kernel, this.#image);
    const tiles = Math.ceil(columns / core.lanes);
    const sourceSize = at(populations, projection?.source ?? 0).size;
    const rows = domain === 'weights' ? (projection?.weightRows ?? 0) : (kernel.rows ?? sourceSize);
    if (tiles > mostTiles || rows > mostRows)
      refuseWhole(kernel, `has ${tiles} tiles and ${rows} rows; at most ${mostTiles} and ${mostRows} fit`);
    const population = emittingPopulation(this.#image, kernel);
    if ((at(populations, population).first ?? 0) !== 0) refuseWhole(kernel, 'is over a part of a population');
    if (columnGate !== undefined && kernel.columns !== undefined)
      refuseWhole(kernel, 'gates some of its columns');
    if (rowGate !== undefined && kernel.rows !== undefined) refuseWhole(kernel, 'gates some of its rows');
    const { intervalCycles, drainCycles, drainsRows, operations } = schedule;
    const sum = operations.flatMap((operation) => operation.sum ?? [])[0];
    return packRecord(kernelParts(), {
      walk: numberNamed(walks, walk),
      ...this.#gate('column', kernel, columnGate, projection === undefined ? 'self' : 'post'),
      ...this.#gate('row', kernel, rowGate, 'pre'),
      tiles,
      tail: (columns - 1) % core.lanes,
      rows: walk === 'rows' ? rows : 1,
      interval: intervalCycles,
      base,
      gap: drainsRows ? drainCycles : intervalCycles,
      ...walkerWaits(kernel, schedule),
      ...this.#rowWords(kernel, schedule),
      ...(sum === undefined ? {} : this.#sum(kernel, sum)),
      population: facts.emits ? population : 0,
    });
  }

  #gate(
    name: 'column' | 'row',
    kernel: BoundKernel,
    field: number | undefined,
    role: Access['role'],
  ): Values {
    if (field === undefined) return {};
    // Gates are read tile by tile, of rows, too.
    const access = this.#access(kernel, { field, role: role === 'pre' ? 'self' : role });
    const tiles = Math.ceil(at(this.#image.fields, field).count / this.#image.core.lanes);
    return {
      [`${name}_gate`]: 1,
      [`${name}_access`]: access,
      [`${name}_bank`]: this.#bank(field),
      [`${name}_scan`]: tiles,
    };
  }

  /** Words of a row of synapses, by bank. */
  #rowWords(kernel: BoundKernel, { operations, loads }: MicrocodeSchedule): Values {
    const found: Values = {};
    const synapses = [...loads, ...operations.flatMap(({ store }) => store ?? [])].filter(
      ({ role }) => role === 'syn',
    );
    for (const { field: index } of synapses) {
      const { bank, wordsPerRow } = layoutOf(this.#image, at(this.#image.fields, index));
      const key = `row_words${bank}`;
      if (found[key] !== undefined && found[key] !== wordsPerRow)
        refuseWhole(kernel, `rows of ${found[key]} and of ${wordsPerRow} words in one bank`);
      found[key] = wordsPerRow;
    }
    return found;
  }

  #sum(kernel: BoundKernel, sum: Access): Values {
    const field = at(this.#image.fields, sum.field);
    return {
      sum_access: this.#access(kernel, sum),
      sum_bank: this.#bank(sum.field),
      ...saturationValues('sum', field.overflow === 'wrap' ? undefined : saturationOf(field)),
    };
  }
}

function walkOf(kernel: BoundKernel): (typeof walks)[number] {
  switch (kernel.domain) {
    case 'neurons':
    case 'neuron':
    case 'row':
      return kernel.domain;
    case 'synapses':
    case 'weights':
      return 'rows';
    case 'synapse':
      return refuseWhole(kernel, 'is over one synapse');
  }
}
