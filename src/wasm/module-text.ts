import { ByteReader } from './bytes.ts';
import { noResult } from './immediates.ts';
import { type ImmediateKind, instructions, type WasmInstruction } from './instructions.ts';
import { memoryLimits } from './module-builder.ts';
import { valueTypeCodes } from './types.ts';

/** Names of functions in the text format: `$spike_of_hidden`. */
type Names = readonly string[];

/** How the text format writes an instruction's immediates, each kind preceded by a space. */
type Print = (reader: ByteReader, instruction: WasmInstruction, functions: Names) => string;

const byOpcode = new Map(
  Object.values<WasmInstruction>(instructions).map(
    (instruction) => [instruction.code.join(), instruction] as const,
  ),
);
const typeNames = new Map(Object.entries(valueTypeCodes).map(([name, code]) => [code, name] as const));
const prefixes = [0xfc, 0xfd];

const prints: Readonly<Record<ImmediateKind, Print>> = {
  none: () => '',
  i32: (reader) => ` ${reader.s64()}`,
  i64: (reader) => ` ${reader.s64()}`,
  f32: (reader) => floatText(reader.f32()),
  f64: (reader) => floatText(reader.f64()),
  v128: (reader) => ` i32x4 ${[...new Int32Array(reader.raw(16).slice().buffer)].join(' ')}`,
  memory: accessText,
  memoryLane: (reader, instruction) => `${accessText(reader, instruction)} ${reader.byte()}`,
  lane: (reader) => ` ${reader.byte()}`,
  memoryIndex: (reader) => (reader.byte() === 0 ? '' : ' 1'),
  block: (reader) => blockText(reader.byte()),
  label: (reader) => ` ${reader.u32()}`,
  function: (reader, _, functions) => ` ${functions[reader.u32()]}`,
  local: (reader) => ` ${reader.u32()}`,
};

/** @param bits those of the number, 32 of a short one or 64 */
function floatText({ value, bits }: { readonly value: number; readonly bits: number | bigint }): string {
  const [all, fraction] = typeof bits === 'bigint' ? [64n, 52n] : [32n, 23n];
  const word = BigInt(bits);
  const sign = word >> (all - 1n) === 1n ? '-' : '';
  if (Number.isNaN(value)) return ` ${sign}nan:0x${BigInt.asUintN(Number(fraction), word).toString(16)}`;
  return ` ${sign}${Number.isFinite(value) ? Math.abs(value) : 'inf'}`;
}

/** Offset and alignment, unless they are the defaults. */
function accessText(reader: ByteReader, { bytes }: WasmInstruction): string {
  const align = 2 ** reader.u32();
  const offset = reader.u32();
  return `${offset === 0 ? '' : ` offset=${offset}`}${align === bytes ? '' : ` align=${align}`}`;
}

const blockText = (result: number): string =>
  result === noResult ? '' : ` (result ${typeNames.get(result)})`;

function readInstruction(reader: ByteReader): WasmInstruction {
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
function codeLines(reader: ByteReader, functions: Names): string[] {
  const lines: string[] = [];
  let depth = 0;
  for (;;) {
    const instruction = readInstruction(reader);
    const { name, immediate } = instruction;
    if (name === 'end' && depth === 0) return lines;
    if (name === 'end' || name === 'else') depth--;
    lines.push(`${'  '.repeat(depth)}${name}${prints[immediate](reader, instruction, functions)}`);
    if (immediate === 'block' || name === 'else') depth++;
  }
}

const types = (words: readonly string[], kind: 'param' | 'result' | 'local'): string =>
  words.length === 0 ? '' : ` (${kind} ${words.join(' ')})`;

const readType = (reader: ByteReader): string => typeNames.get(reader.byte()) ?? 'unknown';

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

/** A module written by `ModuleBuilder`, in WebAssembly's text format; functions have the names of the name section. */
export function moduleText(bytes: Uint8Array): string {
  const { ofId, names } = readSections(bytes);
  const functionTypes = ofId(1).list((reader) => {
    reader.byte(); // 0x60, a function
    return `${types(reader.list(readType), 'param')}${types(reader.list(readType), 'result')}`;
  });
  const imports = ofId(2).list((reader) => {
    const from = `${quoted(reader.name())} ${quoted(reader.name())}`;
    if (reader.byte() === functionKind) return { from, type: reader.u32() };
    const isShared = reader.byte() === memoryLimits.shared;
    const pages = `${reader.u32()}`;
    return { from, memory: isShared ? `${pages} ${reader.u32()} shared` : pages };
  });
  const imported = imports.filter(({ type }) => type !== undefined).length;
  const typeIndices = ofId(3).list((reader) => reader.u32());
  const functions = identifiers(
    Array.from({ length: imported + typeIndices.length }, (_, index) => names.get(index) ?? `${index}`),
  );
  let next = 0;
  const importLines = imports.map(({ from, type, memory }) =>
    type === undefined
      ? `  (import ${from} (memory ${memory}))`
      : `  (import ${from} (func ${functions[next++]} (type ${type})))`,
  );
  const exports = ofId(7).list((reader) => {
    const name = quoted(reader.name());
    reader.byte(); // a function, as all exports are
    return `  (export ${name} (func ${functions[reader.u32()]}))`;
  });
  let defined = 0;
  const code = ofId(10).list((reader) => {
    const type = typeIndices[defined] ?? 0;
    const head = `  (func ${functions[imported + defined++]} (type ${type})${functionTypes[type]}`;
    return [head, ...bodyLines(reader.sized(), functions), '  )'].join('\n');
  });
  const typeLines = functionTypes.map((type, index) => `  (type (;${index};) (func${type}))`);
  return `(module\n${[...typeLines, ...importLines, ...exports, ...code].join('\n')}\n)\n`;
}

/** The local variables and the instructions of a function. */
function bodyLines(body: ByteReader, functions: Names): string[] {
  const locals = body.list((each) => ({ count: each.u32(), type: readType(each) }));
  const declared = locals.flatMap(({ count, type }) => Array.from({ length: count }, () => type));
  const lines = codeLines(body, functions).map((line) => `    ${line}`);
  return declared.length === 0 ? lines : [`   ${types(declared, 'local')}`, ...lines];
}
