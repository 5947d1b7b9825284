import {
  f32x4,
  forEachBit,
  i8x16,
  i16x8,
  i32,
  i32x4,
  type Local,
  select,
  type Value,
  v128,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import { type KernelContext, scaled, zeroVector } from '../body/context.ts';
import { gateOf } from '../body/gates.ts';
import { areaOf } from '../body/ports.ts';

/** Writes the body for each row that a run visits, given its pre-synaptic neuron; for kernels over neurons, once. */
export function forEachRow(k: KernelContext, neuron: Local<'i32'>, body: (row: Local<'i32'>) => void): void {
  const { f, plan, scratch } = k;
  const { rows } = plan;
  if (rows.visits === 'none' || rows.visits === 'one') {
    body(neuron);
    return;
  }
  const row = f.keep(i32.const(0));
  if (rows.visits === 'all') {
    whileBelow(f, row, rows.count, 1, () => body(row));
    return;
  }
  if (!rows.isKept) {
    forEachOpenRow(k, rows.gate, rows.count, row, () => body(row));
    return;
  }
  whileBelow(f, row, rows.count, 1, () => {
    f.do(i32.store(scaled(f, row, 4), gateOf(k, rows.gate, row), scratch.rows));
  });
  f.set(row, 0);
  whileBelow(f, row, rows.count, 1, () => f.if(i32.load(row.shiftLeft(2), scratch.rows), () => body(row)));
}

/** Goes through the rows where a gate holds: it tests as many at once as a vector holds. */
function forEachOpenRow(
  k: KernelContext,
  gate: number,
  count: number,
  row: Local<'i32'>,
  body: () => void,
): void {
  const { f } = k;
  const group = vectorBytes / elementBytes[areaOf(k, gate).element];
  const first = f.keep(i32.const(0));
  whileBelow(f, first, count, group, () => {
    // Past the last row lies padding.
    const rest = count % group;
    const existing = select(first.isAbove(count - group), 2 ** rest - 1, -1);
    const open = f.keep(rest === 0 ? openRows(k, gate, first) : openRows(k, gate, first).and(existing));
    forEachBit(f, open, () => {
      f.set(row, first.plus(i32.ctz(open)));
      body();
    });
  });
}

/** A bit for each row of a group: whether its gate holds. */
function openRows(k: KernelContext, gate: number, first: Local<'i32'>): Value<'i32'> {
  const { element, address } = areaOf(k, gate);
  const bytes = elementBytes[element];
  const values = v128.load(scaled(k.f, first, bytes), address, bytes);
  if (element === 'f32') return i32x4.bitmask(f32x4.ge(f32x4.abs(values), f32x4.splat(1)));
  const lanes = bytes === 1 ? i8x16 : bytes === 2 ? i16x8 : i32x4;
  return lanes.bitmask(lanes.ne(values, zeroVector()));
}
