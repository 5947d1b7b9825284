import type { Bank, HwModel } from '../hardware/index.ts';
import type { BankMap, Field, Layout } from '../image/index.ts';
import { PlasticoreError } from '../source/index.ts';
import type { FieldDraft } from './fields.ts';

/** Where everything lies. */
export interface MemoryMap {
  readonly banks: readonly BankMap[];
  readonly layouts: readonly Layout[];
  readonly fields: readonly Omit<Field, 'neededFor'>[];
}

/**
 * Gives each stored field its place: fields in order, each in its purpose's bank, each row from a word on. Fields of
 * one record share a layout. Capacity is not checked here, so that what does not fit can be described.
 *
 * @throws PlasticoreError `fit` where an item is wider than a word
 */
export function allocate(drafts: readonly FieldDraft[], hw: HwModel): MemoryMap {
  const layouts: Layout[] = [];
  const usedWords = hw.banks.map(() => 0);
  const placed = new Map<string, { index: number; nextBit: number }>();

  const fields = drafts.map((draft): Omit<Field, 'neededFor'> => {
    const { stored, purpose, rows, rowLength, record, ...field } = draft;
    if (!stored) return { ...field, layout: undefined, bitOffset: 0 };
    const owner = draft.name.split('.')[0] ?? '';
    const key = record === undefined ? draft.name : `${owner} ${record}`;
    const members = record === undefined ? [draft] : drafts.filter((other) => isMember(other, owner, record));
    const place = placed.get(key) ?? { index: addLayout(members, purpose, rows, rowLength), nextBit: 0 };
    placed.set(key, { index: place.index, nextBit: place.nextBit + draft.bits });
    return { ...field, layout: place.index, bitOffset: place.nextBit };
  });
  const banks = hw.banks.map((bank, index) => ({
    name: bank.name,
    wordBits: bank.wordBits,
    usedWords: usedWords[index] ?? 0,
    capacityBits: bank.capacityBits,
    bitMask: bank.bitMask,
  }));
  return { banks, layouts, fields };

  function addLayout(
    members: readonly FieldDraft[],
    purpose: FieldDraft['purpose'],
    rows: number,
    rowLength: number,
  ): number {
    const bankIndex = hw.banks.findIndex((bank) => bank.name === hw.placement[purpose]);
    const bank = hw.banks[bankIndex];
    if (bank === undefined) throw new Error(`hw-model ${hw.name} has no bank for ${purpose}`);
    const itemBits = members.reduce((sum, { bits }) => sum + bits, 0);
    const itemsPerWord = Math.floor(bank.wordBits / itemBits);
    if (itemsPerWord === 0) failWide(members, itemBits, bank);
    const wordsPerRow = Math.ceil(rowLength / itemsPerWord);
    const firstWord = usedWords[bankIndex] ?? 0;
    usedWords[bankIndex] = firstWord + rows * wordsPerRow;
    layouts.push({ bank: bankIndex, firstWord, rows, rowLength, itemBits, itemsPerWord, wordsPerRow });
    return layouts.length - 1;
  }
}

function isMember(draft: FieldDraft, owner: string, record: string): boolean {
  return draft.stored && draft.record === record && draft.name.startsWith(`${owner}.`);
}

function failWide(members: readonly FieldDraft[], itemBits: number, bank: Bank): never {
  const names = members.map(({ name }) => name).join(', ');
  throw new PlasticoreError(
    'fit',
    `${names}: an item of ${itemBits} bits does not fit a ${bank.wordBits}-bit word of bank '${bank.name}'`,
    {
      hint: members.length > 1 ? 'split the record' : 'use a narrower field, or a bank of wider words',
    },
  );
}
