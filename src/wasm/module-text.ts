import { ByteReader } from './byte-reader.ts';
import type { ImmediateKind } from './instructions/row.ts';
import { type Instruction, instructions } from './instructions/table.ts';
import { valueTypeCodes } from './types.ts';

/** What the text of a function's code needs to know about its module. */
interface Names {
  /** Names of functions in the text format: `$spike_of_hidden`. */
  readonly functions: readonly string[];
}

/** How the text format writes an instruction's immediates, each kind preceded by a space. */
type Print = (reader: ByteReader, instruction: Instruction, names: Names) => string;

const byOpcode = new Map(
  Object.values<Instruction>(instructions).map(
    (instruction) => [instruction.code.join(), instruction] as const,
  ),
);
const typeNames = new Map(Object.entries(valueTypeCodes).map(([name, code]) => [code, name] as const));
const prefixes = [0xfc, 0xfd];
const noResult = 0x40;

const prints: Readonly<Record<ImmediateKind, Print>> = {
  none: () => '',
  i32: (reader) => ` ${reader.s64()}`,
  i64: (reader) => ` ${reader.s64()}`,
  f32: (reader) => ` ${floatText(reader.f32(), 23n)}`,
  f64: (reader) => ` ${floatText(reader.f64(), 52n)}`,
  v128: (reader) => ` i32x4 ${[...new Int32Array(reader.raw(16).slice().buffer)].join(' ')}`,
  memory: accessText,
  memoryLane: (reader, instruction) => `${accessText(reader, instruction)} ${reader.byte()}`,
  lane: (reader) => ` ${reader.byte()}`,
  shuffle: (reader) => ` ${[...reader.raw(16)].join(' ')}`,
  oneMemory: (reader) => empty(reader.byte()),
  twoMemories: (reader) => empty(reader.byte() + reader.byte()),
  block: (reader) => blockText(reader),
  label: (reader) => ` ${reader.u32()}`,
  labels: (reader) => ` ${[...reader.list((each) => each.u32()), reader.u32()].join(' ')}`,
  function: (reader, _, { functions }) => ` ${functions[reader.u32()]}`,
  local: (reader) => ` ${reader.u32()}`,
  global: (reader) => ` ${reader.u32()}`,
};

const empty = (memories: number): string => (memories === 0 ? '' : ` ${memories}`);

function floatText({ value, bits }: { value: number; bits: bigint }, mantissaBits: bigint): string {
  const sign = bits >> (mantissaBits === 23n ? 31n : 63n) === 1n ? '-' : '';
  if (Number.isNaN(value)) return `${sign}nan:0x${(bits & ((1n << mantissaBits) - 1n)).toString(16)}`;
  return Number.isFinite(value) ? `${sign}${Math.abs(value)}` : `${sign}inf`;
}

/** Offset and alignment, unless they are the defaults. */
function accessText(reader: ByteReader, { bytes }: Instruction): string {
  const align = 2 ** reader.u32();
  const offset = reader.u32();
  return `${offset === 0 ? '' : ` offset=${offset}`}${align === bytes ? '' : ` align=${align}`}`;
}

function blockText(reader: ByteReader): string {
  const first = reader.peek() ?? 0;
  if (first === noResult || typeNames.has(first)) {
    reader.byte();
    return first === noResult ? '' : ` (result ${typeNames.get(first)})`;
  }
  return ` (type ${reader.s64()})`;
}

function readInstruction(reader: ByteReader): Instruction {
  const first = reader.byte();
  const code = prefixes.includes(first) ? [first, ...opcodeBytes(reader)] : [first];
  const instruction = byOpcode.get(code.join());
  if (instruction === undefined) throw new RangeError(`no instruction ${code.join(' ')}`);
  return instruction;
}

function opcodeBytes(reader: ByteReader): number[] {
  const byte = reader.byte();
  return byte < 0x80 ? [byte] : [byte, ...opcodeBytes(reader)];
}

/** The lines of an expression up to its `end`, which the caller prints. */
function codeLines(reader: ByteReader, names: Names): string[] {
  const lines: string[] = [];
  let depth = 0;
  for (;;) {
    const instruction = readInstruction(reader);
    const { name, immediate } = instruction;
    if (name === 'end' && depth === 0) return lines;
    if (name === 'end' || name === 'else') depth--;
    lines.push(`${'  '.repeat(depth)}${name}${prints[immediate](reader, instruction, names)}`);
    if (immediate === 'block' || name === 'else') depth++;
  }
}

const types = (words: readonly string[], kind: 'param' | 'result' | 'local'): string =>
  words.length === 0 ? '' : ` (${kind} ${words.join(' ')})`;

