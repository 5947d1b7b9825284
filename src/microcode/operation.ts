import type { Field, ImageOperand } from '../image/index.ts';
import type { Role, Rounding } from '../isa/index.ts';
import type { PipelineDemand } from '../schedule/index.ts';

/** A number that all lanes share: a constant, a parameter, or one that the host, an event or its spike brings. */
export type SharedNumber = Extract<
  ImageOperand,
  { readonly is: 'number' | 'parameter' | 'host' | 'event' | 'payload' }
>;

/** The source of an operand. */
export type ValueSource =
  | { readonly is: 'result'; readonly operation: number }
  | { readonly is: 'load'; readonly load: number }
  | { readonly is: 'scalar'; readonly scalar: SharedNumber }
  /** The item's position in its population, and that of the row's neuron. */
  | { readonly is: 'index' }
  | { readonly is: 'row' };

/** A field through a role: what a load reads, and what a store writes. */
export interface Access {
  readonly field: number;
  readonly role: Role;
  /** Words of its bank in which the items of a tile lie, at most. */
  readonly words: number;
  /** Of a store: whether it reads its words first, as a partial write of a bank without a bit mask does. */
  readonly readsFirst: boolean;
}

/** Saturation to a number of bits: two's complement, the same without its lowest value, or unsigned. */
export interface Saturation {
  readonly to: 'signed' | 'symmetric' | 'unsigned';
  readonly bits: number;
}

/** What the adder and the logic of a lane do; `shift` is the way through multiplier and rotator. */
type LaneOperation =
  | 'pass'
  | 'add'
  | 'sub'
  | 'abs'
  | 'min'
  | 'max'
  | 'less'
  | 'equal'
  | 'and'
  | 'or'
  | 'xor'
  | 'select'
  | 'shift';

/** One operation of a word of microcode, and what happens to its result. */
export interface MicroOperation {
  /** The line of the kernel that it is of. */
  readonly line: number;
  readonly does: LaneOperation;
  readonly a: ValueSource;
  /** Of a shift, the factor, if it multiplies. */
  readonly b: ValueSource | undefined;
  /** `select` takes `a` where it is not zero, else `b`. */
  readonly predicate: ValueSource | undefined;
  /** Of a comparison: whether its flag is inverted, and whether it reads numbers without sign. */
  readonly invert: boolean;
  readonly unsigned: boolean;
  /** The amount of a shift to the right; to the left if it is negative. */
  readonly amount: Extract<SharedNumber, { readonly is: 'number' | 'parameter' }> | undefined;
  readonly rounding: Rounding;
  /** Whether it shifts the lane's next random word, in place of `a`. */
  readonly ofRandom: boolean;
  /** Whether it takes as long as a shift, whatever it does. */
  readonly takesLong: boolean;
  /** Whether its exact result may need more bits than a register has, which then keeps the lowest. */
  readonly mayWrap: boolean;
  readonly fit: Saturation | undefined;
  readonly store: Access | undefined;
  readonly emits: boolean;
  /** Whether spikes carry its result, from the lanes whose predicate is not zero. */
  readonly sends: boolean;
  readonly sum: Access | undefined;
}

/** What of a kernel no word of a lane does, by its line. */
export interface LineRefusal {
  readonly line: number;
  readonly what: string;
}

/** A kernel as operations of the core's words. */
export interface LoweredKernel {
  readonly operations: readonly MicroOperation[];
  readonly loads: readonly (Access & { readonly line: number })[];
  /** How its tiles depend on one another, and the bank in which the targets of its rows are listed. */
  readonly order: Pick<PipelineDemand, 'returns' | 'indexBank'>;
  /** Lines for which some operations stand that no lane has, so that the kernel has cycles, but no words. */
  readonly refusals: readonly LineRefusal[];
}

/** An operation in its place. */
export interface PlacedOperation extends MicroOperation {
  /** The cycle in which it issues, counted from the entry of its tile. */
  readonly cycle: number;
  /** The register of its result; undefined where none of the kernel's operations reads it. */
  readonly register: number | undefined;
}

/** A load in its place. */
export interface PlacedLoad extends Access {
  readonly line: number;
  readonly bank: number;
  readonly cycle: number;
  /** Whether it is an item of the row's neuron, which all lanes take. */
  readonly isOfRow: boolean;
  /** Where it is kept; undefined where its only reader takes it as it comes. */
  readonly register: number | undefined;
}

/** Whether it steps the lanes' generators. */
export function draws({ rounding, ofRandom }: MicroOperation): boolean {
  return ofRandom || rounding === 'stochastic';
}

/** Whether it goes through multiplier and rotator. */
export function isLong({ does, takesLong }: MicroOperation): boolean {
  return does === 'shift' || takesLong;
}

/** The values that an operation reads. */
export function sourcesOf({ a, b, predicate }: MicroOperation): ValueSource[] {
  return [a, b, predicate].flatMap((source) => source ?? []);
}

/** The number that a source is, if it is one. */
export function numberIn(source: ValueSource | undefined): number | undefined {
  return source?.is === 'scalar' && source.scalar.is === 'number' ? source.scalar.value : undefined;
}

/** How a field saturates what is stored into it. */
export function saturationOf({
  bits,
  signed,
  overflow,
}: Pick<Field, 'bits' | 'signed' | 'overflow'>): Saturation {
  if (!signed) return { to: 'unsigned', bits };
  return { to: overflow === 'saturate-symmetric' ? 'symmetric' : 'signed', bits };
}

/** The saturation that clamps between two bounds, if one does. */
export function saturationBetween(low: number | undefined, high: number | undefined): Saturation | undefined {
  if (low === undefined || high === undefined || high < 1) return undefined;
  const bits = Math.log2(high + 1);
  if (!Number.isInteger(bits)) return undefined;
  if (low === 0) return { to: 'unsigned', bits };
  if (low === -high) return { to: 'symmetric', bits: bits + 1 };
  return low === -high - 1 ? { to: 'signed', bits: bits + 1 } : undefined;
}
