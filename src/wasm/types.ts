/** The types of values that instructions take and return. `v128` is a vector of 16 bytes. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** The size of a `v128`. */
export const vectorBits = 128;
export const vectorBytes = vectorBits / 8;

/** The types that a function (or a block) takes from the stack and leaves on it, the topmost last. */
export interface FunctionType<Params extends readonly ValueType[] = readonly ValueType[]> {
  readonly params: Params;
  readonly results: readonly ValueType[];
}

/** A function of the module, imported or defined. Error messages use its `name`. */
export interface FunctionHandle<Params extends readonly ValueType[] = readonly ValueType[]> {
  readonly kind: 'function';
  readonly index: number;
  readonly name: string;
  readonly type: FunctionType<Params>;
}

/** The module's one memory. */
export interface MemoryHandle {
  readonly kind: 'memory';
  readonly index: 0;
}

/** Size of a memory in pages of 64 KiB; without a maximum it may grow to the engine's limit. */
export interface MemoryLimits {
  readonly minimumPages: number;
  readonly maximumPages?: number;
}

/** The binary encoding of a value type (WebAssembly core specification 2.0, section 5.3). */
export const valueTypeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};
