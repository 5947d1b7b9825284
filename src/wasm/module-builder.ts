import { ByteWriter } from './bytes.ts';
import { FunctionBuilder } from './function-builder.ts';
import { type FunctionHandle, type FunctionType, type ValueType, valueTypeCodes } from './types.ts';
import type { Local } from './value.ts';

/** A function's parameters as its generator receives them, one per type. */
export type Params<Types extends readonly ValueType[]> = { [Index in keyof Types]: Local<Types[Index]> };

/** Sections of a module, in the order that the binary format requires, with their numbers. */
const sectionIds = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const externalKinds = { function: 0, memory: 2 } as const;
/** What comes before a memory's size: that there is no maximum, or that it is shared and has one. */
export const memoryLimits = { open: 0, shared: 3 } as const;

/**
 * A WebAssembly module under construction: import functions and a memory, define functions, export some, then call
 * `toBytes()`. Import functions before defining any.
 */
export class ModuleBuilder {
  readonly #types = new TypeSection();
  readonly #imports = new Items();
  readonly #exports = new Items();
  readonly #exportNames = new Set<string>();
  /** All functions, so many imported ones first, and the bodies of the others that are defined. */
  readonly #functions: FunctionHandle[] = [];
  #imported = 0;
  readonly #bodies = new Map<FunctionHandle, ByteWriter>();
  #hasMemory = false;

  /** A function that the host provides under `module` and `name`. */
  importFunction(module: string, name: string, type: FunctionType): FunctionHandle {
    if (this.#functions.length > this.#imported)
      throw new Error(`import of ${name} comes after functions of the module's own`);
    const handle = this.declare(name, type);
    this.#imported++;
    this.#import(module, name, externalKinds.function).u32(this.#types.indexOf(type));
    return handle;
  }

  /**
   * The memory, provided by the host under `module` and `name`, of so many pages of 64 KiB at least.
   *
   * @param sharedPages where threads share the memory, its pages at most
   */
  importMemory(module: string, name: string, minimumPages: number, sharedPages?: number): void {
    if (this.#hasMemory) throw new Error('a module has one memory at most');
    this.#hasMemory = true;
    const bytes = this.#import(module, name, externalKinds.memory);
    bytes.byte(sharedPages === undefined ? memoryLimits.open : memoryLimits.shared);
    bytes.u32(minimumPages);
    if (sharedPages !== undefined) bytes.u32(sharedPages);
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
    const handle: FunctionHandle<Types> = { index: this.#functions.length, name, type };
    this.#functions.push(handle);
    return handle;
  }

  /** Gives a declared function its body, once. */
  define<const Types extends readonly ValueType[]>(
    handle: FunctionHandle<Types>,
    body: (f: FunctionBuilder, ...params: Params<Types>) => void,
  ): void {
    if (!this.#functions.includes(handle, this.#imported))
      throw new Error(`${handle.name} is not declared in this module`);
    if (this.#bodies.has(handle)) throw new Error(`${handle.name} is defined twice`);
    const builder = new FunctionBuilder(handle.name, handle.type);
    // One local was created for each parameter type, in order.
    body(builder, ...(builder.params as Params<Types>));
    this.#bodies.set(handle, builder.finish());
  }

  /** Exports a function to the host under a unique name. */
  export(name: string, { index }: FunctionHandle): void {
    if (this.#exportNames.has(name)) throw new Error(`${name} is exported twice`);
    this.#exportNames.add(name);
    const bytes = this.#exports.add();
    bytes.name(name);
    bytes.byte(externalKinds.function);
    bytes.u32(index);
  }

  /** The module in the binary format. Throws if a declared function has no body. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const declarations = new Items();
    const code = new Items();
    for (const handle of this.#functions.slice(this.#imported)) {
      const body = this.#bodies.get(handle);
      if (body === undefined) throw new Error(`${handle.name} is declared and not defined`);
      declarations.add().u32(this.#types.indexOf(handle.type));
      code.add().sized(body);
    }
    const bytes = new ByteWriter();
    bytes.raw([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]); // "\0asm", version 1
    writeSection(bytes, sectionIds.type, this.#types);
    writeSection(bytes, sectionIds.import, this.#imports);
    writeSection(bytes, sectionIds.function, declarations);
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

/** The module's distinct function types, numbered in the order of first use. */
class TypeSection {
  readonly #indices = new Map<string, number>();
  readonly #bytes = new ByteWriter();

  /** Number of distinct types. */
  get count(): number {
    return this.#indices.size;
  }

  /** The types in the binary format, without their count. */
  get bytes(): ByteWriter {
    return this.#bytes;
  }

  /** The index of a type, which is added if it is new. */
  indexOf(type: FunctionType): number {
    const key = `${type.params.join()}->${type.results.join()}`;
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const index = this.#indices.size;
    this.#indices.set(key, index);
    this.#bytes.byte(0x60);
    writeTypes(this.#bytes, type.params);
    writeTypes(this.#bytes, type.results);
    return index;
  }
}

function writeTypes(bytes: ByteWriter, types: readonly ValueType[]): void {
  bytes.u32(types.length);
  for (const type of types) bytes.byte(valueTypeCodes[type]);
}
