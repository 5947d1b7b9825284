import {
  type BoundKernel,
  emittingPopulation,
  fieldRange,
  type ImageInstruction,
  type ImageOperand,
  type Layout,
  loadedField,
  type ProgramView,
  type RangedProgram,
  rangesOfKernel,
  type StoredAccess,
  storesOf,
  takesOf,
} from '../image/index.ts';
import { contains, forward, type Operation, operationNamed, type Role, valueRange } from '../isa/index.ts';
import { type PipelineView, projectionInSegments, wordsPerTile } from '../schedule/index.ts';
import { at } from '../text/index.ts';
import { fused } from './fuse.ts';
import { LaneLowering, zero } from './lanes.ts';
import { type Access, type LoweredKernel, saturationOf, type ValueSource } from './operation.ts';

/** The parts of a program on which its microcode depends. */
export type MicrocodeView = PipelineView &
  RangedProgram & { readonly core: Pick<ProgramView['core'], 'lanes'> };

/**
 * A kernel as operations of the core's words. What only moves takes none; loads, stores, spikes and sums ride on the
 * operations that compute; a product that is only shifted is one operation with its shift.
 */
export function lowerKernel(
  kernel: BoundKernel,
  program: MicrocodeView,
  order: LoweredKernel['order'],
): LoweredKernel {
  const lowering = new Lowering(kernel, program);
  forward<ImageInstruction, ValueSource | undefined>(kernel.code, ({ line, instruction, sources }) =>
    lowering.line(
      line,
      instruction,
      sources.map(({ operand, fact }) => fact ?? lowering.operand(operand)),
    ),
  );
  const { operations, refusals } = lowering.lanes;
  return { ...fused(operations, lowering.loads), order, refusals };
}

type Operands = readonly (ValueSource | undefined)[];

/** Lowers a kernel line by line. */
class Lowering {
  readonly lanes: LaneLowering;
  readonly loads: LoweredKernel['loads'][number][] = [];
  readonly #kernel: BoundKernel;
  readonly #program: MicrocodeView;
  readonly #stored = new Set<number>();
  readonly #partial: readonly StoredAccess[];
  #line = 0;

  constructor(kernel: BoundKernel, program: MicrocodeView) {
    this.#kernel = kernel;
    this.#program = program;
    this.lanes = new LaneLowering(program.core.datapathBits, rangesOfKernel(kernel, program));
    this.#partial = storesOf(kernel, program).filter(({ readsFirst }) => readsFirst);
  }

  /** An operand that no line has computed. */
  operand(operand: ImageOperand): ValueSource | undefined {
    switch (operand.is) {
      case 'number':
      case 'parameter':
      case 'host':
      case 'event':
      case 'payload':
        return { is: 'scalar', scalar: operand };
      case 'index':
        return { is: operand.role === 'pre' ? 'row' : 'index' };
      case 'register':
        // Before it is written, a register holds what another run has left: the engines have zero there.
        return zero;
      case 'field':
      case 'generator':
        return undefined;
    }
  }

  /** The result of a line, after its operations have been added. */
  line(line: number, instruction: ImageInstruction, operands: Operands): ValueSource | undefined {
    const { mnemonic, arithmetic } = instruction;
    this.#line = line;
    this.lanes.begin(line, arithmetic === 'real');
    const operation = operationNamed(mnemonic);
    const { effect } = operation;
    switch (effect.does) {
      case 'compute':
        return effect.lower(this.lanes, taken(operands[0]), taken(operands[1]), taken(operands[2]));
      case 'load':
        if (effect.at !== true) return this.#load(instruction, operands, effect.predicated);
        this.lanes.refuse('names positions of a field');
        return this.lanes.add({
          does: 'or',
          a: this.#loaded(this.#named(instruction, 1)),
          b: taken(operands[1]),
        });
      case 'store':
        this.#store(instruction, this.#storedValue(effect, operands));
        return undefined;
      case 'emit':
        this.#emit(taken(operands[0]), effect.sends ? taken(operands[1]) : undefined);
        return undefined;
      case 'reduce':
        this.lanes.add({
          does: 'pass',
          a: taken(operands[0]),
          sum: this.#named(instruction, 1),
          takesLong: false,
        });
        return undefined;
      default:
        this.lanes.refuse('is no operation of a lane');
        return this.#other(instruction, operation, operands);
    }
  }

  /** A value that spikes carry saturates to the payload of their population. */
  #emit(condition: ValueSource, value: ValueSource | undefined): void {
    const { payload } = at(this.#program.populations, emittingPopulation(this.#program, this.#kernel));
    if (value === undefined || payload === undefined)
      this.lanes.add({ does: 'pass', a: condition, emits: true, takesLong: false });
    else
      this.lanes.send(condition, value, { to: payload.signed ? 'signed' : 'unsigned', bits: payload.bits });
  }

