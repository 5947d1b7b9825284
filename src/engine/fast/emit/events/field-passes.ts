import {
  type FunctionBuilder,
  f32,
  i32,
  type Local,
  memory,
  type Value,
  v128,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import { elementBytes, type FieldArea } from '../../plan/memory/memory-map.ts';

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
