import { type FunctionBuilder, whileLess } from '../../builder/index.ts';
import { elementBytes, type FieldArea } from '../../plan/memory/index.ts';

/*
 * Code of what lists do with whole fields.
 */

export function clear(f: FunctionBuilder, area: FieldArea): void {
  f.i32.const(area.address);
  f.i32.const(0);
  f.i32.const(area.layout.rows * area.rowStride * elementBytes[area.element]);
  f.memory.fill();
}

/** From item `after` on, gives each item of fields the value of the one a period before. */
export function hold(f: FunctionBuilder, areas: readonly FieldArea[], after: number, period: number): void {
  const item = f.local('i32');
  for (const area of areas) {
    const bytes = elementBytes[area.element];
    f.i32.const(bytes * after);
    f.set(item);
    whileLess(f, item, bytes * area.layout.rows * area.layout.rowLength, bytes, () => {
      f.get(item);
      f.get(item);
      f.i32.const(bytes * period);
      f.i32.sub();
      if (bytes === 1) f.i32.load8_u(area.address);
      else if (bytes === 2) f.i32.load16_u(area.address);
      else f.i32.load(area.address);
      if (bytes === 1) f.i32.store8(area.address);
      else if (bytes === 2) f.i32.store16(area.address);
      else f.i32.store(area.address);
    });
  }
}

/** Puts whether any item of a field is at least one in magnitude. */
export function putAny(f: FunctionBuilder, area: FieldArea): void {
  const any = f.local('i32');
  const item = f.local('i32');
  const address = f.local('i32');
  for (const local of [any, item]) {
    f.i32.const(0);
    f.set(local);
  }
  const bytes = elementBytes[area.element];
  for (let row = 0; row < area.layout.rows; row++) {
    f.i32.const(0);
    f.set(item);
    whileLess(f, item, area.layout.rowLength, 1, () => {
      f.get(item);
      f.i32.const(bytes);
      f.i32.mul();
      f.set(address);
      f.get(any);
      f.get(address);
      const offset = area.address + row * area.rowStride * bytes;
      if (area.element === 'f32') {
        f.f32.load(offset);
        f.f32.abs();
        f.f32.const(1);
        f.f32.ge();
      } else if (bytes === 1) f.i32.load8_u(offset);
      else if (bytes === 2) f.i32.load16_u(offset);
      else f.i32.load(offset);
      f.i32.or();
      f.set(any);
    });
  }
  f.get(any);
}
