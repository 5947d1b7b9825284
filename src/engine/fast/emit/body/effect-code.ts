import { emittingPopulation } from '../../../../image/index.ts';
import type { Role } from '../../../../isa/index.ts';
import type { Local } from '../../builder/index.ts';
import type { Value } from '../ops/index.ts';
import type { GateCode } from './gate-code.ts';
import type { KernelFrame } from './kernel-frame.ts';
import type { Address } from './ports-code.ts';

/** A vector of items to be stored. */
interface Half {
  readonly address: Address;
  readonly value: Local;
  /** Undefined where all items are stored. */
  readonly mask: Local | undefined;
}

/** Code of what the active items of a vector do to the world: stores and emits. */
export class EffectCode {
  readonly #frame: KernelFrame;
  readonly #gates: GateCode;
  /** By field: the first vectors of pairs, whose second ones are not stored yet. */
  readonly #halves = new Map<number, Half[]>();
  /** Masks of the spikes of the vectors of the block under way, and which vectors they are. */
  readonly #spikes: { readonly mask: Local; readonly vector: number }[] = [];

  constructor(frame: KernelFrame, gates: GateCode) {
    this.#frame = frame;
    this.#gates = gates;
  }

  /**
   * Stores a value into a field, and into the view of it that the core keeps.
   *
   * @param isUnchanged whether inactive items have what they would store already; their view need not agree with it
   * @param holds whether to store at all, the same for all vectors of a pair; undefined for always
   */
  store(index: number, role: Role, value: Value, isUnchanged: boolean, holds?: Local): void {
    const { f, ports } = this.#frame;
    const isUnmasked = this.#gates.visited === undefined && ports.field(index).storage !== 'float32';
    // Later stores use the mask too, whether or not this one is carried out.
    const active = isUnmasked ? undefined : this.#gates.activeMask();
    const store = (): void => this.#store(index, role, value, isUnchanged, active);
    if (holds === undefined) store();
    else {
      f.get(holds);
      f.if(store);
    }
  }

