import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CoreImage,
  type Field,
  fieldRange,
  fitToField,
  type Layout,
  Memory,
  wordOf,
} from '../../src/image/index.ts';

// The packed banks against a bit string: bit b of word w is bit w x wordBits + b of a BigInt. Items of a row lie in
// slots of its words from the least significant bit on, and the fields of a record side by side within an item.

interface Setup {
  readonly wordBits: number;
  readonly layout: Layout;
  readonly fields: readonly Field[];
  readonly image: CoreImage;
}

const word32 = fc.integer({ min: 0, max: 0xffffffff });

const kinds = fc.oneof(
  { weight: 6, arbitrary: fc.record({ bits: fc.integer({ min: 1, max: 32 }), signed: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ bits: fc.constantFrom(8, 16, 32), signed: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant('float32' as const) },
);

const setups: fc.Arbitrary<Setup> = fc
  .record({
    kinds: fc.array(kinds, { minLength: 1, maxLength: 3 }),
    spareBits: fc.oneof(fc.integer({ min: 0, max: 150 }), fc.constant(0)),
    roundWord: fc.boolean(),
    rows: fc.integer({ min: 1, max: 4 }),
    rowLength: fc.integer({ min: 1, max: 20 }),
    firstWord: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ kinds, spareBits, roundWord, rows, rowLength, firstWord }) => {
    let itemBits = 0;
    const fields = kinds.map((kind, index): Field => {
      const isFloat = kind === 'float32';
      // Unsigned numbers have at most 31 bits, so that a register holds them.
      const bits = isFloat ? 32 : kind.signed ? kind.bits : Math.min(kind.bits, 31);
      const bitOffset = itemBits;
      itemBits += bits;
      return {
        name: `p.f${index}`,
        kind: 'real',
        storage: isFloat ? 'float32' : 'integer',
        bits,
        signed: isFloat || kind.signed,
        overflow: 'saturate',
        layout: 0,
        bitOffset,
        perWord: false,
        count: rows * rowLength,
        view: undefined,
        storedView: undefined,
        neededFor: 'inference',
      };
    });
    const wordBits = roundWord ? Math.ceil((itemBits + spareBits) / 32) * 32 : itemBits + spareBits;
    const itemsPerWord = Math.floor(wordBits / itemBits);
    const wordsPerRow = Math.ceil(rowLength / itemsPerWord);
    const layout = { bank: 0, firstWord, rows, rowLength, itemBits, itemsPerWord, wordsPerRow };
    const usedWords = firstWord + rows * wordsPerRow;
    return { wordBits, layout, fields, image: bareImage(wordBits, usedWords, layout, fields) };
  });

function bareImage(wordBits: number, usedWords: number, layout: Layout, fields: readonly Field[]): CoreImage {
  const none = { reads: 0, writes: 0 };
  return {
    program: 'bits',
    core: {
      hwModel: 'bits',
      precision: 'mp16-8',
      arithmetic: 'integer',
      lanes: 1,
      datapathBits: 32,
      columnGate: 'clock',
      fifoDepth: 1,
      whenFull: 'drop',
      controller: undefined,
    },
    seed: 0,
    steps: 1,
    banks: [{ name: 'bank', wordBits, usedWords, capacityBits: wordBits * usedWords, bitMask: true }],
    layouts: [layout],
    fields,
    populations: [],
    input: 0,
    projections: [],
    generators: [],
    epochs: [0],
    parameters: [],
    kernels: [],
    events: { sample: [], tick: [], spike: [], previousSpike: [], delayed: [], named: [] },
    eventScalars: [],
    readout: 0,
    work: [],
    costs: {
      clockMhz: 1,
      lanes: 1,
      work: [],
      banks: [],
      router: { pushPj: none.reads, popPj: none.writes, sources: { pushPj: 'paper', popPj: 'paper' } },
      eventCycles: 0,
      staticPower: { powerUw: 0, source: 'paper' },
      area: { totalUm2: 0, byUnit: {}, bySource: {} },
      kinds: { paper: 'derived' },
      intervals: { paper: { low: 1, high: 1 } },
    },
    contents: [],
    provenance: { compiler: '', sources: [], arrays: [] },
  };
}

/** The first bit of a field of an item, counted from the start of the bank. */
function bitOf({ wordBits, layout }: Setup, field: Field, item: number): bigint {
  const row = Math.floor(item / layout.rowLength);
  const column = item % layout.rowLength;
  const word = layout.firstWord + row * layout.wordsPerRow + Math.floor(column / layout.itemsPerWord);
  return BigInt(word * wordBits + (column % layout.itemsPerWord) * layout.itemBits + field.bitOffset);
}

/** A field's value as raw bits. */
function rawOf(field: Field, value: number): bigint {
  if (field.storage === 'integer') return BigInt.asUintN(field.bits, BigInt(value));
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return BigInt(view.getUint32(0));
}

function numberOf(field: Field, raw: bigint): number {
  if (field.storage === 'integer') return Number(field.signed ? BigInt.asIntN(field.bits, raw) : raw);
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number(raw));
  return view.getFloat32(0);
}

