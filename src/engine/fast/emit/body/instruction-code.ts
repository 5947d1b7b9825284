import type { ImageInstruction, ImageOperand } from '../../../../image/index.ts';
import { interval, operationNamed } from '../../../../isa/index.ts';
import type { Local } from '../../builder/index.ts';
import { findUnchanged } from '../../plan/analysis/index.ts';
import { ScalarCode, type Value, VectorCode } from '../ops/index.ts';
import { DeclaredCode } from './declared-code.ts';
import { EffectCode } from './effect-code.ts';
import type { GateCode } from './gate-code.ts';
import type { GeneratorCode } from './generator-code.ts';
import type { KernelFrame } from './kernel-frame.ts';
import type { LineValues } from './line-values.ts';
import { LoadCode } from './load-code.ts';
import type { ReduceCode } from './reduce-code.ts';

/** Code of one instruction for the items of one vector. */
export class InstructionCode {
  readonly #frame: KernelFrame;
  readonly #gates: GateCode;
  readonly #generators: GeneratorCode;
  readonly #reduces: ReduceCode;
  readonly #values: LineValues;
  readonly #loads: LoadCode;
  readonly #effects: EffectCode;
  readonly #declared: DeclaredCode;
  /** For predicated loads and stores, by line, whether the predicate holds, where it is known for the row. */
  readonly #rowPredicates = new Map<number, Local>();
  readonly #unchanged: readonly boolean[];

  constructor(
    frame: KernelFrame,
    gates: GateCode,
    generators: GeneratorCode,
    reduces: ReduceCode,
    values: LineValues,
  ) {
    this.#frame = frame;
    this.#gates = gates;
    this.#generators = generators;
    this.#reduces = reduces;
    this.#values = values;
    this.#loads = new LoadCode(frame);
    this.#effects = new EffectCode(frame, gates);
    this.#declared = new DeclaredCode(frame);
    this.#unchanged = findUnchanged(frame.kernel, frame.context.image);
  }

  /** What comes after all vectors of a block. */
  finishBlock(): void {
    this.#effects.pushSpikes();
  }

  /** The predicate of a line's load or store, which is the same for the row under way. */
  writeRowPredicate(line: number, predicate: ImageOperand): void {
    this.#rowPredicates.set(line, this.#predicate(line, this.#values.of(line, predicate, false)));
  }

  write(line: number, instruction: ImageInstruction): void {
    const { mnemonic, operands } = instruction;
    const operation = operationNamed(mnemonic);
    const { effect } = operation;
    switch (effect.does) {
      case 'compute': {
        const code = this.#code(line, instruction);
        const [a, b, c] = operands.slice(1).map((operand, index) => {
          const pattern = operation.kinds[index + 1];
          const isReal = instruction.arithmetic === 'real' && (pattern === 'N' || pattern === 'A');
          return this.#values.of(line, operand, isReal);
        });
        const none = this.#values.missing();
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
        this.#effects.emit(this.#values.of(line, operands[0], false));
        break;
      case 'reduce':
        this.#reduces.add(
          line,
          instruction,
          this.#values.of(line, operands[0], instruction.arithmetic === 'real'),
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
    const value = this.#values.of(line, source, arithmetic === 'real');
    const holds = isPredicated ? this.#tilePredicate(line, predicate) : undefined;
    this.#effects.store(target.field, target.role, value, this.#unchanged[line] ?? false, holds);
  }

  /** Whether a predicate holds that is the same for the row, or at least, by columns, for the tile: its first vector asks. */
  #tilePredicate(line: number, predicate: ImageOperand | undefined): Local {
    const ofRow = this.#rowPredicates.get(line);
    if (ofRow !== undefined) return ofRow;
    if (this.#frame.unroll === 0) this.#predicate(line, this.#values.of(line, predicate, false));
    const holds = this.#gates.predicates.get(line);
    if (holds === undefined) throw new Error('a store without its predicate');
    return holds;
  }

  #load(line: number, instruction: ImageInstruction): void {
    const [, source, predicate] = instruction.operands;
    const isReal = instruction.arithmetic === 'real';
    const type = this.#frame.mode.mode !== 'scalar' ? 'v128' : isReal ? 'f32' : 'i32';
    const local = this.#frame.f.local(type);
    const put = (): void => this.#loads.put(source);
    if (predicate === undefined) {
      if (!this.#loads.putHalf(line, source)) put();
    } else {
      const holds =
        this.#rowPredicates.get(line) ?? this.#predicate(line, this.#values.of(line, predicate, false));
      this.#frame.f.get(holds);
      this.#frame.f.if(put, () => this.#frame.putZero(type), { results: [type] });
    }
    this.#frame.f.set(local);
    this.#values.setLocal(line, local, isReal);
  }

  #draw(line: number, instruction: ImageInstruction): void {
    const [, generator, predicate] = instruction.operands;
    if (generator?.is !== 'generator') throw new Error('a draw from nothing');
    const value = predicate === undefined ? undefined : this.#values.of(line, predicate, false);
    const putHolds = value && ((): void => this.#putFirst(value));
    const local = this.#declared.draw(line, generator.generator, putHolds);
    this.#values.setLocal(line, local);
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
    const { datapathBits } = this.#frame.context.image.core;
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
}

function clampTo16(value: number): number {
  return Math.min(Math.max(value, -(2 ** 15)), 2 ** 15 - 1);
}
