/** The types of values that instructions take and return. `v128` is a vector of 16 bytes. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** The size of a `v128`. */
export const vectorBits = 128;
export const vectorBytes = vectorBits / 8;

/** The types of a function's parameters and of its result: one at most. */
export interface FunctionType<Params extends readonly ValueType[] = readonly ValueType[]> {
  readonly params: Params;
  readonly results: readonly ValueType[];
}

/** A function of the module, imported or defined. Error messages use its `name`. */
export interface FunctionHandle<Params extends readonly ValueType[] = readonly ValueType[]> {
  readonly index: number;
  readonly name: string;
  readonly type: FunctionType<Params>;
}

/** The binary encoding of a value type (WebAssembly core specification 2.0, section 5.3). */
export const valueTypeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};
