import { factsOf } from '../../../../image/index.ts';
import { type Local, whileLess } from '../../builder/index.ts';
import type { KernelFrame } from './kernel-frame.ts';

/** Lanes of the widest core whose generators a kernel keeps in variables. */
const mostKept = 64;

/** Code that steps the lanes' generators. */
export class GeneratorCode {
  readonly #frame: KernelFrame;
  /** The generators, where they are kept in variables for a whole run of the kernel. */
  readonly #kept: readonly Local[] | undefined;

  constructor(frame: KernelFrame) {
    this.#frame = frame;
    const { lanes } = frame.context.image.core;
    // A kernel that emits may be suspended while others draw: then the generators stay in memory.
    const { emits } = factsOf(frame.kernel);
    const areKept = frame.draws > 0 && frame.block % lanes === 0 && lanes <= mostKept && !emits;
    this.#kept = areKept ? Array.from({ length: lanes / 4 }, () => frame.f.local('v128')) : undefined;
  }

  /** Moves kept generators from or to the linear memory. */
  move(direction: 'load' | 'store'): void {
    for (const [quarter, local] of (this.#kept ?? []).entries()) {
      this.#frame.f.i32.const(this.#frame.context.map.generators + 16 * quarter);
      if (direction === 'load') {
        this.#frame.f.v128.load();
        this.#frame.f.set(local);
      } else {
        this.#frame.f.get(local);
        this.#frame.f.v128.store();
      }
    }
  }

  /** Steps four generators and puts their words on the stack. */
  stepVector(quarter: number): void {
    const { f } = this.#frame;
    const { lanes } = this.#frame.context.image.core;
    // A block of several tiles comes to the same generators again.
    const at = (this.#frame.unroll * (this.#frame.vector / 4) + quarter) % (lanes / 4);
    const kept = this.#kept?.[at];
    const state = kept ?? f.local('v128');
    const base = this.#frame.here().laneBytes;
    const offset = this.#frame.context.map.generators + 16 * at;
    const putBase = (): void => {
      if (base === undefined) f.i32.const(0);
      else f.get(base);
    };
    if (kept === undefined) {
      putBase();
      f.v128.load(offset);
      f.set(state);
    }
    this.#xorshift(state);
    if (kept === undefined) {
      putBase();
      f.get(state);
      f.v128.store(offset);
    }
    f.get(state);
  }

  /** Steps the generator in a variable, or four of them. */
  #xorshift(state: Local): void {
    const { f } = this.#frame;
    const isVector = state.type === 'v128';
    for (const [amount, shift] of [
      [13, 'shl'],
      [17, 'shr_u'],
      [5, 'shl'],
    ] as const) {
      f.get(state);
      f.get(state);
      f.i32.const(amount);
      if (isVector) f.i32x4[shift]();
      else f.i32[shift]();
      if (isVector) f.v128.xor();
      else f.i32.xor();
      f.set(state);
    }
  }

  /** Puts the address of the generator of a column's lane, less that of the first. */
  putLaneAddress(column: Local): void {
    this.#frame.f.get(column);
    this.#frame.f.i32.const(this.#frame.context.image.core.lanes);
    this.#frame.f.i32.rem_u();
    this.#frame.f.i32.const(2);
    this.#frame.f.i32.shl();
  }

  /** Takes that address, steps the generator and puts its word on the stack. */
  stepScalar(): void {
    const { f } = this.#frame;
    const address = f.local('i32');
    const state = f.local('i32');
    f.tee(address);
    f.i32.load(this.#frame.context.map.generators);
    f.set(state);
    this.#xorshift(state);
    f.get(address);
    f.get(state);
    f.i32.store(this.#frame.context.map.generators);
    f.get(state);
  }

  /** Steps, for each drawing instruction, the generators of the lanes for which `putIsIdle` puts true. */
  stepIdle(lanes: number, putIsIdle: (put: { lane: () => void }) => void): void {
    if (this.#frame.draws === 0) return;
    const { f } = this.#frame;
    const lane = f.local('i32');
    f.i32.const(0);
    f.set(lane);
    whileLess(f, lane, lanes, 1, () => {
      putIsIdle({ lane: () => f.get(lane) });
      f.if(() => {
        for (let draw = 0; draw < this.#frame.draws; draw++) {
          this.putLaneAddress(lane);
          this.stepScalar();
          f.drop();
        }
      });
    });
  }
}
