import { type Local, whileLess } from '../../builder/index.ts';
import { elementBytes } from '../../plan/memory/index.ts';
import { type GateCode, type KernelFrame, PortsCode } from '../body/index.ts';

/**
 * Code that tests a column gate for a walk over segments: into the kernel's mask whether each column is active, and for
 * vectors, at the first column of each tile, how many of the tile are.
 *
 * @returns the variable that says whether any column is active
 */
export function writeMask(frame: KernelFrame, gates: GateCode, gate: number): Local {
  const { f } = frame;
  const any = f.local('i32');
  const column = f.local('i32');
  for (const local of [any, column]) {
    f.i32.const(0);
    f.set(local);
  }
  const noteAny = (put: () => void): void => {
    f.get(any);
    put();
    f.i32.or();
    f.set(any);
  };
  if (frame.mode.mode === 'scalar') {
    whileLess(f, column, frame.columns, 1, () => {
      const isActive = f.local('i32');
      gates.putGate(gate, column);
      f.i32.const(0);
      f.i32.ne();
      f.set(isActive);
      f.get(frame.scaled(column, 4));
      f.i32.const(0);
      f.get(isActive);
      f.i32.sub();
      f.i32.store(frame.scratch.mask);
      noteAny(() => f.get(isActive));
    });
    return any;
  }
  const { lanes } = frame.context.image.core;
  const active = f.local('i32');
  whileLess(f, column, frame.columns, lanes, () => {
    f.i32.const(0);
    f.set(active);
    for (let first = 0; first < lanes; first += frame.vector) {
      const mask = gateMask(frame, gate, column, first);
      f.get(frame.scaled(column, frame.maskBytes));
      f.get(mask);
      f.v128.store(frame.scratch.mask + frame.maskBytes * first, frame.maskBytes);
      f.get(active);
      f.get(mask);
      (frame.vector === 8 ? f.i16x8 : f.i32x4).bitmask();
      f.i32.popcnt();
      f.i32.add();
      f.set(active);
    }
    f.get(frame.scaled(column, 4));
    f.get(active);
    f.i32.store(frame.scratch.tiles);
    noteAny(() => f.get(active));
  });
  return any;
}

/** Of a vector of columns, the lanes whose gate holds: |x| of at least one. */
function gateMask(frame: KernelFrame, gate: number, column: Local, first: number): Local {
  const { f } = frame;
  const { element, address } = frame.ports.area(gate);
  const bytes = elementBytes[element];
  const base = frame.scaled(column, bytes);
  const mask = f.local('v128');
  const is32 = frame.vector === 4 || bytes === 4;
  const ports = is32
    ? new PortsCode(f, frame.constants, frame.context.image, frame.context.map, 'vector32')
    : frame.ports;
  const putHalf = (from: number): void => {
    ports.load(gate, { base, offset: address + bytes * (first + from) });
    if (element === 'f32') {
      f.f32x4.abs();
      f.get(
        frame.constants.get('real one', 'v128', ({ f }) => {
          f.f32.const(1);
          f.f32x4.splat();
        }),
      );
      f.f32x4.ge();
    } else {
      frame.putZero('v128');
      (is32 ? f.i32x4 : f.i16x8).ne();
    }
  };
  putHalf(0);
  if (frame.vector === 8 && is32) {
    putHalf(4);
    f.i16x8.narrow_i32x4_s();
  }
  f.set(mask);
  return mask;
}
