import { type BoundKernel, factsOf, type ImageInstruction } from '../../image/index.ts';
import { type Operation, operationNamed, registerCount } from '../../isa/index.ts';
import { stepLane } from '../../random/index.ts';
import type { DeclaredGenerator } from './generator.ts';
import type { Ports, Step, Values } from './ports.ts';
import type { Strip } from './strip.ts';

/** What a kernel's instructions reach beyond their registers and the banks. */
export interface Surroundings {
  readonly lanes: number;
  readonly datapathBits: number;
  /** The states of the lanes' generators. */
  readonly generators: Uint32Array;
  /** The generators that the hw-model declares. */
  readonly declared: readonly DeclaredGenerator[];
  /** The scalars that the host writes. */
  readonly host: Int32Array;
  /** The scalars of the named event under way. */
  readonly event: Int32Array;
  /** Positions of the longest strip: the columns of the largest population, in whole tiles. */
  readonly longestStrip: number;
  /** The scheduled parameters' values in the current epoch, one for each position, as integers and as floats. */
  readonly parameters: { readonly integers: readonly Int32Array[]; readonly reals: readonly Float32Array[] };
  emit(item: number): void;
}

/**
 * The lanes of a core, loaded with one kernel: every instruction is carried out for all items of a strip before the
 * next one. Items do not see each other, so a strip of tiles gives what one tile after the other gives, unless the
 * kernel steps the generators more than once a tile, or steps them and emits: then a strip is one tile.
 *
 * Registers belong to one run of the kernel, so that a run which stalls on a full FIFO keeps them.
 */
export class Lanes {
  /** The most tiles that a strip may have. */
  readonly stripTiles: number;
  readonly #around: Surroundings;
  readonly #ports: Ports;
  readonly #width: number;
  readonly #integers: readonly Int32Array[];
  readonly #reals: readonly Float32Array[];
  readonly #random: Uint32Array;
  readonly #steps: readonly Step[];
  readonly #finishes: Step[] = [];

  constructor(kernel: BoundKernel, around: Surroundings, ports: Ports) {
    this.#around = around;
    this.#ports = ports;
    const { draws, drawsFrom, emits } = factsOf(kernel);
    const drawsTwice = draws > 1 || new Set(drawsFrom).size < drawsFrom.length;
    const isShort = drawsTwice || (draws > 0 && emits) || kernel.order === 'columns';
    this.stripTiles = isShort ? 1 : around.longestStrip / around.lanes;
    this.#width = this.stripTiles * around.lanes;
    this.#integers = Array.from({ length: registerCount }, () => new Int32Array(this.#width));
    this.#reals = Array.from({ length: registerCount }, () => new Float32Array(this.#width));
    this.#random = new Uint32Array(this.#width);
    this.#steps = kernel.code.map((instruction) => this.#step(instruction));
  }

  startPass(): void {
    this.#ports.startPass();
  }

  startSegment(): void {
    this.#ports.startSegment();
  }

  execute(strip: Strip): void {
    for (const step of this.#steps) step(strip);
  }

  /** Ends a pass that visited at least one tile: reduces write their sums. */
  endPass(strip: Strip): void {
    for (const finish of this.#finishes) finish(strip);
  }

  #step(instruction: ImageInstruction): Step {
    const operation = operationNamed(instruction.mnemonic);
    const [first, second] = instruction.operands;
    switch (operation.effect.does) {
      case 'compute':
        return this.#compute(instruction, operation);
      case 'load':
        return this.#load(instruction, operation);
      case 'store': {
        if (second?.is !== 'field') throw new Error('st has no field');
        const write = this.#ports.writer(second.role, second.field, this.#values(instruction, operation, 0));
        return operation.effect.predicated
          ? this.#byTile(write, this.#values(instruction, operation, 2))
          : write;
      }
      case 'draw':
        return this.#drawDeclared(instruction, operation);
      case 'any':
        return this.#any(instruction, operation);
      case 'emit': {
        const values = this.#values(instruction, operation, 0);
        return (strip) => {
          for (let lane = strip.from; lane < strip.to; lane++) {
            if (strip.active[lane] && values[lane] !== 0) this.#around.emit(strip.column + lane);
          }
        };
      }
      case 'reduce': {
        if (second?.is !== 'field' || first === undefined) throw new Error('reduce has no field');
        const { add, finish } = this.#ports.reducer(second.field, this.#values(instruction, operation, 0));
        this.#finishes.push(finish);
        return add;
      }
    }
  }

  /** Carries out a step for each tile of a strip whose predicate, one for the tile, holds. */
  #byTile(step: Step, predicate: Values): Step {
    const { lanes } = this.#around;
    return (strip) => {
      for (let tile = 0; tile < strip.tiles; tile++) {
        const from = Math.max(strip.from, tile * lanes);
        const to = Math.min(strip.to, (tile + 1) * lanes);
        if (predicate[from] !== 0) step({ ...strip, from, to });
      }
    };
  }

