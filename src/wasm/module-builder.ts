import { ByteWriter } from './byte-writer.ts';
import { FunctionBuilder } from './function-builder.ts';
import { instructions } from './instructions/table.ts';
import { TypeSection } from './type-section.ts';
import {
  type FunctionHandle,
  type FunctionType,
  type MemoryHandle,
  type MemoryLimits,
  type ValueType,
  valueTypeCodes,
} from './types.ts';
import { GlobalHandle, type Local } from './value.ts';

/** A function's parameters as its generator receives them, one per type. */
export type Params<Types extends readonly ValueType[]> = { [Index in keyof Types]: Local<Types[Index]> };

/** Sections of a module, in the order that the binary format requires, with their numbers. */
const sectionIds = { type: 1, import: 2, function: 3, memory: 5, global: 6, export: 7, code: 10 } as const;
const externalKinds = { function: 0, memory: 2, global: 3 } as const;

/**
 * A WebAssembly module under construction: declare imports, memory, globals and functions, export some, then call
 * `toBytes()`. Import functions before defining any.
 */
export class ModuleBuilder {
  readonly #types = new TypeSection();
  readonly #imports = new Items();
  readonly #memories = new Items();
  readonly #globals = new Items();
  readonly #exports = new Items();
  readonly #exportNames = new Set<string>();
  readonly #functions: FunctionHandle[] = [];
  /** Bodies of the module's own functions; undefined until a declared function is defined. */
  readonly #bodies: (ByteWriter | undefined)[] = [];
  #memory: MemoryHandle | undefined;

