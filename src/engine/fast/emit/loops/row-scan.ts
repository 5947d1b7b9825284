import { type Local, whileLess } from '../../builder/index.ts';
import { elementBytes } from '../../plan/memory/index.ts';
import type { KernelFrame } from '../body/index.ts';

/** Code that goes through the rows where a gate holds, |x| of at least one: it tests as many at once as a vector holds. */
export function forEachOpenRow(
  frame: KernelFrame,
  gate: number,
  count: number,
  row: Local,
  body: () => void,
): void {
  const { f } = frame;
  const { element } = frame.ports.area(gate);
  const group = 16 / elementBytes[element];
  const first = f.local('i32');
  const open = f.local('i32');
  f.i32.const(0);
  f.set(first);
  whileLess(f, first, count, group, () => {
    putOpenRows(frame, gate, first);
    if (count % group !== 0) {
      // Past the last row lies padding.
      f.i32.const(2 ** (count % group) - 1);
      f.i32.const(-1);
      f.get(first);
      f.i32.const(count - group);
      f.i32.gt_s();
      f.select();
      f.i32.and();
    }
    f.set(open);
    f.block((done) => {
      f.loop((again) => {
        f.get(open);
        f.i32.eqz();
        f.brIf(done);
        f.get(first);
        f.get(open);
        f.i32.ctz();
        f.i32.add();
        f.set(row);
        body();
        f.get(open);
        f.get(open);
        f.i32.const(1);
        f.i32.sub();
        f.i32.and();
        f.set(open);
        f.br(again);
      });
    });
  });
}

/** Puts a bit for each row of a group: whether its gate holds. */
function putOpenRows(frame: KernelFrame, gate: number, first: Local): void {
  const { f } = frame;
  const { element, address } = frame.ports.area(gate);
  const bytes = elementBytes[element];
  f.get(frame.scaled(first, bytes));
  f.v128.load(address, bytes);
  if (element === 'f32') {
    f.f32x4.abs();
    f.f32.const(1);
    f.f32x4.splat();
    f.f32x4.ge();
    f.i32x4.bitmask();
    return;
  }
  const lanes = bytes === 1 ? f.i8x16 : bytes === 2 ? f.i16x8 : f.i32x4;
  frame.putZero('v128');
  lanes.ne();
  lanes.bitmask();
}
