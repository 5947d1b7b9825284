import type { ImageInstruction, ImageOperand } from '../../image/index.ts';
import { interval, operationNamed } from '../../microcode/index.ts';
import { DeclaredCode } from './declared-code.ts';
import { EffectCode } from './effect-code.ts';
import type { GateCode } from './gate-code.ts';
import type { GeneratorCode } from './generator-code.ts';
import type { KernelFrame } from './kernel-frame.ts';
import { LoadCode } from './load-code.ts';
import type { ReduceCode } from './reduce-code.ts';
import { findOfRow, findUniform } from './same-values.ts';
import { ScalarCode } from './scalar-code.ts';
import { findUnchanged } from './unchanged.ts';
import type { Value } from './value.ts';
import { findDefinitions } from './value-ranges.ts';
import { VectorCode } from './vector-code.ts';
import type { FunctionBuilder, Local } from './wasm/index.ts';

/** Code of a kernel's instructions for the items of one vector, and of what is the same for a whole row. */
export class ItemCode {
  readonly #frame: KernelFrame;
  readonly #gates: GateCode;
  readonly #generators: GeneratorCode;
  readonly #reduces: ReduceCode;
  readonly #loads: LoadCode;
  readonly #effects: EffectCode;
  /** Values by the line that computes them: a register that is written twice holds two. */
  readonly #values = new Map<number, Value>();
  readonly #definitions: readonly ReadonlyMap<number, number>[];
  readonly #uniform: readonly boolean[];
  /** For predicated loads and stores, by line, whether the predicate holds, where it is known for the row. */
  readonly #rowPredicates = new Map<number, Local>();
  readonly #unchanged: readonly boolean[];
  /** By columns: which lines differ from row to row, and the values of those that do not, by vector of the tile. */
  readonly #ofRow: readonly boolean[];
  readonly #ofColumns: Map<number, Value>[] = [];
  readonly #declared: DeclaredCode;

  constructor(frame: KernelFrame, gates: GateCode, generators: GeneratorCode, reduces: ReduceCode) {
    this.#frame = frame;
    this.#gates = gates;
    this.#generators = generators;
    this.#reduces = reduces;
    this.#loads = new LoadCode(frame);
    this.#effects = new EffectCode(frame, gates);
    this.#definitions = findDefinitions(frame.kernel);
    this.#uniform = findUniform(frame.kernel);
    this.#unchanged = findUnchanged(frame.kernel, frame.context.image);
    this.#ofRow = findOfRow(frame.kernel);
    this.#declared = new DeclaredCode(frame);
  }

