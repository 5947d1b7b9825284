import type { Code } from './code.ts';
import { encoders, type Immediates, type PlainKind } from './immediates.ts';
import { type Instruction, type InstructionName, instructions } from './instructions/table.ts';

type PlainInstruction = Instruction<PlainKind>;

/**
 * The instructions whose names begin with `Prefix` as methods: `Group<'i32x4'>` has `add()`,
 * `extract_lane(lane)` and so on. Each takes its immediates and emits the instruction.
 */
export type Group<Prefix extends string> = {
  readonly [Name in InstructionName as Name extends `${Prefix}.${infer Method}`
    ? Method
    : never]: (typeof instructions)[Name] extends Instruction<infer Kind extends PlainKind>
    ? (...immediates: Immediates[Kind]) => void
    : never;
};

interface Target {
  readonly code: Code;
}

type Method = (this: Target, ...immediates: Immediates[PlainKind]) => void;

/** The methods of each group, created once; a function's group only adds the code that they write to. */
const prototypes = new Map<string, Record<string, Method>>();

for (const instruction of Object.values(instructions)) {
  const [prefix = '', name] = instruction.name.split('.');
  if (name === undefined || !isPlain(instruction)) continue;
  const methods = prototypes.get(prefix) ?? {};
  prototypes.set(prefix, methods);
  // `Group` gives each method the immediates of its own instruction.
  methods[name] = toMethod(instruction) as Method;
}

/** The instructions that need only their immediates, grouped as in the text format: `f.i32x4.add()`. */
export class InstructionGroups {
  readonly i32: Group<'i32'>;
  readonly i64: Group<'i64'>;
  readonly f32: Group<'f32'>;
  readonly f64: Group<'f64'>;
  readonly v128: Group<'v128'>;
  readonly i8x16: Group<'i8x16'>;
  readonly i16x8: Group<'i16x8'>;
  readonly i32x4: Group<'i32x4'>;
  readonly i64x2: Group<'i64x2'>;
  readonly f32x4: Group<'f32x4'>;
  readonly f64x2: Group<'f64x2'>;
  readonly memory: Group<'memory'>;

  constructor(code: Code) {
    this.i32 = groupOf('i32', code);
    this.i64 = groupOf('i64', code);
    this.f32 = groupOf('f32', code);
    this.f64 = groupOf('f64', code);
    this.v128 = groupOf('v128', code);
    this.i8x16 = groupOf('i8x16', code);
    this.i16x8 = groupOf('i16x8', code);
    this.i32x4 = groupOf('i32x4', code);
    this.i64x2 = groupOf('i64x2', code);
    this.f32x4 = groupOf('f32x4', code);
    this.f64x2 = groupOf('f64x2', code);
    this.memory = groupOf('memory', code);
  }
}

function groupOf<Prefix extends string>(prefix: Prefix, code: Code): Group<Prefix> {
  const target: Target = { code };
  return Object.setPrototypeOf(target, prototypes.get(prefix) ?? {});
}

/** Whether an instruction needs only its immediates. */
export function isPlain(instruction: Instruction): instruction is PlainInstruction {
  return instruction.immediate in encoders;
}

function toMethod<Kind extends PlainKind>(instruction: Instruction<Kind>) {
  return function (this: Target, ...immediates: Immediates[Kind]): void {
    emitPlain(this.code, instruction, ...immediates);
  };
}

/** Checks the operands and writes an instruction with its immediates. */
export function emitPlain<Kind extends PlainKind>(
  code: Code,
  instruction: Instruction<Kind>,
  ...immediates: Immediates[Kind]
): void {
  const encode = encoders[instruction.immediate];
  code.emit(instruction);
  try {
    encode(code.bytes, instruction, ...immediates);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${code.functionName}: ${instruction.name}: ${error.message}`);
  }
}
