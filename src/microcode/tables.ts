import { type BoundKernel, layoutOf, type ProgramView } from '../image/index.ts';
import { hostScalars } from '../isa/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
import { CutRows } from './cut-rows.ts';
import {
  type Access,
  isLong,
  type PlacedLoad,
  type PlacedOperation,
  type SharedNumber,
  type ValueSource,
} from './operation.ts';
import {
  accessParts,
  laneOperations,
  mostBanks,
  mostBankWords,
  numberNamed,
  operandKinds,
  packRecord,
  roundingModes,
  saturationValues,
  wordParts,
} from './records.ts';
import { refuseWhole } from './refuse.ts';
import type { MicrocodeSchedule } from './schedule.ts';

/** What is refused, by its name. */
type Named = Pick<BoundKernel, 'name'>;

/** The values of the parts of a record. */
export type PartValues = Record<string, number>;

/** What of synapses a kernel loads and stores. */
export function synapsesOf({ operations, loads }: MicrocodeSchedule): Access[] {
  return [...loads, ...operations.flatMap(({ store }) => store ?? [])].filter(({ role }) => role === 'syn');
}

/** Words of the shortest row of synapses, by bank. */
export function rowWords(image: ProgramView, schedule: MicrocodeSchedule): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { field } of synapsesOf(schedule)) {
    const { bank, wordsPerRow } = layoutOf(image, at(image.fields, field));
    found.set(bank, Math.min(wordsPerRow, found.get(bank) ?? wordsPerRow));
  }
  return found;
}

