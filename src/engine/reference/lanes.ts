import type { BoundKernel, ImageInstruction, ImageOperand } from '../../image/index.ts';
import { type LaneFunction, type Operation, operationNamed, registerCount } from '../../isa/index.ts';
import { stepLane } from '../../random/index.ts';
import { at, inLane, isSet, wordAt } from '../../text/index.ts';
import type { DeclaredGenerator, Tile } from './generator.ts';
import { fill, type TilePorts } from './ports.ts';
import type { RegisterValues, TileStep, WorkWatch } from './stored-fields.ts';

/** Everything outside the registers and the banks that a kernel's instructions can reach. */
export interface Surroundings {
  readonly lanes: number;
  readonly datapathBits: number;
  /** The states of the lanes' generators. */
  readonly generators: Uint32Array;
  /** The generators that the hw-model declares. */
  readonly declared: readonly DeclaredGenerator[];
  /** The scalars that the host writes. */
  readonly host: Int32Array;
  /** The scalars of the current named event. */
  readonly event: Int32Array;
  /** The scheduled parameters' values in the current epoch, one per lane, as integers and as floats. */
  readonly parameters: { readonly integers: readonly Int32Array[]; readonly reals: readonly Float32Array[] };
  /** The position of the kernel's first item, where its population is a slice of another. */
  readonly firstItem: number;
  readonly watch?: WorkWatch | undefined;
  emit(item: number, value: number): void;
}

/**
 * The lanes of a core, loaded with one kernel. They execute a tile operation by operation: each operation completes for
 * all items before the next one starts.
 *
 * Registers belong to one run of the kernel, so a run that stalls on a full FIFO keeps them.
 */
export class Lanes {
  readonly #around: Surroundings;
  readonly #ports: TilePorts;
  readonly #integers: readonly Int32Array[];
  readonly #reals: readonly Float32Array[];
  readonly #steps: readonly TileStep[];
  readonly #finishes: TileStep[] = [];

