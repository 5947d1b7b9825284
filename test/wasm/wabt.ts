import loadWabt from 'wabt';

const wabt = await loadWabt();

/** The features of WebAssembly 2.0 that Node 20 runs; relaxed SIMD is not among them. */
const features = {
  simd: true,
  bulk_memory: true,
  sat_float_to_int: true,
  sign_extension: true,
  multi_value: true,
  mutable_globals: true,
  /** Memories that threads share; atomic instructions are not used. */
  threads: true,
  relaxed_simd: false,
};

/** The text of a module by an independent disassembler, which also validates it (throws if invalid). */
export function disassemble(bytes: Uint8Array): string {
  const module = wabt.readWasm(bytes, { ...features, check: true, readDebugNames: true });
  try {
    // It takes the features as well; its types do not say so.
    Reflect.apply(module.validate, module, [features]);
    return module.toText({ foldExprs: false, inlineExport: false });
  } finally {
    module.destroy();
  }
}

/** The instructions of each function as text, without comments and without the function's final `end`. */
export function disassembleFunctions(bytes: Uint8Array): string[][] {
  return disassemble(bytes)
    .split(/^ {2}\(/m)
    .filter((item) => item.startsWith('func '))
    .map((item) =>
      item
        .replace(/;;.*$|\(;.*?;\)/gm, '')
        .replace(/\)+\s*$/, '')
        .split('\n')
        .slice(1)
        .map((line) => line.trim().replace(/ +/g, ' '))
        .filter((line) => line !== '' && !line.startsWith('(local')),
    );
}

/** Validates a module twice, by wabt and by the JavaScript engine, and instantiates it. */
export function instantiate(bytes: Uint8Array<ArrayBuffer>, imports: WebAssembly.Imports = {}) {
  disassemble(bytes);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
}

/** An exported function of numbers (or bigints for i64). */
export function callable(exported: WebAssembly.ExportValue | undefined) {
  if (typeof exported !== 'function') throw new Error('not an exported function');
  return exported as (...args: (number | bigint)[]) => unknown;
}

/** The bytes that an independent assembler makes of a module's text, without names of functions. */
export function assemble(text: string): Uint8Array {
  const module = wabt.parseWat('module.wat', text, features);
  try {
    return module.toBinary({ write_debug_names: false }).buffer;
  } finally {
    module.destroy();
  }
}
