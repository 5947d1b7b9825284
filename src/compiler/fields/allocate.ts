import type { ControllerUses } from '../../control/index.ts';
import type { Bank, HwModel } from '../../hardware/index.ts';
import {
  type BankMap,
  type BoundKernel,
  type Field,
  fieldUses,
  type Layout,
  loadedField,
  type Projection,
} from '../../image/index.ts';
import { at, PlasticoreError } from '../../text/index.ts';
import type { FieldDraft } from './draft.ts';

/** The layout of all fields in the core's banks. */
export interface FieldAllocation {
  readonly banks: readonly BankMap[];
  readonly layouts: readonly Layout[];
  readonly fields: readonly Omit<Field, 'neededFor'>[];
}

/**
 * Places each stored field: fields in order, each in the bank for its purpose, each row starting at a word. The fields
 * of a record share a layout. Aligned to lanes, each has its own unless one is of a whole word; items are then
 * a power of two of bits apart. Capacity is not checked here, so that a program that does not fit can be described.
 *
 * @throws PlasticoreError `fit` if an item is wider than a word
 */
export function allocate(drafts: readonly FieldDraft[], hw: HwModel): FieldAllocation {
  const layouts: Layout[] = [];
  const usedWords = hw.banks.map(() => 0);
  const placed = new Map<string, { index: number; firstBits: ReadonlyMap<FieldDraft, number> }>();

  const fields = drafts.map((draft): Omit<Field, 'neededFor'> => {
    const { stored, purpose, use, rows, rowLength, record, at, bank, place: _, ...field } = draft;
    if (!stored) return { ...field, layout: undefined, bitOffset: 0 };
    const owner = draft.name.split('.')[0] ?? '';
    const ofRecord =
      record === undefined ? [draft] : drafts.filter((other) => isMember(other, owner, record));
    const isApart =
      record === undefined || (hw.align === 'lanes' && !ofRecord.some(({ perWord }) => perWord));
    const key = isApart ? draft.name : `${owner} ${record}`;
    const members = isApart ? [draft] : ofRecord;
    const place = placed.get(key) ?? addLayout(members, rows, rowLength);
    placed.set(key, place);
    return { ...field, layout: place.index, bitOffset: place.firstBits.get(draft) ?? 0 };
  });
  const banks = hw.banks.map((bank, index) => ({
    name: bank.name,
    wordBits: bank.wordBits,
    usedWords: at(usedWords, index),
    capacityBits: bank.capacityBits,
    bitMask: bank.bitMask,
  }));
  return { banks, layouts, fields };

  function addLayout(
    members: readonly FieldDraft[],
    rows: number,
    rowLength: number,
  ): { index: number; firstBits: ReadonlyMap<FieldDraft, number> } {
    const bankIndex = bankOf(members);
    const bank = hw.banks[bankIndex];
    if (bank === undefined) throw new Error(`hw-model ${hw.name} has no bank ${bankIndex}`);
    const shared = members.filter(({ perWord }) => perWord);
    const sharedBits = shared.reduce((sum, { bits }) => sum + bits, 0);
    const { firstBits, ownBits, itemBits } = arrange(
      members.filter(({ perWord }) => !perWord),
      hw,
    );
    const itemsPerWord = Math.floor((bank.wordBits - sharedBits) / itemBits);
    if (itemsPerWord <= 0) failWide(members, ownBits + sharedBits, itemBits + sharedBits, bank);
    let behind = itemsPerWord * itemBits;
    for (const draft of shared) {
      firstBits.set(draft, behind);
      behind += draft.bits;
    }
    const wordsPerRow = Math.ceil(rowLength / itemsPerWord);
    const firstWord = at(usedWords, bankIndex);
    usedWords[bankIndex] = firstWord + rows * wordsPerRow;
    layouts.push({ bank: bankIndex, firstWord, rows, rowLength, itemBits, itemsPerWord, wordsPerRow });
    return { index: layouts.length - 1, firstBits };
  }

  /** The bank of a record's fields: the one they name, or else the one for their purpose. */
  function bankOf(members: readonly FieldDraft[]): number {
    const [first, ...others] = members.map(({ bank, purpose }) => bank ?? hw.placement[purpose]);
    const odd = others.findIndex((name) => name !== first);
    if (odd >= 0) {
      throw new PlasticoreError(
        'invalid-value',
        `${members[odd + 1]?.name} is in bank '${others[odd]}', but its record '${members[0]?.record}' is in bank '${first}'`,
        members[odd + 1]?.place,
      );
    }
    return hw.banks.findIndex(({ name }) => name === first);
  }
}