  constructor(kernel: BoundKernel, around: Surroundings, ports: TilePorts) {
    const { lanes } = around;
    this.#around = around;
    this.#ports = ports;
    this.#integers = Array.from({ length: registerCount }, () => new Int32Array(lanes));
    this.#reals = Array.from({ length: registerCount }, () => new Float32Array(lanes));
    const { watch } = around;
    this.#steps = kernel.code.map((instruction, line) =>
      watch === undefined ? this.#step(instruction) : this.#watched(instruction, line, watch),
    );
  }

  startPass(): void {
    this.#ports.startPass();
  }

  startSegment(): void {
    this.#ports.startSegment();
  }

  execute(tile: Tile): void {
    for (const step of this.#steps) step(tile);
  }

  /** Ends a pass that visited at least one tile: reduces write their sums. */
  endPass(tile: Tile): void {
    for (const finish of this.#finishes) finish(tile);
  }

  /** A line whose operands and result are watched. */
  #watched(instruction: ImageInstruction, line: number, watch: WorkWatch): TileStep {
    const operation = operationNamed(instruction.mnemonic);
    const { does } = operation.effect;
    const gives = does !== 'store' && does !== 'emit' && does !== 'reduce';
    const isTaken = ({ is }: ImageOperand): boolean =>
      is === 'register' || is === 'number' || is === 'parameter';
    const taken = instruction.operands.flatMap((operand, index) =>
      (gives && index === 0) || !isTaken(operand)
        ? []
        : [
            {
              values: this.#values(instruction, operation, index),
              isRegister: operand.is === 'register',
            },
          ],
    );
    const given = gives ? this.#values(instruction, operation, 0) : undefined;
    const { before, after } = watch.line(line, taken, given);
    const step = this.#step(instruction);
    return (tile) => {
      before(tile);
      step(tile);
      after(tile);
    };
  }

  #step(instruction: ImageInstruction): TileStep {
    const operation = operationNamed(instruction.mnemonic);
    const [first, second] = instruction.operands;
    switch (operation.effect.does) {
      case 'compute':
        return this.#compute(instruction, operation);
      case 'load':
        return this.#load(instruction, operation);
      case 'store': {
        if (second?.is !== 'field') throw new Error('st has no field');
        if (operation.effect.at === true)
          return this.#ports.writerAt(
            second.role,
            second.field,
            this.#values(instruction, operation, 0),
            this.#positions(instruction, 2),
          );
        const write = this.#ports.writer(second.role, second.field, this.#values(instruction, operation, 0));
        if (!operation.effect.predicated) return write;
        // One predicate serves the tile: all lanes hold the same value.
        const predicate = this.#values(instruction, operation, 2);
        return (tile) => {
          if (inLane(predicate, tile.from) !== 0) write(tile);
        };
      }
      case 'correlate':
        return this.#correlate(instruction, operation);
      case 'draw':
        return this.#drawDeclared(instruction, operation);
      case 'any':
        return this.#any(instruction, operation);
      case 'emit': {
        const values = this.#values(instruction, operation, 0);
        const sent = this.#values(instruction, operation, 1);
        return (tile) => {
          for (let lane = tile.from; lane < tile.to; lane++) {
            if (isSet(tile.active, lane) && inLane(values, lane) !== 0)
              this.#around.emit(tile.column + lane, inLane(sent, lane));
          }
        };
      }
      case 'reduce': {
        if (second?.is !== 'field' || first === undefined) throw new Error('reduce has no field');
        const { joins } = operation.effect;
        const { add, finish } = this.#ports.reducer(
          second.field,
          this.#values(instruction, operation, 0),
          joins,
        );
        this.#finishes.push(finish);
        return add;
      }
    }
  }

  #any(instruction: ImageInstruction, operation: Operation): TileStep {
    const result = this.#values(instruction, operation, 0);
    const values = this.#values(instruction, operation, 1);
    return ({ from, to, active }) => {
      let any = 0;
      for (let lane = from; lane < to; lane++) if (isSet(active, lane) && inLane(values, lane) !== 0) any = 1;
      fill(result, any, from, to);
    };
  }

  /**
   * A declared generator advances once for each group of its lanes that holds an item, or, for a predicated draw, if
   * the predicate of the group's first item is set.
   */
  #drawDeclared(instruction: ImageInstruction, operation: Operation): TileStep {
    const operand = instruction.operands[1];
    if (operand?.is !== 'generator') throw new Error(`${instruction.mnemonic} has no generator`);
    const generator = at(this.#around.declared, operand.generator);
    const result = this.#values(instruction, operation, 0);
    const isPredicated = operation.effect.does === 'draw' && operation.effect.predicated;
    const predicate = isPredicated ? this.#values(instruction, operation, 2) : undefined;
    return ({ from, to }) => {
      for (let group = 0; group < to; group += generator.lanes) {
        const first = Math.max(from, group);
        const end = Math.min(to, group + generator.lanes);
        if (first >= end) continue;
        if (predicate !== undefined && inLane(predicate, first) === 0) {
          fill(result, 0, first, end);
          continue;
        }
        for (let lane = first; lane < end; lane++) result[lane] = generator.word(lane - group);
        generator.advance();
      }
    };
  }

  /** If it draws, every lane's generator steps first, whether or not its item is active. The new state is the word. */
  #compute(instruction: ImageInstruction, operation: Operation): TileStep {
    if (operation.effect.does !== 'compute') throw new Error(`${operation.mnemonic} does not compute`);
    const { effect } = operation;
    const f = instruction.arithmetic === 'real' ? effect.real : effect.integer(this.#around.datapathBits);
    if (f === undefined) throw new Error(`${operation.mnemonic} takes no reals`);
    const result = this.#values(instruction, operation, 0);
    const a = this.#values(instruction, operation, 1);
    const b = this.#values(instruction, operation, 2);
    const c = this.#values(instruction, operation, 3);
    if (!operation.draws) return applied(f, operation.kinds.length - 1, result, a, b, c);
    const { generators } = this.#around;
    return ({ from, to }) => {
      for (let lane = 0; lane < generators.length; lane++)
        generators[lane] = stepLane(wordAt(generators, lane));
      for (let lane = from; lane < to; lane++)
        result[lane] = f(inLane(a, lane), inLane(b, lane), inLane(c, lane), wordAt(generators, lane) | 0);
    };
  }

  /** A register of positions, which are whole numbers on every core. */
  #positions({ mnemonic, operands }: ImageInstruction, index: number): Int32Array {
    const operand = operands[index];
    if (operand?.is !== 'register') throw new Error(`${mnemonic} has no position`);
    return at(this.#integers, operand.register);
  }

  #correlate(instruction: ImageInstruction, operation: Operation): TileStep {
    const [, flags, values] = instruction.operands;
    if (flags?.is !== 'field' || values?.is !== 'field') throw new Error('correlate takes two fields');
    const result = this.#values(instruction, operation, 0);
    return this.#ports.correlator(flags, values, this.#positions(instruction, 3), result);
  }

  #load(instruction: ImageInstruction, operation: Operation): TileStep {
    const result = this.#values(instruction, operation, 0);
    const [, source] = instruction.operands;
    if (operation.effect.does === 'load' && operation.effect.at === true) {
      if (source?.is !== 'field') throw new Error(`${instruction.mnemonic} has no field`);
      return this.#ports.readerAt(source.role, source.field, this.#positions(instruction, 2), result);
    }
    const read = this.#reader(instruction, result);
    if (operation.effect.does !== 'load' || !operation.effect.predicated) return read;
    const predicate = this.#values(instruction, operation, 2);
    return (tile) => {
      if (inLane(predicate, tile.from) !== 0) read(tile);
      else fill(result, 0, tile.from, tile.to);
    };
  }

  #reader(instruction: ImageInstruction, result: RegisterValues): TileStep {
    const operand = instruction.operands[1];
    switch (operand?.is) {
      case 'field':
        return this.#ports.reader(operand.role, operand.field, result);
      case 'host':
        return (tile) => fill(result, inLane(this.#around.host, operand.scalar), tile.from, tile.to);
      case 'event':
        return (tile) => fill(result, inLane(this.#around.event, operand.scalar), tile.from, tile.to);
      case 'payload':
        return (tile) => fill(result, tile.value, tile.from, tile.to);
      case 'index':
        return (tile) => {
          const ofPre = operand.role === 'pre';
          for (let lane = tile.from; lane < tile.to; lane++)
            result[lane] = ofPre ? tile.pre : this.#around.firstItem + tile.column + lane;
        };
      default:
        throw new Error(`${instruction.mnemonic} has no field`);
    }
  }

  /** An operand's values, one per lane: a register of the file for its kind of number, or a constant. */
  #values(instruction: ImageInstruction, operation: Operation, index: number): RegisterValues {
    const operand = instruction.operands[index];
    const pattern = operation.kinds[index];
    const isReal =
      instruction.arithmetic === 'real' && pattern !== 'flag' && pattern !== 'B' && pattern !== 'integer';
    const { lanes, parameters } = this.#around;
    switch (operand?.is) {
      case undefined:
        return new Int32Array(lanes);
      case 'register':
        return at<RegisterValues>(isReal ? this.#reals : this.#integers, operand.register);
      case 'number':
        return (isReal ? new Float32Array(lanes) : new Int32Array(lanes)).fill(operand.value);
      case 'parameter':
        return at<RegisterValues>(isReal ? parameters.reals : parameters.integers, operand.parameter);
      default:
        throw new Error(`${instruction.mnemonic} cannot compute with a field`);
    }
  }
}

/** Computes each lane's result from one, two or three operands. An operand that does not exist is not read. */
function applied(
  f: LaneFunction,
  operands: number,
  result: RegisterValues,
  a: RegisterValues,
  b: RegisterValues,
  c: RegisterValues,
): TileStep {
  switch (operands) {
    case 1:
      return ({ from, to }) => {
        for (let lane = from; lane < to; lane++) result[lane] = f(inLane(a, lane), 0, 0, 0);
      };
    case 2:
      return ({ from, to }) => {
        for (let lane = from; lane < to; lane++) result[lane] = f(inLane(a, lane), inLane(b, lane), 0, 0);
      };
    default:
      return ({ from, to }) => {
        for (let lane = from; lane < to; lane++)
          result[lane] = f(inLane(a, lane), inLane(b, lane), inLane(c, lane), 0);
      };
  }
}
