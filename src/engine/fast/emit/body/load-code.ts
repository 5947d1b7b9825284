import type { ImageOperand } from '../../../../image/index.ts';
import type { Local } from '../../builder/index.ts';
import { elementBytes } from '../../plan/memory/index.ts';
import type { KernelFrame } from './kernel-frame.ts';
import { PortsCode } from './ports-code.ts';

/** Code of what a load brings into the registers of the vector at hand. */
export class LoadCode {
  readonly #frame: KernelFrame;
  /** By line: the items of two vectors that one load brings. */
  readonly #pairs = new Map<number, Local>();

  constructor(frame: KernelFrame) {
    this.#frame = frame;
  }

  /** Puts items half as wide as a lane: one load serves the vectors of a pair. */
  putHalf(line: number, source: ImageOperand | undefined): boolean {
    const { ports, unroll, vectors, resident } = this.#frame;
    if (source?.is !== 'field' || source.role === 'pre' || vectors % 2 !== 0) return false;
    if (resident.has(source.field) || !ports.isHalf(source.field)) return false;
    if (unroll % 2 === 0) {
      const pair = this.#frame.f.local('v128');
      ports.loadPair(source.field, this.#frame.address(source.field, source.role));
      this.#frame.f.set(pair);
      this.#pairs.set(line, pair);
    }
    const pair = this.#pairs.get(line);
    if (pair === undefined) throw new Error('the first of a pair was not loaded');
    this.#frame.f.get(pair);
    ports.putHalf(source.field, unroll % 2 === 0 ? 'low' : 'high');
    return true;
  }

  /** Puts the items of the vector at hand; what is the same for all of them, in every lane. */
  put(source: ImageOperand | undefined): void {
    const { f } = this.#frame;
    if (source?.is === 'field' && source.role !== 'pre') {
      const resident = this.#frame.resident.get(source.field)?.[this.#frame.unroll];
      if (resident !== undefined) {
        f.get(resident);
        return;
      }
      this.#frame.ports.load(source.field, this.#frame.address(source.field, source.role));
      return;
    }
    if (source?.is === 'index' && source.role !== 'pre') {
      f.get(this.#frame.here().column);
      f.i32.const(this.#frame.unroll * this.#frame.vector);
      f.i32.add();
      this.#frame.splatInteger();
      if (this.#frame.mode.mode !== 'scalar') this.#addLaneNumbers();
      return;
    }
    if (source?.is === 'field') {
      const { element, address } = this.#frame.ports.area(source.field);
      const scalar = new PortsCode(
        f,
        this.#frame.constants,
        this.#frame.context.image,
        this.#frame.context.map,
        'scalar',
      );
      scalar.load(source.field, {
        base: this.#frame.scaled(this.#frame.pre, elementBytes[element]),
        offset: address,
      });
      if (element !== 'f32') this.#frame.splatInteger();
      else if (this.#frame.mode.mode !== 'scalar') f.f32x4.splat();
      return;
    }
    if (source?.is === 'index') f.get(this.#frame.pre);
    else if (source?.is === 'event') {
      f.i32.const(0);
      f.i32.load(this.#frame.context.map.event + 4 * source.scalar);
    } else if (source?.is === 'host') {
      f.i32.const(0);
      f.i32.load(this.#frame.context.map.host + 4 * source.scalar);
    } else throw new Error('a load of nothing');
    this.#frame.splatInteger();
  }

  #addLaneNumbers(): void {
    const { f } = this.#frame;
    if (this.#frame.mode.mode === 'vector16') {
      f.v128.const(new Int32Array(Int16Array.of(0, 1, 2, 3, 4, 5, 6, 7).buffer));
      f.i16x8.add();
    } else {
      f.v128.const(Int32Array.of(0, 1, 2, 3));
      f.i32x4.add();
    }
  }
}
