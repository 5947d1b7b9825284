import type { ByteWriter } from './bytes.ts';
import type { ImmediateKind, WasmInstruction } from './instructions.ts';
import { type ValueType, valueTypeCodes } from './types.ts';

/**
 * Arguments of an instruction besides its operands, by kind of immediate. `offset` is in bytes (0 .. 2^32 - 1, default
 * 0). `align` is a hint in bytes, a power of two up to the width of the access (the default); a wrong hint costs time,
 * never correctness.
 */
export interface Immediates extends Record<ImmediateKind, unknown[]> {
  none: [];
  i32: [value: number];
  i64: [value: bigint];
  f32: [value: number];
  f64: [value: number];
  /** A typed array of 16 bytes, lane 0 first: `Int32Array.of(1, 2, 3, 4)`. */
  v128: [lanes: ArrayBufferView];
  memory: [offset?: number, align?: number];
  memoryLane: [lane: number, offset?: number, align?: number];
  lane: [lane: number];
  memoryIndex: [];
  /** The type of the block's result, if it has one. */
  block: [result?: ValueType];
  /** How many open blocks lie between the branch and its target. */
  label: [depth: number];
  function: [index: number];
  local: [index: number];
}

type Encoder<Kind extends ImmediateKind> = (
  bytes: ByteWriter,
  instruction: WasmInstruction,
  ...immediates: Immediates[Kind]
) => void;

/** The byte that stands for the type of a block without a result. */
export const noResult = 0x40;

/** How each kind is written after its opcode. Throws a RangeError for a value that cannot be encoded. */
export const encoders: { readonly [Kind in ImmediateKind]: Encoder<Kind> } = {
  none: () => {},
  i32: (bytes, _, value) => bytes.s32(value),
  i64: (bytes, _, value) => bytes.s64(value),
  f32: (bytes, _, value) => bytes.f32(value),
  f64: (bytes, _, value) => bytes.f64(value),
  v128: (bytes, _, lanes) => {
    if (lanes.byteLength !== 16) throw new RangeError(`expected 16 bytes, found ${lanes.byteLength}`);
    bytes.raw(new Uint8Array(lanes.buffer, lanes.byteOffset, 16));
  },
  memory: writeAccess,
  memoryLane: (bytes, instruction, lane, offset, align) => {
    writeAccess(bytes, instruction, offset, align);
    writeLane(bytes, instruction, lane);
  },
  lane: writeLane,
  memoryIndex: (bytes) => bytes.byte(0),
  block: (bytes, _, result) => bytes.byte(result === undefined ? noResult : valueTypeCodes[result]),
  label: (bytes, _, depth) => bytes.u32(depth),
  function: (bytes, _, index) => bytes.u32(index),
  local: (bytes, _, index) => bytes.u32(index),
};

/** The binary format stores the binary logarithm of the alignment. */
function writeAccess(
  bytes: ByteWriter,
  instruction: WasmInstruction,
  offset = 0,
  align = instruction.bytes,
): void {
  const exponent = Math.log2(align);
  if (!Number.isInteger(exponent) || exponent < 0 || align > instruction.bytes) {
    throw new RangeError(
      `expected an alignment of 1 .. ${instruction.bytes}, a power of two, found ${align}`,
    );
  }
  bytes.byte(exponent);
  bytes.u32(offset);
}

function writeLane(bytes: ByteWriter, instruction: WasmInstruction, lane: number): void {
  const lanes = 16 / instruction.bytes;
  if (!Number.isInteger(lane) || lane < 0 || lane >= lanes) {
    throw new RangeError(`expected a lane in 0 .. ${lanes - 1}, found ${lane}`);
  }
  bytes.byte(lane);
}