  #store(index: number, role: Role, value: Value, isUnchanged: boolean, active: Local | undefined): void {
    const field = this.#frame.ports.field(index);
    const stored = this.#frame.f.local(
      this.#frame.mode.mode !== 'scalar' ? 'v128' : value.isReal ? 'f32' : 'i32',
    );
    this.#frame.putNumber(value);
    this.#frame.ports.fit(field, value.range);
    this.#frame.f.set(stored);
    if (field.storage === 'float32') this.#refuseNaN(index, role, stored, active);
    this.#write(index, role, stored, isUnchanged ? undefined : active);
    if (field.storedView === undefined) return;
    const view = this.#frame.f.local(this.#frame.mode.mode === 'scalar' ? 'i32' : 'v128');
    this.#frame.f.get(stored);
    this.#frame.ports.putView(this.#frame.ports.field(field.storedView));
    this.#frame.f.set(view);
    this.#write(field.storedView, role, view, active);
  }

  /** Writes a value; inactive items keep what they have. */
  #write(index: number, role: string, value: Local, active: Local | undefined): void {
    const { f } = this.#frame;
    const resident = this.#frame.resident.get(index)?.[this.#frame.unroll];
    if (resident !== undefined) {
      f.get(value);
      f.set(resident);
      return;
    }
    const mask = this.#gates.visited === undefined ? undefined : active;
    const { ports, mode } = this.#frame;
    const address = this.#frame.address(index, role);
    if (this.#frame.vectors % 2 === 0 && ports.isHalf(index)) {
      this.#writeHalf(index, { address, value, mask });
    } else if (mask === undefined) {
      ports.store(index, address, value);
    } else if (mode.mode === 'scalar') {
      f.get(mask);
      f.if(() => ports.store(index, address, value));
    } else {
      const blended = f.local('v128');
      f.get(value);
      ports.load(index, address);
      f.get(mask);
      f.v128.bitselect();
      f.set(blended);
      ports.store(index, address, blended);
    }
  }

  /** Keeps a vector of items half as wide as a lane until the second of its pair comes: one store writes both. */
  #writeHalf(index: number, half: Half): void {
    const { f, ports, unroll } = this.#frame;
    const waiting = this.#halves.get(index) ?? [];
    this.#halves.set(index, waiting);
    const first = unroll % 2 === 0 ? undefined : waiting.shift();
    if (first === undefined) {
      waiting.push(half);
      return;
    }
    f.get(first.address.base);
    ports.putPair(index, first.value, half.value);
    if (first.mask !== undefined && half.mask !== undefined) {
      ports.loadPair(index, first.address);
      ports.putMaskPair(first.mask, half.mask);
      f.v128.bitselect();
    }
    ports.storePair(index, first.address.offset);
  }

  #refuseNaN(index: number, role: Role, value: Local, active: Local | undefined): void {
    const { f } = this.#frame;
    f.get(value);
    f.get(value);
    const isScalar = this.#frame.mode.mode === 'scalar';
    if (isScalar) f.f32.ne();
    else f.f32x4.ne();
    if (active !== undefined) {
      f.get(active);
      if (isScalar) f.i32.and();
      else f.v128.and();
    }
    const lanes = f.local('i32');
    if (!isScalar) f.i32x4.bitmask();
    f.tee(lanes);
    f.if(() => {
      f.i32.const(this.#frame.index);
      f.i32.const(index);
      this.#frame.putItem(role);
      f.get(lanes);
      f.i32.ctz();
      f.i32.add();
      f.call(this.#frame.context.failNaN);
    });
  }

  /** Emits the active items' spikes; those of vectors are pushed when their block ends. */
  emit(value: Value): void {
    const { f } = this.#frame;
    const population = emittingPopulation(this.#frame.context.image, this.#frame.kernel);
    const active = this.#gates.activeMask();
    if (this.#frame.mode.mode === 'scalar') {
      f.get(value.local);
      f.i32.const(0);
      f.i32.ne();
      if (active !== undefined) {
        f.get(active);
        f.i32.and();
      }
      f.if(() => {
        f.i32.const(population);
        f.get(this.#frame.here().column);
        f.call(this.#frame.context.emit);
      });
      return;
    }
    const spikes = f.local('v128');
    f.get(value.local);
    if (!value.isMask) {
      f.get(this.#frame.ports.splat(0));
      (this.#frame.mode.mode === 'vector16' ? f.i16x8 : f.i32x4).ne();
    }
    if (active !== undefined) {
      f.get(active);
      f.v128.and();
    }
    f.set(spikes);
    this.#spikes.push({ mask: spikes, vector: this.#frame.unroll });
  }

  /** Pushes the spikes of a block, in order. Most blocks have none: one test tells. */
  pushSpikes(): void {
    const { f } = this.#frame;
    const [first, ...others] = this.#spikes.splice(0);
    if (first === undefined) return;
    f.get(first.mask);
    for (const { mask } of others) {
      f.get(mask);
      f.v128.or();
    }
    f.v128.any_true();
    f.if(() => {
      for (const { mask, vector } of [first, ...others]) this.#pushEach(vector, mask);
    });
  }

  #pushEach(vector: number, mask: Local): void {
    const { f } = this.#frame;
    const population = emittingPopulation(this.#frame.context.image, this.#frame.kernel);
    const spikes = f.local('i32');
    f.get(mask);
    (this.#frame.mode.mode === 'vector16' ? f.i16x8 : f.i32x4).bitmask();
    f.set(spikes);
    f.block((done) => {
      f.loop((again) => {
        f.get(spikes);
        f.i32.eqz();
        f.brIf(done);
        f.i32.const(population);
        f.get(this.#frame.here().column);
        f.i32.const(vector * this.#frame.vector);
        f.i32.add();
        f.get(spikes);
        f.i32.ctz();
        f.i32.add();
        f.call(this.#frame.context.emit);
        f.get(spikes);
        f.get(spikes);
        f.i32.const(1);
        f.i32.sub();
        f.i32.and();
        f.set(spikes);
        f.br(again);
      });
    });
  }
}
