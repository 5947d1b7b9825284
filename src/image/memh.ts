import { inComment, plural } from '../text/index.ts';
import type { BankMap, CoreImage, Field, Layout } from './image.ts';
import type { Image } from './placed.ts';

/** A file for the memories of an RTL design. */
export interface MemoryFile {
  readonly name: string;
  readonly text: string;
}

/** The map's file, beside the banks' files. */
const memoryMapFile = 'map.json';

/**
 * Writes the initial contents of an image's banks as files for Verilog's `$readmemh`, with a map of them. Where there
 * are several cores, each has a folder with both, named by its number: `core3/`.
 *
 * A bank's file has one hexadecimal word per line, in address order from 0, below a header of comments that describes
 * the layout. Item 0 of a word is in its lowest bits. The map gives the same as JSON.
 */
export function memoryFiles({ cores }: Image): MemoryFile[] {
  return cores.flatMap(({ image, number }) => {
    const folder = cores.length === 1 ? '' : `core${number}/`;
    const banks = image.banks.map((bank, index) => ({
      name: `${folder}${fileOf(bank)}`,
      text: bankText(image, bank, index),
    }));
    const map = `${JSON.stringify(memoryMap(image), undefined, 2)}\n`;
    return [...banks, { name: `${folder}${memoryMapFile}`, text: map }];
  });
}

function fileOf({ name }: BankMap): string {
  return `${name}.memh`;
}

function bankText(image: CoreImage, bank: BankMap, index: number): string {
  const { program, core, seed } = image;
  const lines = [
    `// bank ${inComment(`${bank.name}: ${program} on ${core.hwModel} at ${core.precision}, seed ${seed}`)}`,
    `// ${plural(bank.usedWords, 'word')} of ${plural(bank.wordBits, 'bit')}, from word 0; items of a word from its lowest bits`,
  ];
  for (const { layout, fields } of layoutsOf(image, index)) {
    const { firstWord, rows, rowLength, wordsPerRow, itemsPerWord, itemBits } = layout;
    lines.push(
      `// words ${firstWord} to ${firstWord + rows * wordsPerRow - 1}: ${plural(rows, 'row')} of ` +
        `${plural(rowLength, 'item')} in ${plural(wordsPerRow, 'word')}, ${itemsPerWord} in a word, ${plural(itemBits, 'bit')} each`,
    );
    for (const { name, bits, bitOffset, signed, storage } of fields) {
      const kind = storage === 'float32' ? 'float32' : signed ? "two's complement" : 'unsigned';
      lines.push(`//   ${inComment(name)}: bits ${bitOffset + bits - 1}:${bitOffset} of an item, ${kind}`);
    }
  }
  const contents = image.contents[index] ?? new Uint32Array();
  for (let word = 0; word < bank.usedWords; word++)
    lines.push(hexWord(contents, word * bank.wordBits, bank.wordBits));
  return `${lines.join('\n')}\n`;
}

/** Bits of a bank as hexadecimal digits, the most significant first. */
export function hexWord(contents: Uint32Array, firstBit: number, bits: number): string {
  let digits = '';
  for (let at = 0; at < bits; at += 4) {
    const count = Math.min(4, bits - at);
    let digit = 0;
    for (let i = 0; i < count; i++) {
      const bit = firstBit + at + i;
      digit |= (((contents[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) << i;
    }
    digits = digit.toString(16) + digits;
  }
  return digits;
}

/** The layout of a bank, in address order. */
function layoutsOf(image: CoreImage, bank: number): { layout: Layout; fields: Field[] }[] {
  return image.layouts
    .map((layout, index) => ({ layout, fields: image.fields.filter((field) => field.layout === index) }))
    .filter(({ layout }) => layout.bank === bank)
    .sort((a, b) => a.layout.firstWord - b.layout.firstWord);
}

function memoryMap(image: CoreImage): object {
  const { program, core, seed, banks, parameters, epochs } = image;
  return {
    format: 'plasticore/memory-map/1',
    program,
    hwModel: core.hwModel,
    precision: core.precision,
    seed,
    banks: banks.map((bank, index) => ({
      name: bank.name,
      file: fileOf(bank),
      wordBits: bank.wordBits,
      words: bank.usedWords,
      layouts: layoutsOf(image, index).map(({ layout, fields }) => ({
        firstWord: layout.firstWord,
        rows: layout.rows,
        wordsPerRow: layout.wordsPerRow,
        itemsPerRow: layout.rowLength,
        itemsPerWord: layout.itemsPerWord,
        itemBits: layout.itemBits,
        fields: fields.map(({ name, bits, bitOffset, signed, storage, count }) => ({
          name,
          items: count,
          bits,
          bitOffset,
          signed,
          storage,
        })),
      })),
    })),
    // Keyed by the first epochs of the intervals.
    epochs,
    parameters: Object.fromEntries(parameters.map(({ name, values }) => [name, values])),
  };
}