  /** Operations that stand for what no lane does: one for each position of a field. */
  #other(instruction: ImageInstruction, { effect }: Operation, operands: Operands): ValueSource {
    const loads = instruction.operands.flatMap((operand, index) =>
      operand.is === 'field' ? [this.#loaded(this.#named(instruction, index))] : [],
    );
    const [a = zero, b, predicate] = [...loads, ...operands.flatMap((operand) => operand ?? [])];
    const [, first] = instruction.operands;
    const positions = first?.is === 'field' ? (at(this.#program.fields, first.field).positions ?? 1) : 1;
    const ofRandom = effect.does === 'draw';
    let result = this.lanes.add({ does: 'or', a, b, predicate, ofRandom, takesLong: true });
    for (let position = 1; position < positions; position++)
      result = this.lanes.add({ does: 'add', a: result, b: a });
    return result;
  }

  /** The value that a line stores, after the operation that stands for its condition or its position. */
  #storedValue(
    { at: isAt, predicated }: Extract<Operation['effect'], { readonly does: 'store' }>,
    operands: Operands,
  ): ValueSource {
    const value = taken(operands[0]);
    if (isAt !== true && !predicated) return value;
    this.lanes.refuse(isAt === true ? 'names positions of a field' : 'stores in some tiles only');
    return this.lanes.add({ does: 'or', a: value, b: taken(operands[2]) });
  }

  #named({ mnemonic, operands }: ImageInstruction, index: number): Access {
    const operand = operands[index];
    if (operand?.is !== 'field') throw new Error('no field');
    return this.#access(operand.field, operand.role, takesOf(operationNamed(mnemonic)));
  }

  /** A field that is stored, through a role. */
  #access(field: number, role: Role, takes: StoredAccess['takes']): Access {
    const { layout = -1 } = loadedField(this.#program.fields, field);
    const stored = { role, takes, layout };
    const { lanes } = this.#program.core;
    const isCut = role === 'syn' && projectionInSegments(this.#kernel, this.#program) !== undefined;
    const stands = at(this.#program.layouts, layout);
    return {
      field,
      role,
      words: wordsPerTile(
        this.#kernel,
        stored,
        isCut ? inTiles(stands, lanes) : stands,
        this.#program,
        lanes,
      ),
      readsFirst: this.#partial.some((store) => store.role === role && store.layout === layout),
    };
  }

  #load(instruction: ImageInstruction, operands: Operands, isPredicated: boolean): ValueSource {
    const [, source] = instruction.operands;
    const loaded = source?.is === 'field' ? this.#loaded(this.#named(instruction, 1)) : taken(operands[0]);
    if (!isPredicated) return loaded;
    return this.lanes.select(taken(operands[1]), loaded, zero);
  }

  #loaded(access: Access): ValueSource {
    const { field: index, role } = access;
    const { view, layout, bits } = at(this.#program.fields, index);
    if (this.#stored.has(index)) this.lanes.refuse('loads what an earlier line has stored');
    if (layout === undefined && view !== undefined) {
      const shadow = this.#loaded({ ...access, field: view.of });
      return view.droppedBits === 0 ? shadow : this.#viewed(shadow, view.droppedBits, bits);
    }
    const found = this.loads.findIndex((load) => load.field === index && load.role === role);
    if (found >= 0) return { is: 'load', load: found };
    this.loads.push({ ...access, line: this.#line });
    return { is: 'load', load: this.loads.length - 1 };
  }

  /** A weight that is a view of its shadow weight: rounded to nearest, then saturated. */
  #viewed(a: ValueSource, dropped: number, bits: number, store?: Access): ValueSource {
    const amount = { is: 'number', value: dropped } as const;
    const fit = { to: 'signed', bits } as const;
    return this.lanes.add({ does: 'shift', a, amount, rounding: 'nearest', fit, store });
  }

  #store(instruction: ImageInstruction, value: ValueSource): void {
    const store = this.#named(instruction, 1);
    const field = at(this.#program.fields, store.field);
    const [range] = this.lanes.operands;
    const isHeld =
      field.storage === 'float32' ||
      (range !== undefined && contains(valueRange(fieldRange(field).low, fieldRange(field).high), range));
    const fit = isHeld || field.overflow === 'wrap' ? undefined : saturationOf(field);
    // Symmetric limits of one bit are 0 and 0; a lane makes them of the sign, and has -1.
    if (fit?.to === 'symmetric' && fit.bits === 1) this.lanes.refuse('saturates one bit symmetrically');
    const stored = this.lanes.add({ does: 'pass', a: value, fit, store, takesLong: false });
    this.#stored.add(store.field);
    if (field.storedView === undefined) return;
    if (field.overflow === 'wrap') this.lanes.refuse('wraps, and its view is stored');
    const view = at(this.#program.fields, field.storedView);
    const dropped = view.view?.droppedBits ?? 0;
    this.#viewed(stored, dropped, view.bits, this.#access(field.storedView, store.role, 'items'));
  }
}

/** A layout as tiles of it are read: a segment's weights may begin in any lane, and be in two tiles of stored ones. */
function inTiles(layout: Layout, lanes: number): Layout {
  const { rowLength, itemsPerWord } = layout;
  if (itemsPerWord <= lanes) return layout;
  return { ...layout, itemsPerWord: lanes, wordsPerRow: Math.ceil(rowLength / lanes) };
}

function taken(source: ValueSource | undefined): ValueSource {
  return source ?? zero;
}
