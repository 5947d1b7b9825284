import type { ByteWriter } from './byte-writer.ts';
import type { Instruction } from './instructions/table.ts';

/**
 * Arguments of the builder's methods besides the operands on the stack, by kind of immediate. `offset` is in bytes (0
 * .. 2^32 - 1, default 0). `align` is a hint in bytes, a power of two up to the width of the access (the default); a
 * wrong hint costs time, never correctness.
 */
export interface Immediates {
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
  /** For each byte of the result, the index of the byte it takes, among the 32 bytes of both operands. */
  shuffle: [sources: readonly number[]];
  oneMemory: [];
  twoMemories: [];
}

/** The kinds of immediates that do not depend on the function or the module. */
export type PlainKind = keyof Immediates;

export type Encoder<Kind extends PlainKind> = (
  bytes: ByteWriter,
  instruction: Instruction,
  ...immediates: Immediates[Kind]
) => void;

/** How each kind is written after its opcode. Throws a RangeError for a value that cannot be encoded. */
export const encoders: { readonly [Kind in PlainKind]: Encoder<Kind> } = {
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
    writeLane(bytes, lane, 16 / instruction.bytes);
  },
  lane: (bytes, instruction, lane) => writeLane(bytes, lane, 16 / instruction.bytes),
  shuffle: (bytes, _, sources) => {
    if (sources.length !== 16) throw new RangeError(`expected 16 sources, found ${sources.length}`);
    for (const source of sources) writeLane(bytes, source, 32);
  },
  oneMemory: (bytes) => bytes.byte(0),
  twoMemories: (bytes) => {
    bytes.byte(0);
    bytes.byte(0);
  },
};

/** The binary format stores the binary logarithm of the alignment. */
function writeAccess(
  bytes: ByteWriter,
  instruction: Instruction,
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

function writeLane(bytes: ByteWriter, lane: number, lanes: number): void {
  if (!Number.isInteger(lane) || lane < 0 || lane >= lanes) {
    throw new RangeError(`expected a lane in 0 .. ${lanes - 1}, found ${lane}`);
  }
  bytes.byte(lane);
}