const elementsToBits = (elements: Uint32Array): bigint =>
  elements.reduce((bits, element, index) => bits | (BigInt(element) << BigInt(32 * index)), 0n);

describe('packed access', () => {
  it('reads and writes what a bit string holds, and leaves every other bit alone', () => {
    const choices = fc.infiniteStream(word32);
    fc.assert(
      fc.property(setups, choices, (setup, stream) => {
        const { layout, fields, image, wordBits } = setup;
        const next = (below: number): number => Math.floor(((stream.next().value ?? 0) / 2 ** 32) * below);
        const random = (): number => stream.next().value ?? 0;
        /** A value that the field can hold; for floats any bits but a NaN, which has many. */
        const valueFor = (field: Field): number => {
          const value = numberOf(field, BigInt.asUintN(field.bits, BigInt(random())));
          return Number.isNaN(value) ? 0 : value;
        };
        const usedBits = wordBits * (image.banks[0]?.usedWords ?? 0);
        const contents = Uint32Array.from({ length: Math.ceil(usedBits / 32) }, random);
        const memory = new Memory(image, [contents]);
        let bits = elementsToBits(contents);
        const put = (field: Field, item: number, value: number): void => {
          const at = bitOf(setup, field, item);
          const mask = ((1n << BigInt(field.bits)) - 1n) << at;
          bits = (bits & ~mask) | (rawOf(field, value) << at);
        };
        const peek = (field: Field, item: number): number =>
          numberOf(field, BigInt.asUintN(field.bits, bits >> bitOf(setup, field, item)));

        for (const field of fields) {
          const access = memory.access(image, field);
          for (let item = 0; item < field.count; item++) expect(access.read(item)).toEqual(peek(field, item));
          const item = next(field.count);
          const value = valueFor(field);
          access.write(item, value);
          put(field, item, value);

          const row = next(layout.rows);
          const start = next(layout.rowLength);
          const count = 1 + next(layout.rowLength - start);
          const offset = next(3);
          const values = field.storage === 'float32' ? new Float32Array(32) : new Int32Array(32);
          const active = new Uint8Array(32);
          const first = row * layout.rowLength + start;
          for (let i = 0; i < count; i++) {
            values[offset + i] = valueFor(field);
            active[offset + i] = next(2);
            if (active[offset + i]) put(field, first + i, values[offset + i] ?? 0);
          }
          access.writeRun(first, count, values, offset, active);
          const out = new Float64Array(32).fill(-7);
          const read = field.storage === 'float32' ? new Float32Array(32) : new Int32Array(32);
          read.fill(-7);
          access.readRun(first, count, read, offset);
          for (let i = 0; i < count; i++) out[offset + i] = peek(field, first + i);
          expect([...read]).toEqual([...out]);
        }
        expect(elementsToBits(memory.banks[0] ?? new Uint32Array())).toBe(bits);
      }),
      { numRuns: 300 },
    );
  });

  it('never lets an item straddle words, and starts each row at a word', () => {
    fc.assert(
      fc.property(setups, (setup) => {
        const { layout, wordBits } = setup;
        for (const field of setup.fields) {
          for (let item = 0; item < field.count; item++) {
            const bit = Number(bitOf(setup, field, item));
            const word = Math.floor(bit / wordBits);
            expect(Math.floor((bit + field.bits - 1) / wordBits)).toBe(word);
            expect(wordOf(layout, item)).toBe(word - layout.firstWord);
            if (item % layout.rowLength === 0) expect(bit % wordBits).toBe(field.bitOffset);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps a bank to itself: an image is not changed by the memory made from it', () => {
    const contents = Uint32Array.of(5);
    const layout = {
      bank: 0,
      firstWord: 0,
      rows: 1,
      rowLength: 2,
      itemBits: 8,
      itemsPerWord: 2,
      wordsPerRow: 1,
    };
    const field: Field = {
      name: 'p.f',
      kind: 'real',
      storage: 'integer',
      bits: 8,
      signed: true,
      overflow: 'saturate',
      layout: 0,
      bitOffset: 0,
      perWord: false,
      count: 2,
      view: undefined,
      storedView: undefined,
      neededFor: 'inference',
    };
    const image = bareImage(16, 1, layout, [field]);
    new Memory(image, [contents]).access(image, field).write(0, 1);
    expect([...contents]).toEqual([5]);
  });
});

describe('storing a value that does not fit', () => {
  const field = (overflow: Field['overflow'], bits: number, signed: boolean) => ({
    overflow,
    bits,
    signed,
    storage: 'integer' as const,
  });
  it.each([
    // overflow, bits, signed, value, stored
    ['saturate', 8, true, 128, 127],
    ['saturate', 8, true, -129, -128],
    ['saturate', 8, false, -1, 0],
    ['saturate', 8, false, 256, 255],
    ['saturate', 1, false, 2, 1],
    ['saturate-symmetric', 8, true, 128, 127],
    ['saturate-symmetric', 8, true, -128, -127],
    ['saturate-symmetric', 16, true, -40000, -32767],
    ['saturate-symmetric', 8, false, 300, 255],
    ['saturate-symmetric', 8, false, -3, 0],
    ['wrap', 8, true, 128, -128],
    ['wrap', 8, true, -129, 127],
    ['wrap', 8, false, 257, 1],
    ['wrap', 8, false, -1, 255],
    ['wrap', 32, true, -(2 ** 31), -(2 ** 31)],
    ['saturate', 32, true, 2 ** 31 - 1, 2 ** 31 - 1],
    ['wrap', 31, false, -1, 2 ** 31 - 1],
  ] as const)('%s, %i bits, signed %s: %i becomes %i', (overflow, bits, signed, value, stored) => {
    expect(fitToField(field(overflow, bits, signed))(value)).toBe(stored);
  });

  it('rounds to float32 where the field is one', () => {
    expect(fitToField({ ...field('saturate', 32, true), storage: 'float32' })(0.1)).toBe(Math.fround(0.1));
  });

  it('has the range of its declaration', () => {
    expect(fieldRange(field('saturate', 8, true))).toEqual({ low: -128, high: 127 });
    expect(fieldRange(field('saturate-symmetric', 8, true))).toEqual({ low: -127, high: 127 });
    expect(fieldRange(field('saturate-symmetric', 8, false))).toEqual({ low: 0, high: 255 });
    expect(fieldRange(field('wrap', 31, false))).toEqual({ low: 0, high: 2 ** 31 - 1 });
  });
});