  /** A function that the host provides under `module` and `name`. */
  importFunction(module: string, name: string, type: FunctionType): FunctionHandle {
    if (this.#bodies.length > 0)
      throw new Error(`import of ${name} comes after functions of the module's own`);
    const handle = this.#addFunction(name, type);
    this.#import(module, name, externalKinds.function).u32(this.#types.indexOf(type));
    return handle;
  }

  /** The memory, provided by the host under `module` and `name`. A module has at most one memory. */
  importMemory(module: string, name: string, limits: MemoryLimits): MemoryHandle {
    const handle = this.#addMemory();
    writeLimits(this.#import(module, name, externalKinds.memory), limits);
    return handle;
  }

  /** The module's own memory. A module has at most one memory. */
  memory(limits: MemoryLimits): MemoryHandle {
    const handle = this.#addMemory();
    writeLimits(this.#memories.add(), limits);
    return handle;
  }

  /** A global variable that holds `initial` when the module starts; mutable unless stated. */
  global(type: 'i64', initial: bigint, mutable?: boolean): GlobalHandle<'i64'>;
  global<T extends 'i32' | 'f32' | 'f64'>(type: T, initial: number, mutable?: boolean): GlobalHandle<T>;
  global(type: 'i32' | 'i64' | 'f32' | 'f64', initial: number | bigint, mutable = true): GlobalHandle {
    const handle = new GlobalHandle(this.#globals.count, type, mutable);
    const bytes = this.#globals.add();
    bytes.byte(valueTypeCodes[type]);
    bytes.byte(mutable ? 1 : 0);
    bytes.raw(instructions[`${type}.const`].code);
    if (type === 'i64') bytes.s64(BigInt(initial));
    else if (type === 'i32') bytes.s32(Number(initial));
    else bytes[type](Number(initial));
    bytes.raw(instructions.end.code);
    return handle;
  }

  /** Defines a function: `body` writes its code and receives its parameters by name. */
  function<const Types extends readonly ValueType[]>(
    name: string,
    type: FunctionType<Types>,
    body: (f: FunctionBuilder, ...params: Params<Types>) => void,
  ): FunctionHandle<Types> {
    const handle = this.declare(name, type);
    this.define(handle, body);
    return handle;
  }

  /** Declares a function that others may call before `define` gives it a body. */
  declare<const Types extends readonly ValueType[]>(
    name: string,
    type: FunctionType<Types>,
  ): FunctionHandle<Types> {
    const handle = this.#addFunction(name, type);
    this.#bodies.push(undefined);
    return handle;
  }

  /** Gives a declared function its body, once. */
  define<const Types extends readonly ValueType[]>(
    handle: FunctionHandle<Types>,
    body: (f: FunctionBuilder, ...params: Params<Types>) => void,
  ): void {
    const place = handle.index - this.#importedFunctions();
    if (this.#functions[handle.index] !== handle || place < 0) {
      throw new Error(`${handle.name} is not declared in this module`);
    }
    if (this.#bodies[place]) throw new Error(`${handle.name} is defined twice`);
    const builder = new FunctionBuilder(handle.name, handle.type, this.#types);
    // One local was created for each parameter type, in order.
    body(builder, ...(builder.params as Params<Types>));
    this.#bodies[place] = builder.finish();
  }

  /** Exports a function, the memory or a global to the host under a unique name. */
  export(name: string, item: FunctionHandle | MemoryHandle | GlobalHandle): void {
    if (this.#exportNames.has(name)) throw new Error(`${name} is exported twice`);
    this.#exportNames.add(name);
    const bytes = this.#exports.add();
    bytes.name(name);
    bytes.byte(externalKinds[item.kind]);
    bytes.u32(item.index);
  }

  /** The module in the binary format. Throws if a declared function has no body. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const declarations = new Items();
    const code = new Items();
    for (const [place, body] of this.#bodies.entries()) {
      const handle = this.#functions[this.#importedFunctions() + place];
      if (!handle || !body) throw new Error(`${handle?.name} is declared and not defined`);
      declarations.add().u32(this.#types.indexOf(handle.type));
      code.add().sized(body);
    }
    const bytes = new ByteWriter();
    bytes.raw([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]); // "\0asm", version 1
    writeSection(bytes, sectionIds.type, this.#types);
    writeSection(bytes, sectionIds.import, this.#imports);
    writeSection(bytes, sectionIds.function, declarations);
    writeSection(bytes, sectionIds.memory, this.#memories);
    writeSection(bytes, sectionIds.global, this.#globals);
    writeSection(bytes, sectionIds.export, this.#exports);
    writeSection(bytes, sectionIds.code, code);
    this.#writeNames(bytes);
    return bytes.written().slice();
  }

  #import(module: string, name: string, kind: number): ByteWriter {
    const bytes = this.#imports.add();
    bytes.name(module);
    bytes.name(name);
    bytes.byte(kind);
    return bytes;
  }

  #importedFunctions(): number {
    return this.#functions.length - this.#bodies.length;
  }

  #addFunction<const Types extends readonly ValueType[]>(
    name: string,
    type: FunctionType<Types>,
  ): FunctionHandle<Types> {
    const handle: FunctionHandle<Types> = { kind: 'function', index: this.#functions.length, name, type };
    this.#functions.push(handle);
    return handle;
  }

  #addMemory(): MemoryHandle {
    if (this.#memory) throw new Error('a module has one memory at most');
    this.#memory = { kind: 'memory', index: 0 };
    return this.#memory;
  }

  /** The names of the functions, for stack traces, profilers and disassemblers (custom section "name"). */
  #writeNames(bytes: ByteWriter): void {
    const names = new ByteWriter();
    names.u32(this.#functions.length);
    for (const { index, name } of this.#functions) {
      names.u32(index);
      names.name(name);
    }
    const section = new ByteWriter();
    section.name('name');
    section.byte(1); // subsection: function names
    section.sized(names);
    bytes.byte(0); // a custom section
    bytes.sized(section);
  }
}

/** A list preceded by its length, as most sections are. */
class Items {
  readonly bytes = new ByteWriter();
  count = 0;

  /** Returns the writer for the next item. */
  add(): ByteWriter {
    this.count++;
    return this.bytes;
  }
}

function writeSection(bytes: ByteWriter, id: number, items: { count: number; bytes: ByteWriter }): void {
  if (items.count === 0) return;
  const content = new ByteWriter();
  content.u32(items.count);
  content.raw(items.bytes.written());
  bytes.byte(id);
  bytes.sized(content);
}

function writeLimits(bytes: ByteWriter, { minimumPages, maximumPages }: MemoryLimits): void {
  bytes.byte(maximumPages === undefined ? 0 : 1);
  bytes.u32(minimumPages);
  if (maximumPages !== undefined) bytes.u32(maximumPages);
}