/** The tables of accesses and scalars, as the words of kernels name them. */
export class Tables {
  readonly accesses: bigint[] = [];
  /** The first ones are those of the host, and the value of the spike that runs the kernel: the core writes them. */
  readonly scalars: number[] = [...hostScalars.map(() => 0), 0];
  readonly cutRows: CutRows;
  readonly image: ProgramView;
  readonly #interval: number;
  /** Of the kernel whose words are made. */
  #rowWords: ReadonlyMap<number, number> = new Map();
  readonly #scalarKeys = [
    ...hostScalars.map((_, scalar) => JSON.stringify({ is: 'host', scalar })),
    JSON.stringify({ is: 'payload' }),
  ];

  constructor(image: ProgramView, interval: number) {
    this.image = image;
    this.cutRows = new CutRows(image.core.lanes);
    this.#interval = interval;
    if (image.banks.length > mostBanks)
      throw new PlasticoreError(
        'fit',
        `${image.banks.length} banks; words of microcode load from ${mostBanks}`,
      );
    const large = image.banks.find(({ usedWords }) => usedWords > mostBankWords);
    if (large !== undefined)
      throw new PlasticoreError(
        'fit',
        `bank '${large.name}': ${large.usedWords} words needed; a programmable core addresses ${mostBankWords}`,
        { hint: `choose wider words: hw.banks.${large.name}.wordBits` },
      );
  }

  words(kernel: BoundKernel, schedule: MicrocodeSchedule): bigint[] {
    const { intervalCycles, operations, loads } = schedule;
    this.#rowWords = rowWords(this.image, schedule);
    const words: PartValues[] = Array.from({ length: intervalCycles }, () => ({}));
    const stageOf = (cycle: number): number => Math.floor(cycle / intervalCycles);
    for (const operation of operations) {
      const values = this.#operation(kernel, operation, operations, loads);
      Object.assign(at(words, operation.cycle % intervalCycles), {
        ...values,
        stage: stageOf(operation.cycle),
      });
    }
    // A tile of two words takes one after the other, and its items are kept with the second.
    for (const { cycle, bank, register, words: count, ...access } of loads)
      for (let word = 0; word < count; word++)
        Object.assign(at(words, (cycle + word) % intervalCycles), {
          [`load${bank}`]: 1,
          [`load${bank}_stage`]: stageOf(cycle + word),
          [`load${bank}_access`]: this.access(kernel, access, word),
          [`load${bank}_keep`]: Number(register !== undefined && word === count - 1),
          [`load${bank}_target`]: register ?? 0,
        });
    this.#rowWords = new Map();
    return words.map((values) => packRecord(wordParts, values));
  }

  #operation(
    kernel: BoundKernel,
    operation: PlacedOperation,
    operations: readonly PlacedOperation[],
    loads: readonly PlacedLoad[],
  ): PartValues {
    const { does, a, b, predicate, register, rounding, unsigned, ofRandom, invert, fit } = operation;
    const { store, emits, sends, sum } = operation;
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
        : { store: 1, store_bank: this.bank(store.field), store_access: this.access(kernel, store) }),
      emit: Number(emits),
      send: Number(sends),
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
      : at(at(this.image.parameters, scalar.parameter).values, this.#interval);
  }

  #scalar(scalar: SharedNumber): number {
    const key = JSON.stringify(scalar);
    const found = this.#scalarKeys.indexOf(key);
    if (found >= 0) return found;
    if (scalar.is !== 'number' && scalar.is !== 'parameter')
      throw new PlasticoreError('fit', 'named events bring numbers; a programmable core takes none');
    this.scalars.push(this.#value(scalar));
    return this.#scalarKeys.push(key) - 1;
  }

  /** The place of a number among the scalars. */
  constant(value: number): number {
    return this.#scalar({ is: 'number', value });
  }

  /** Whether the items of a tile are in two words. */
  isWide(field: number): boolean {
    const { image } = this;
    return layoutOf(image, at(image.fields, field)).itemsPerWord < image.core.lanes;
  }

  /** The bank of a field. */
  bank(field: number): number {
    return layoutOf(this.image, at(this.image.fields, field)).bank;
  }

  /**
   * The number of an access in their table.
   *
   * @param word of the two words of a tile, which one is loaded
   * @param isSigned whether items are numbers with a sign, if the field does not say it
   */
  access(
    user: Named,
    { field: index, role }: Pick<Access, 'field' | 'role'>,
    word = 0,
    isSigned = at(this.image.fields, index).signed,
  ): number {
    const { core, banks, fields } = this.image;
    const field = at(fields, index);
    const layout = layoutOf(this.image, field);
    const { name, bits } = field;
    const stride = Math.log2(layout.itemBits);
    const parts = Math.log2(layout.itemsPerWord / core.lanes);
    const isAligned = Number.isInteger(stride) && field.bitOffset === 0 && !field.perWord;
    if (!isAligned || !Number.isInteger(parts) || parts < -1 || field.positions !== undefined)
      refuseWhole(
        user,
        `the items of ${name} have ${bits} of ${layout.itemBits} bits, ${layout.itemsPerWord} in a word of ${at(banks, layout.bank).name}; ` +
          `a lane takes items of 1, 2, 4, 8, 16 or 32 bits, of which a tile of ${core.lanes} is two words, one, a half, a quarter, ...`,
        'set hw.align=lanes, or choose wider words of the bank',
      );
    const isOfRow = role === 'pre';
    const isWide = parts < 0;
    const shortest = this.#rowWords.get(layout.bank) ?? layout.wordsPerRow;
    const times = role === 'syn' ? Math.log2(layout.wordsPerRow / shortest) : 0;
    if (!Number.isInteger(times) || times > 3)
      refuseWhole(user, `rows of ${shortest} and of ${layout.wordsPerRow} words in one bank`);
    return this.accessTo({
      first: layout.firstWord,
      parts: Math.max(0, parts),
      wide: Number(isWide),
      upper: word,
      stride,
      last: bits - 1,
      signed: Number(isSigned),
      synapse: Number(role === 'syn'),
      of_row: Number(isOfRow),
      times,
    });
  }

  /** The number of a record in the table of accesses. */
  accessTo(values: PartValues): number {
    const record = packRecord(accessParts, values);
    const found = this.accesses.indexOf(record);
    return found >= 0 ? found : this.accesses.push(record) - 1;
  }
}