const readType = (reader: ByteReader): string => typeNames.get(reader.byte()) ?? 'unknown';

function readLimits(reader: ByteReader): string {
  return reader.byte() === 0 ? `${reader.u32()}` : `${reader.u32()} ${reader.u32()}`;
}

const quoted = (text: string): string => JSON.stringify(text);

/** Names that the text format accepts, made unique. */
function identifiers(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const plain = `$${name.replaceAll(/[^\w.-]/g, '_')}`;
    const unique = taken.has(plain) ? `${plain}.${index}` : plain;
    taken.add(unique);
    return unique;
  });
}

/** Sections by number; a custom section's content follows its name. */
function readSections(bytes: Uint8Array): {
  ofId: (id: number) => ByteReader;
  names: ReadonlyMap<number, string>;
} {
  const reader = new ByteReader(bytes);
  reader.raw(8); // "\0asm", version 1
  const sections = new Map<number, ByteReader>();
  const names = new Map<number, string>();
  while (!reader.atEnd) {
    const id = reader.byte();
    const section = reader.sized();
    if (id !== 0) sections.set(id, section);
    else if (section.name() === 'name' && section.byte() === 1) {
      for (const [index, name] of section.sized().list((each) => [each.u32(), each.name()] as const))
        names.set(index, name);
    }
  }
  return { ofId: (id) => sections.get(id) ?? new ByteReader(Uint8Array.of(0)), names };
}

const functionKind = 0;
const exportKinds = ['func', 'table', 'memory', 'global'];

/**
 * A module written by `ModuleBuilder`, in WebAssembly's text format; functions have the names of the name section.
 *
 * @param only the names of the functions to print, the whole module if undefined
 */
export function moduleText(bytes: Uint8Array, only?: (name: string) => boolean): string {
  const { ofId, names: given } = readSections(bytes);
  const functionTypes = ofId(1).list((reader) => {
    reader.byte(); // 0x60, a function
    return `${types(reader.list(readType), 'param')}${types(reader.list(readType), 'result')}`;
  });
  const imports = ofId(2).list((reader) => {
    const from = `${quoted(reader.name())} ${quoted(reader.name())}`;
    const isFunction = reader.byte() === functionKind;
    return { from, isFunction, text: isFunction ? `(type ${reader.u32()})` : readLimits(reader) };
  });
  const imported = imports.filter(({ isFunction }) => isFunction).length;
  const typeIndices = ofId(3).list((reader) => reader.u32());
  const functions = identifiers(
    Array.from({ length: imported + typeIndices.length }, (_, index) => given.get(index) ?? `${index}`),
  );
  const names: Names = { functions };
  let function_ = 0;
  const importLines = imports.map(({ from, isFunction, text }) =>
    isFunction
      ? `  (import ${from} (func ${functions[function_++]} ${text}))`
      : `  (import ${from} (memory ${text}))`,
  );
  const memories = ofId(5).list((reader) => `  (memory ${readLimits(reader)})`);
  const globals = ofId(6).list((reader) => {
    const type = readType(reader);
    const isMutable = reader.byte() === 1;
    return `  (global ${isMutable ? `(mut ${type})` : type} (${codeLines(reader, names).join(' ')}))`;
  });
  const exports = ofId(7).list((reader) => {
    const name = quoted(reader.name());
    const kind = reader.byte();
    const index = reader.u32();
    return `  (export ${name} (${exportKinds[kind]} ${kind === functionKind ? functions[index] : index}))`;
  });
  const bodies = ofId(10).list((reader) => reader.sized());
  const code = bodies.flatMap((body, place) => {
    const index = imported + place;
    if (only !== undefined && !only(given.get(index) ?? '')) return [];
    const type = typeIndices[place] ?? 0;
    const locals = body.list((each) => ({ count: each.u32(), type: readType(each) }));
    const head = `  (func ${functions[index]} (type ${type})${functionTypes[type]}`;
    const declared = locals.flatMap(({ count, type: of }) => Array.from({ length: count }, () => of));
    const lines = codeLines(body, names).map((line) => `    ${line}`);
    return [head, ...(declared.length === 0 ? [] : [`   ${types(declared, 'local')}`]), ...lines, '  )'];
  });
  if (only !== undefined) return `${code.map((line) => line.slice(2)).join('\n')}\n`;
  const typeLines = functionTypes.map((type, index) => `  (type (;${index};) (func${type}))`);
  const all = [...typeLines, ...importLines, ...memories, ...globals, ...exports, ...code];
  return `(module\n${all.join('\n')}\n)\n`;
}
