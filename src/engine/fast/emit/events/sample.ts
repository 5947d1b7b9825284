import type { Generator } from '../../../../hardware/index.ts';
import type { CoreImage } from '../../../../image/index.ts';
import { hostScalars } from '../../../../isa/index.ts';
import { at } from '../../../../text/index.ts';
import {
  call,
  type FunctionBuilder,
  type FunctionHandle,
  f32,
  i32,
  i32x4,
  type Local,
  type ModuleBuilder,
  memory,
  min,
  type Value,
  v128,
  vectorBits,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import type { DeclaredArea } from '../../plan/memory/declared-memory.ts';
import { elementBytes, type FieldArea, type MemoryMap } from '../../plan/memory/memory-map.ts';
import { zeroVector } from '../body/context.ts';
import { StoredI32 } from './fifo.ts';

/*
 * A sample whose spikes are known before it begins: a call from JavaScript takes longer than a small step, and a look
 * at a spike there longer than its row here.
 */

/** Vectors of neurons that are checked at a time. */
const vectors = 4;

/** Words behind a list of neurons that its check clears. */
export const clearedWords = (vectors * vectorBytes) / 4;

/** A function (address of neurons, u32 each; their number; size): whether any of them is not below the size. */
export function writeExceeds(module: ModuleBuilder): FunctionHandle<readonly ['i32', 'i32', 'i32']> {
  return module.function(
    'exceeds',
    { params: ['i32', 'i32', 'i32'], results: ['i32'] },
    (f, next, count, size) => {
      const end = f.keep(next.plus(count.shiftLeft(2)));
      const places = Array.from({ length: vectors }, (_, vector) => vector * vectorBytes);
      f.do(...places.map((place) => v128.store(end, zeroVector(), place)));
      const highest = places.map((place) => ({ place, local: f.local('v128') }));
      whileBelow(f, next, end, vectors * vectorBytes, () => {
        for (const { place, local } of highest) f.set(local, i32x4.max_u(local, v128.load(next, place)));
      });
      const limit = f.keep(i32x4.splat(size));
      const exceeding = highest.map(({ local }) => i32x4.ge_u(local, limit));
      f.return(v128.any_true(exceeding.reduce((some, others) => v128.or(some, others))));
    },
  );
}

/**
 * A function (address of neurons, address of offsets, next step, steps): runs the steps from the next one on. Step t
 * has the neurons from offset t up to, not including, offset t + 1.
 */
export function writeFinish(
  module: ModuleBuilder,
  map: MemoryMap,
  step: FunctionHandle<readonly []>,
): FunctionHandle<readonly ['i32', 'i32', 'i32', 'i32']> {
  const now = new StoredI32(map.host + 4 * hostScalars.indexOf('step'));
  const [first, count] = [new StoredI32(map.input), new StoredI32(map.input + 4)];
  return module.function(
    'finish',
    { params: ['i32', 'i32', 'i32', 'i32'], results: [] },
    (f, neurons, offsets, next, steps) => {
      whileBelow(f, next, steps, 1, () => {
        const offset = f.keep(offsets.plus(next.shiftLeft(2)));
        const from = f.keep(i32.load(offset));
        const to = i32.load(offset, 4);
        f.do(now.set(next), first.set(neurons.plus(from.shiftLeft(2))), count.set(to.minus(from)));
        f.drop(call(step));
      });
    },
  );
}

/**
 * For each declared generator, a function (bits) that advances it and returns the place of its word: eight times the
 * address, plus the bit. Words stay in place while no more than this number of bits is advanced from there.
 */
export function writeAdvances(
  module: ModuleBuilder,
  image: CoreImage,
  map: MemoryMap,
): FunctionHandle<readonly ['i32']>[] {
  return image.generators.map((generator, index) => {
    const area = at(map.declared.generators, index);
    return module.function(`advance ${generator.name}`, { params: ['i32'], results: ['i32'] }, (f, ahead) =>
      writeAdvance(f, generator, area, ahead),
    );
  });
}

function writeAdvance(
  f: FunctionBuilder,
  generator: Generator,
  area: DeclaredArea,
  ahead: Local<'i32'>,
): void {
  const { bits, vectors } = area;
  const { bitsPerAdvance } = generator;
  const position = new StoredI32(area.position);
  const place = f.keep(position.value());
  const end = 8 * bits + vectors * vectorBits;
  f.if(i32.gt_u(place.plus(ahead), end), () => {
    const dropped = moveOn(f, generator, area, place);
    f.set(place, place.minus(dropped.shiftLeft(Math.log2(vectorBits))));
  });
  f.do(position.set(place.plus(bitsPerAdvance)));
  f.return(place);
}

/**
 * Makes more bits of a generator: drops the used vectors, except the one before the word and those that the recurrence
 * reaches back to, moves the rest to the front, and continues the sequence after them.
 *
 * @returns the number of dropped vectors
 */
function moveOn(
  f: FunctionBuilder,
  { near, far }: Generator,
  { bits, vectors }: DeclaredArea,
  place: Local<'i32'>,
): Local<'i32'> {
  const used = place.minus(8 * bits).shiftRight(Math.log2(vectorBits));
  const dropped = f.keep(min(used.minus(1), vectors - far));
  const bytes = f.keep(dropped.shiftLeft(Math.log2(vectorBytes)));
  const to = f.keep(i32.const(0));
  const kept = f.keep(i32.const(vectorBytes * vectors).minus(bytes));
  whileBelow(f, to, kept, vectorBytes, () => f.do(v128.store(to, v128.load(to.plus(bytes), bits), bits)));
  const before = (distance: number) => v128.load(to.minus(vectorBytes * distance), bits);
  whileBelow(f, to, vectorBytes * vectors, vectorBytes, () =>
    f.do(v128.store(to, v128.xor(before(near), before(far)), bits)),
  );
  return dropped;
}

/* List actions on whole fields. */

export function clear(f: FunctionBuilder, { address, layout, rowStride, element, stuck }: FieldArea): void {
  const bytes = layout.rows * rowStride * elementBytes[element];
  if (stuck === undefined) {
    f.do(memory.fill(address, 0, bytes));
    return;
  }
  const byte = f.keep(i32.const(0));
  whileBelow(f, byte, bytes, vectorBytes, () =>
    f.do(v128.store(byte, v128.load(byte, address + stuck.ones), address)),
  );
}

/** From item `after` on, gives each item the value of the one a period before. */
export function hold(f: FunctionBuilder, area: FieldArea, after: number, period: number): void {
  const { address, layout, element, stuck, flipped } = area;
  const bytes = elementBytes[element];
  const load = { 1: i32.load8_u, 2: i32.load16_u, 4: i32.load }[bytes];
  const store = { 1: i32.store8, 2: i32.store16, 4: i32.store }[bytes];
  const read = (item: Local<'i32'>): Value<'i32'> => {
    const held = load(item.minus(bytes * period), address);
    return flipped === undefined ? held : i32.xor(held, load(item.minus(bytes * period), address + flipped));
  };
  const written = (item: Local<'i32'>, value: Value<'i32'>): Value<'i32'> =>
    stuck === undefined
      ? value
      : value.and(load(item, address + stuck.kept)).or(load(item, address + stuck.ones));
  const item = f.keep(i32.const(bytes * after));
  whileBelow(f, item, bytes * layout.rows * layout.rowLength, bytes, () =>
    f.do(store(item, written(item, read(item)), address)),
  );
}

/** Whether any item of a field is at least one in magnitude: not zero, where they are integers. */
export function isAnySet(f: FunctionBuilder, area: FieldArea): Local<'i32'> {
  const { layout, rowStride, element } = area;
  const bytes = elementBytes[element];
  const any = f.keep(i32.const(0));
  const row = f.keep(i32.const(0));
  whileBelow(f, row, layout.rows * rowStride * bytes, rowStride * bytes, () => {
    const item = f.keep(row);
    const end = f.keep(row.plus(layout.rowLength * bytes));
    whileBelow(f, item, end, bytes, () => f.set(any, any.or(isSet(item, area))));
  });
  return any;
}

function isSet(item: Local<'i32'>, { address, element, flipped }: FieldArea): Value<'i32'> {
  if (element === 'f32') return f32.ge(f32.abs(f32.load(item, address)), 1);
  const load = { 1: i32.load8_u, 2: i32.load16_u, 4: i32.load }[elementBytes[element]];
  const held = load(item, address);
  return flipped === undefined ? held : i32.xor(held, load(item, address + flipped));
}