  /** What is the same for all items of a row, once. */
  writeUniform(): void {
    for (const [line, instruction] of this.#frame.kernel.code.entries()) {
      if (this.#uniform[line]) this.#writeInstruction(line, instruction);
      else this.#writePredicate(line, instruction);
    }
  }

  /** The predicate of a load or store, which may be the same for a whole row though the load is not. */
  #writePredicate(line: number, { mnemonic, operands: [, , predicate] }: ImageInstruction): void {
    const { effect } = operationNamed(mnemonic);
    if ((effect.does !== 'load' && effect.does !== 'store') || predicate === undefined) return;
    const isConstant = predicate.is !== 'register';
    const definition = isConstant ? -1 : this.#definitions[line]?.get(predicate.register);
    if (isConstant || this.#uniform[definition ?? -1])
      this.#rowPredicates.set(line, this.#predicate(line, this.#value(line, predicate, false)));
  }

  writeBody(): void {
    for (const [line, instruction] of this.#frame.kernel.code.entries()) {
      if (!this.#uniform[line]) this.#writeInstruction(line, instruction);
    }
    this.#gates.nextVector();
  }

  /** What comes after all vectors of a block. */
  finishBlock(): void {
    this.#effects.pushSpikes();
  }

  /** By columns: what is the same for all items of all rows, once. */
  writeConstants(): void {
    this.#writeLines((line) => this.#isUniform(line) && !this.#ofRow[line]);
  }

  /**
   * By columns: what is the same for all rows of a tile. Vectors keep it; code for single items makes it anew for each, but
   * for what any of them has.
   *
   * @param forEachVector runs the code for each vector (or item) of the tile
   */
  writeColumns(forEachVector: (write: () => void) => void): void {
    let pending: number[] = [];
    const flush = (isNeeded: boolean): void => {
      const lines = new Set(pending);
      if (isNeeded && lines.size > 0) forEachVector(() => this.#writeLines((line) => lines.has(line), true));
      pending = [];
    };
    const isScalar = this.#frame.mode.mode === 'scalar';
    for (const [line, instruction] of this.#frame.kernel.code.entries()) {
      if (instruction.mnemonic === 'any') {
        this.#writeAny(line, instruction, isScalar, pending, forEachVector);
        if (!isScalar) pending = [];
      } else if (!this.#ofRow[line] && !this.#isUniform(line)) pending.push(line);
    }
    flush(!isScalar);
  }

  /** By columns: what is the same for all items of a row. */
  writeRow(): void {
    this.#writeLines((line) => this.#isUniform(line) && this.#ofRow[line] === true);
  }

  /** By columns: what each item has of its own. */
  writeItems(): void {
    const isScalar = this.#frame.mode.mode === 'scalar';
    this.#writeLines(
      (line) =>
        !this.#isUniform(line) &&
        (isScalar || this.#ofRow[line] === true) &&
        this.#frame.kernel.code[line]?.mnemonic !== 'any',
    );
    this.#gates.nextVector();
  }

  #isUniform(line: number): boolean {
    return this.#uniform[line] === true && this.#frame.kernel.code[line]?.mnemonic !== 'any';
  }

  #writeLines(isMeant: (line: number) => boolean, areOfColumns = false): void {
    for (const [line, instruction] of this.#frame.kernel.code.entries()) {
      if (!isMeant(line)) continue;
      this.#writeInstruction(line, instruction);
      const value = this.#values.get(line);
      if (!areOfColumns || value === undefined) continue;
      const values = this.#ofColumns[this.#frame.unroll] ?? new Map<number, Value>();
      this.#ofColumns[this.#frame.unroll] = values;
      values.set(line, value);
      this.#values.delete(line);
    }
  }

  /** Whether any item of a tile has a value that is not zero; `before` are the lines that its operand may need. */
  #writeAny(
    line: number,
    instruction: ImageInstruction,
    isScalar: boolean,
    before: readonly number[],
    forEachVector: (write: () => void) => void,
  ): void {
    const { f } = this.#frame;
    const any = f.local('i32');
    f.i32.const(0);
    f.set(any);
    const lines = new Set(before);
    forEachVector(() => {
      this.#writeLines((candidate) => lines.has(candidate), !isScalar);
      const value = this.#value(line, instruction.operands[1], false);
      f.get(value.local);
      if (!isScalar) f.v128.any_true();
      else {
        f.i32.const(0);
        f.i32.ne();
      }
      f.get(any);
      f.i32.or();
      f.set(any);
    });
    const type = isScalar ? 'i32' : 'v128';
    const local = f.local(type);
    f.get(any);
    this.#frame.splatInteger();
    f.set(local);
    this.#values.set(line, {
      local,
      isReal: false,
      isMask: false,
      range: this.#frame.mode.ranges[line],
      constant: undefined,
    });
  }

  #writeInstruction(line: number, instruction: ImageInstruction): void {
    const { mnemonic, operands } = instruction;
    const operation = operationNamed(mnemonic);
    const { effect } = operation;
    switch (effect.does) {
      case 'compute': {
        const code = this.#code(line, instruction);
        const [a, b, c] = operands.slice(1).map((operand, index) => {
          const pattern = operation.kinds[index + 1];
          const isReal = instruction.arithmetic === 'real' && (pattern === 'N' || pattern === 'A');
          return this.#value(line, operand, isReal);
        });
        const none = this.#missing();
        this.#values.set(line, effect.lower(code, a ?? none, b ?? none, c ?? none));
        break;
      }
      case 'load':
        this.#load(line, instruction);
        break;
      case 'store':
        this.#store(line, instruction, effect.predicated);
        break;
      case 'draw':
        this.#draw(line, instruction);
        break;
      case 'any':
        throw new Error('any is made before the rows of a tile');
      case 'emit':
        this.#effects.emit(this.#value(line, operands[0], false));
        break;
      case 'reduce':
        this.#reduces.add(
          line,
          instruction,
          this.#value(line, operands[0], instruction.arithmetic === 'real'),
        );
        break;
    }
  }

  #store(
    line: number,
    { operands: [source, target, predicate], arithmetic }: ImageInstruction,
    isPredicated: boolean,
  ): void {
    if (target?.is !== 'field') throw new Error('a store into nothing');
    const value = this.#value(line, source, arithmetic === 'real');
    const holds = isPredicated ? this.#tilePredicate(line, predicate) : undefined;
    this.#effects.store(target.field, target.role, value, this.#unchanged[line] ?? false, holds);
  }

  /** Whether a predicate holds that is the same for the row, or at least, by columns, for the tile: its first vector asks. */
  #tilePredicate(line: number, predicate: ImageOperand | undefined): Local {
    const ofRow = this.#rowPredicates.get(line);
    if (ofRow !== undefined) return ofRow;
    if (this.#frame.unroll === 0) this.#predicate(line, this.#value(line, predicate, false));
    const holds = this.#gates.predicates.get(line);
    if (holds === undefined) throw new Error('a store without its predicate');
    return holds;
  }

  #draw(line: number, instruction: ImageInstruction): void {
    const [, generator, predicate] = instruction.operands;
    if (generator?.is !== 'generator') throw new Error('a draw from nothing');
    const value = predicate === undefined ? undefined : this.#value(line, predicate, false);
    const putHolds = value && ((): void => this.#putFirst(value));
    const local = this.#declared.draw(line, generator.generator, putHolds);
    this.#values.set(line, {
      local,
      isReal: false,
      isMask: false,
      range: this.#frame.mode.ranges[line],
      constant: undefined,
    });
  }

  /** Puts whether the first lane's value is not zero. */
  #putFirst(value: Value): void {
    const { f } = this.#frame;
    f.get(value.local);
    if (this.#frame.mode.mode === 'vector16') f.i16x8.extract_lane_s(0);
    if (this.#frame.mode.mode === 'vector32') f.i32x4.extract_lane(0);
    f.i32.const(0);
    f.i32.ne();
  }

  /** The generator of code for an instruction's values. */
  #code(line: number, instruction: ImageInstruction): VectorCode | ScalarCode {
    const { mode, saturates, ranges } = this.#frame.mode;
    const { datapathBits } = this.#frame.context.image.machine;
    const code =
      mode === 'scalar'
        ? new ScalarCode(this.#frame.f, this.#frame.constants, datapathBits, () => {
            this.#generators.putLaneAddress(this.#frame.here().column);
            this.#generators.stepScalar();
          })
        : new VectorCode(
            this.#frame.f,
            this.#frame.constants,
            mode === 'vector16' ? 8 : 4,
            datapathBits,
            (quarter) => this.#generators.stepVector(quarter),
          );
    code.isReal =
      instruction.arithmetic === 'real' && operationNamed(instruction.mnemonic).kinds[0] !== 'flag';
    code.range = ranges[line];
    if (code instanceof VectorCode && mode === 'vector16' && saturates[line]) {
      code.saturatesLanes = true;
      if (code.range !== undefined)
        code.range = interval(clampTo16(code.range.low), clampTo16(code.range.high));
    }
    return code;
  }

  #missing(): Value {
    return { local: this.#frame.pre, isReal: false, isMask: false, range: undefined, constant: undefined };
  }

  #value(line: number, operand: ImageOperand | undefined, isReal: boolean): Value {
    if (operand?.is === 'register') {
      const definition = this.#definitions[line]?.get(operand.register) ?? -1;
      const value = this.#values.get(definition) ?? this.#ofColumns[this.#frame.unroll]?.get(definition);
      if (value === undefined) throw new Error(`r${operand.register} has no value`);
      return value;
    }
    if (operand?.is === 'number') {
      const { value } = operand;
      return this.#constant(`${value}`, value, value, isReal, (f) => f.i32.const(value));
    }
    if (operand?.is !== 'parameter') throw new Error('an operand that is no value');
    const values = this.#frame.context.image.parameters[operand.parameter]?.values ?? [0];
    const address = this.#frame.context.map.parameters + 4 * operand.parameter;
    return this.#constant(`#${operand.parameter}`, Math.min(...values), Math.max(...values), isReal, (f) => {
      f.i32.const(0);
      f.i32.load(address);
    });
  }

  #constant(
    key: string,
    low: number,
    high: number,
    isReal: boolean,
    put: (f: FunctionBuilder) => void,
  ): Value {
    const constant = { low, high, key, put };
    const range = isReal ? undefined : interval(low, high);
    const mode = this.#frame.mode.mode;
    if (mode === 'scalar' && !isReal) {
      return { local: this.#frame.constants.scalar(constant), isReal, isMask: false, range, constant };
    }
    const type = mode === 'scalar' ? 'f32' : 'v128';
    const local = this.#frame.constants.get(`${isReal ? 'real' : 'lanes'} ${key}`, type, ({ f }) => {
      put(f);
      if (isReal) f.f32.convert_i32_s();
      if (mode === 'scalar') return;
      if (isReal) f.f32x4.splat();
      else (mode === 'vector16' ? f.i16x8 : f.i32x4).splat();
    });
    return { local, isReal, isMask: false, range, constant };
  }

  #load(line: number, instruction: ImageInstruction): void {
    const [, source, predicate] = instruction.operands;
    const isReal = instruction.arithmetic === 'real';
    const type = this.#frame.mode.mode !== 'scalar' ? 'v128' : isReal ? 'f32' : 'i32';
    const local = this.#frame.f.local(type);
    const range = this.#frame.mode.ranges[line];
    const put = (): void => this.#loads.put(source);
    if (predicate === undefined) {
      if (!this.#loads.putHalf(line, source)) put();
    } else {
      const holds =
        this.#rowPredicates.get(line) ?? this.#predicate(line, this.#value(line, predicate, false));
      this.#frame.f.get(holds);
      this.#frame.f.if(put, () => this.#frame.putZero(type), { results: [type] });
    }
    this.#frame.f.set(local);
    this.#values.set(line, { local, isReal, isMask: false, range, constant: undefined });
  }

  /** A row-uniform value as one i32: whether it is not zero. */
  #predicate(line: number, value: Value): Local {
    const { f } = this.#frame;
    const local = f.local('i32');
    this.#putFirst(value);
    f.set(local);
    this.#gates.predicates.set(line, local);
    return local;
  }
}

function clampTo16(value: number): number {
  return Math.min(Math.max(value, -(2 ** 15)), 2 ** 15 - 1);
}