  #any(instruction: ImageInstruction, operation: Operation): Step {
    const { lanes } = this.#around;
    const result = this.#values(instruction, operation, 0);
    const values = this.#values(instruction, operation, 1);
    return ({ tiles, from, to, active }) => {
      for (let tile = 0; tile < tiles; tile++) {
        const first = Math.max(from, tile * lanes);
        const end = Math.min(to, (tile + 1) * lanes);
        let any = 0;
        for (let i = first; i < end; i++) if (active[i] && values[i] !== 0) any = 1;
        result.fill(any, first, end);
      }
    };
  }

  /** A declared generator advances once for each group of its lanes that holds an item; with a predicate, where the first item has it. */
  #drawDeclared(instruction: ImageInstruction, operation: Operation): Step {
    const operand = instruction.operands[1];
    const generator = operand?.is === 'generator' ? this.#around.declared[operand.generator] : undefined;
    if (generator === undefined) throw new Error(`${instruction.mnemonic} has no generator`);
    const result = this.#values(instruction, operation, 0);
    const isPredicated = operation.effect.does === 'draw' && operation.effect.predicated;
    const predicate = isPredicated ? this.#values(instruction, operation, 2) : undefined;
    const { lanes } = generator;
    return ({ from, to }) => {
      for (let first = from; first < to; first = lanes * (Math.floor(first / lanes) + 1)) {
        const group = lanes * Math.floor(first / lanes);
        const end = Math.min(to, group + lanes);
        if (predicate !== undefined && predicate[first] === 0) {
          result.fill(0, first, end);
          continue;
        }
        for (let i = first; i < end; i++) result[i] = generator.word(i - group);
        generator.advance();
      }
    };
  }

  #compute(instruction: ImageInstruction, operation: Operation): Step {
    if (operation.effect.does !== 'compute') throw new Error(`${operation.mnemonic} does not compute`);
    const { effect } = operation;
    const f = instruction.arithmetic === 'real' ? effect.real : effect.integer(this.#around.datapathBits);
    if (f === undefined) throw new Error(`${operation.mnemonic} takes no reals`);
    const result = this.#values(instruction, operation, 0);
    const a = this.#values(instruction, operation, 1);
    const b = this.#values(instruction, operation, 2);
    const c = this.#values(instruction, operation, 3);
    const random = this.#random;
    if (operation.draws) {
      return (strip) => {
        this.#draw(strip.tiles);
        for (let i = strip.from; i < strip.to; i++)
          result[i] = f(a[i] ?? 0, b[i] ?? 0, c[i] ?? 0, random[i] ?? 0);
      };
    }
    return (strip) => {
      for (let i = strip.from; i < strip.to; i++) result[i] = f(a[i] ?? 0, b[i] ?? 0, c[i] ?? 0, 0);
    };
  }

  /** Every generator steps once for each tile, whether or not its lane holds an active item. */
  #draw(tiles: number): void {
    const { generators, lanes } = this.#around;
    for (let position = 0; position < tiles * lanes; position++) {
      const lane = position % lanes;
      const word = stepLane(generators[lane] ?? 0);
      generators[lane] = word;
      this.#random[position] = word;
    }
  }

  #load(instruction: ImageInstruction, operation: Operation): Step {
    const result = this.#values(instruction, operation, 0);
    const read = this.#reader(instruction, result);
    if (operation.effect.does !== 'load' || !operation.effect.predicated) return read;
    const predicate = this.#values(instruction, operation, 2);
    return (strip) => {
      if (predicate[strip.from] !== 0) read(strip);
      else result.fill(0, strip.from, strip.to);
    };
  }

  #reader(instruction: ImageInstruction, result: Values): Step {
    const operand = instruction.operands[1];
    switch (operand?.is) {
      case 'field':
        return this.#ports.reader(operand.role, operand.field, result);
      case 'host':
        return (strip) => result.fill(this.#around.host[operand.scalar] ?? 0, strip.from, strip.to);
      case 'event':
        return (strip) => result.fill(this.#around.event[operand.scalar] ?? 0, strip.from, strip.to);
      case 'index':
        return (strip) => {
          const ofPre = operand.role === 'pre';
          for (let lane = strip.from; lane < strip.to; lane++)
            result[lane] = ofPre ? strip.pre : strip.column + lane;
        };
      default:
        throw new Error(`${instruction.mnemonic} has no field`);
    }
  }

  /** An operand's values, one for each position: a register of the file for its kind of number, or a constant. */
  #values(instruction: ImageInstruction, operation: Operation, index: number): Values {
    const operand = instruction.operands[index];
    const pattern = operation.kinds[index];
    const isReal =
      instruction.arithmetic === 'real' && pattern !== 'flag' && pattern !== 'B' && pattern !== 'integer';
    const { parameters } = this.#around;
    switch (operand?.is) {
      case undefined:
        return new Int32Array(this.#width);
      case 'register':
        return found((isReal ? this.#reals : this.#integers)[operand.register]);
      case 'number':
        return (isReal ? new Float32Array(this.#width) : new Int32Array(this.#width)).fill(operand.value);
      case 'parameter':
        return found((isReal ? parameters.reals : parameters.integers)[operand.parameter]);
      default:
        throw new Error(`${instruction.mnemonic} cannot compute with a field`);
    }
  }
}

function found(values: Values | undefined): Values {
  if (values === undefined) throw new Error('an operand names nothing');
  return values;
}
