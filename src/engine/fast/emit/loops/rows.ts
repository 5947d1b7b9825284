import {
  forEachBit,
  i32,
  type Local,
  select,
  type Value,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import { elementBytes } from '../../plan/memory/memory-map.ts';
import { type KernelContext, scaled } from '../body/context.ts';
import { gateOf } from '../body/gates.ts';
import { areaOf, setItems } from '../body/ports.ts';

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
  const { address, element } = areaOf(k, gate);
  const group = vectorBytes / elementBytes[element];
  const first = f.keep(i32.const(0));
  const openRows = (): Value<'i32'> =>
    setItems(k, gate, { base: scaled(f, first, elementBytes[element]), offset: address });
  whileBelow(f, first, count, group, () => {
    // Past the last row lies padding.
    const rest = count % group;
    const existing = select(first.isAbove(count - group), 2 ** rest - 1, -1);
    const open = f.keep(rest === 0 ? openRows() : openRows().and(existing));
    forEachBit(f, open, () => {
      f.set(row, first.plus(i32.ctz(open)));
      body();
    });
  });
}