/** Places the fields of an item: each at its stated bit, or else after the field declared before it. */
function arrange(
  members: readonly FieldDraft[],
  { align }: Pick<HwModel, 'align'>,
): {
  firstBits: Map<FieldDraft, number>;
  /** Of its fields. */
  ownBits: number;
  /** From one item to the next. */
  itemBits: number;
} {
  const firstBits = new Map<FieldDraft, number>();
  let next = 0;
  let ownBits = 0;
  for (const draft of members) {
    const first = members.length === 1 && align === 'lanes' ? 0 : (draft.at ?? next);
    for (const [other, otherFirst] of firstBits) {
      if (first >= otherFirst + other.bits || otherFirst >= first + draft.bits) continue;
      throw new PlasticoreError(
        'invalid-value',
        `${draft.name} has bits ${first} to ${first + draft.bits - 1} of its record, ${other.name} has bits ${otherFirst} to ${otherFirst + other.bits - 1}`,
        draft.place,
      );
    }
    firstBits.set(draft, first);
    next = first + draft.bits;
    ownBits = Math.max(ownBits, next);
  }
  return { firstBits, ownBits, itemBits: align === 'lanes' ? 2 ** Math.ceil(Math.log2(ownBits)) : ownBits };
}

function isMember(draft: FieldDraft, owner: string, record: string): boolean {
  return draft.stored && draft.record === record && draft.name.startsWith(`${owner}.`);
}

/** @param wordBits what an item takes of a word: on a core that aligns items, a power of two */
function failWide(members: readonly FieldDraft[], ownBits: number, wordBits: number, bank: Bank): never {
  const names = members.map(({ name }) => name).join(', ');
  const aligned = wordBits === ownBits ? '' : ` (${wordBits} with align: lanes)`;
  throw new PlasticoreError(
    'fit',
    `${names}: an item of ${ownBits} bits${aligned} does not fit a ${bank.wordBits}-bit word of bank '${bank.name}'`,
    {
      hint:
        members.length > 1
          ? 'split the record'
          : `use a narrower field, or wider words: banks.${bank.name}.wordBits`,
    },
  );
}

/** The work that a program runs, and whether only learning needs it. */
export interface FieldUses {
  readonly kernels: readonly { readonly kernel: BoundKernel; readonly learningOnly: boolean }[];
  /** Fields that lists test, or keep spikes in. */
  readonly reads: readonly { readonly fields: readonly number[]; readonly learningOnly: boolean }[];
  readonly readout: number;
  readonly projections: readonly Pick<Projection, 'index'>[];
  readonly hasController: boolean;
  /** What it uses, where it is data. */
  readonly controller: ControllerUses | undefined;
}

/**
 * A field is needed for inference if a kernel or action that runs without learning accesses it, or a controller reads
 * it then. One that nothing is known to access is read by code, of a controller or its host: where packets go.
 */
export function withNeeds({ fields }: FieldAllocation, uses: FieldUses): Field[] {
  const needed = new Set([fields[uses.readout]]);
  const accessed = new Set<FieldAllocation['fields'][number] | undefined>();
  for (const { kernel, learningOnly } of uses.kernels) {
    const gates = [kernel.rowGate, kernel.columnGate].filter((gate) => gate !== undefined);
    const named = fieldUses(kernel).map(({ field }) => field);
    const { target, count, offset } = uses.projections[kernel.projection ?? -1]?.index ?? {};
    for (const field of [...gates, ...named, target, count, offset]) {
      if (field === undefined) continue;
      for (const one of [fields[field], loadedField(fields, field)]) {
        accessed.add(one);
        if (!learningOnly) needed.add(one);
      }
    }
  }
  for (const pass of uses.reads) {
    for (const field of pass.fields) {
      accessed.add(fields[field]);
      if (!pass.learningOnly) needed.add(fields[field]);
    }
  }
  const { hasController, controller } = uses;
  const isNeeded = (field: FieldAllocation['fields'][number]): boolean => {
    if (needed.has(field) || controller?.inference.fields.has(field.name)) return true;
    return hasController && !accessed.has(field) && !controller?.all.fields.has(field.name);
  };
  return fields.map((field) => ({ ...field, neededFor: isNeeded(field) ? 'inference' : 'learning' }));
}
