import {
  call,
  type FunctionBuilder,
  forEachBit,
  i16x8,
  i32,
  i32x4,
  i64,
  increase,
  type Local,
  ModuleBuilder,
  memory as mem,
  min,
  type Value,
  v128,
  vectorBytes,
  whileBelow,
} from '../../wasm/index.ts';
import { activeBytes, type ChipMemory, coreBytes, countBytes, listBytes } from './chip-memory.ts';
import { axons, neurons, slots } from './contents.ts';

const pageBytes = 65_536;

/** Pages of a memory. */
export function pagesOf({ bytes }: ChipMemory): number {
  return Math.ceil(bytes / pageBytes);
}

/** Widths of a potential, which wraps, and of a weight: 15 bits at most. */
export interface Widths {
  readonly potentialBits: number;
  readonly weightBits: number;
}

/** Lanes of 16 bits, and the bit of a byte that each stands for. */
const lanes = 8;
const laneBits = Int16Array.from({ length: lanes }, (_, lane) => 1 << lane);
/** Vectors that are added up at once, in registers. */
const sumsAtOnce = 8;

/**
 * A tick of a chip in WebAssembly. Its export `tick(thread, now)` runs the cores of a thread: it takes the packets that
 * were sent to them in the tick before, adds up the weights of active axons, updates the neurons and sends their packets.
 * Threads only have to wait for each other between two ticks.
 *
 * @param isShared whether threads share the memory
 */
export function chipModule(
  memory: ChipMemory,
  { potentialBits, weightBits }: Widths,
  isShared: boolean,
): Uint8Array<ArrayBuffer> {
  // As many axons as 16 bits can add the weights of.
  const mostAtOnce = Math.floor((2 ** 15 - 1) / 2 ** (weightBits - 1));
  const module = new ModuleBuilder();
  const pages = pagesOf(memory);
  module.importMemory('host', 'memory', pages, isShared ? pages : undefined);
  const three = { params: ['i32', 'i32', 'i32'], results: [] } as const;
  const integrate = module.function('integrate', three, (f, core, first, end) =>
    writeIntegrate(f, memory, core, first, end),
  );
  const update = module.function('update', { params: ['i32', 'i32'], results: ['i32'] }, (f, core, spiked) =>
    writeUpdate(f, memory, potentialBits, core, spiked),
  );
  const send = module.function('send', { params: ['i32', 'i32', 'i32', 'i32'], results: [] }, (f, ...range) =>
    writeSend(f, memory, ...range),
  );
  const tick = module.function('tick', { params: ['i32', 'i32'], results: [] }, (f, thread, now) => {
    writeReceive(f, memory, thread, now);
    const from = f.keep(listOf(memory, thread, now.and(1)));
    f.do(mem.fill(from.times(countBytes).plus(memory.sentCounts), 0, memory.threads * countBytes));
    const core = f.keep(thread.times(memory.coresPerThread));
    const end = f.keep(min(core.plus(memory.coresPerThread), memory.cores));
    const list = f.keep(thread.times(activeBytes).plus(memory.active));
    const first = f.keep(thread.times(listBytes(memory)).plus(memory.spiked));
    const spiked = f.keep(first.plus(0));
    const [last, piece] = [f.local('i32'), f.local('i32')];
    whileBelow(f, core, end, 1, () => {
      writeSelect(f, memory, core, now, list, last);
      f.set(piece, list);
      whileBelow(f, piece, last, 8 * mostAtOnce, () => {
        const behind = f.keep(piece.plus(8 * mostAtOnce));
        f.call(integrate, core, piece, min(behind, last));
      });
      f.set(spiked, call(update, core, spiked).as('i32'));
    });
    f.call(send, first, spiked, now, from);
  });
  module.export('tick', tick);
  return module.toBytes();
}

/** The number of the first list of packets from a thread, sent in an even or an odd tick. */
function listOf({ threads }: ChipMemory, thread: Local<'i32'>, parity: Value<'i32'>): Value<'i32'> {
  return thread.times(2).plus(parity).times(threads);
}

/** Sets the bits of the packets that all threads have sent to this one in the tick before. */
function writeReceive(f: FunctionBuilder, memory: ChipMemory, thread: Local<'i32'>, now: Local<'i32'>): void {
  const [from, at] = [f.local('i32'), f.local('i32')];
  f.set(from, 0);
  whileBelow(f, from, memory.threads, 1, () => {
    const list = f.keep(listOf(memory, from, now.plus(1).and(1)).plus(thread));
    f.set(at, list.times(listBytes(memory)));
    const end = f.keep(at.plus(i32.load(list.times(countBytes), memory.sentCounts)));
    whileBelow(f, at, end, 4, () => {
      // The packet: core, axon and slot, as `writeSend` leaves them.
      const packet = f.keep(i32.load(at, memory.sent));
      const row = packet
        .shiftRight(12)
        .shiftLeft(4)
        .plus(packet.and(15))
        .times(axons / 8);
      const byte = f.keep(row.plus(packet.shiftRight(7).and(axons / 8 - 1)));
      const bit = i32.shl(1, packet.shiftRight(4).and(7));
      f.do(i32.store8(byte, i32.load8_u(byte, memory.schedule).or(bit), memory.schedule));
    });
  });
}

/** Lists the axons that are active in a tick, and clears their slot. `last` becomes the end of the list. */
function writeSelect(
  f: FunctionBuilder,
  memory: ChipMemory,
  core: Local<'i32'>,
  now: Local<'i32'>,
  list: Local<'i32'>,
  last: Local<'i32'>,
): void {
  const row = f.keep(
    core
      .times(slots)
      .plus(now.and(slots - 1))
      .times(axons / 8),
  );
  const [word, bits, events] = [f.local('i32'), f.local('i32'), f.local('i32')];
  f.set(word, 0);
  f.set(events, 0);
  f.set(last, list);
  whileBelow(f, word, axons / 8, 4, () => {
    f.set(bits, i32.load(row.plus(word), memory.schedule));
    forEachBit(f, bits, () => {
      const axon = f.keep(core.times(axons).plus(word.times(8)).plus(i32.ctz(bits)));
      const type = i32.load8_u(axon, memory.types);
      const weights = core.times(coreBytes.weights).plus(type.times(2 * neurons));
      f.do(i32.store(last, axon.times(neurons / 8), 0), i32.store(last, weights, 4));
      increase(f, last, 8);
      increase(f, events, i32.load16_u(axon.times(2), memory.fanOut));
    });
  });
  f.if(last.isAbove(list), () => {
    const none = v128.const(new Uint8Array(vectorBytes));
    for (let part = 0; part < axons / 8; part += vectorBytes)
      f.do(
        v128.store(row, part === 0 ? none : v128.const(new Uint8Array(vectorBytes)), memory.schedule + part),
      );
    const counts = f.keep(core.times(coreBytes.counts));
    countAt(f, counts, memory.counts, last.minus(list).shiftRight(3));
    countAt(f, counts, memory.counts + 8, events);
    countAt(f, counts, memory.counts + 16, i32.const(1));
  });
}

/** Adds to a count of 64 bits. */
function countAt(f: FunctionBuilder, base: Local<'i32'>, offset: number, more: Value<'i32'>): void {
  f.do(i64.store(base, i64.add(i64.load(base, offset), i64.extend_i32_u(more)), offset));
}

/** Adds the weights of a part of the list of active axons to the potentials of the neurons connected to them. */
function writeIntegrate(
  f: FunctionBuilder,
  memory: ChipMemory,
  core: Local<'i32'>,
  first: Local<'i32'>,
  end: Local<'i32'>,
): void {
  const bits = f.keep(v128.const(laneBits));
  const potentials = f.keep(core.times(coreBytes.potentials));
  const [neuron, at] = [f.local('i32'), f.local('i32')];
  const sums = Array.from({ length: sumsAtOnce }, () => f.local('v128'));
  f.set(neuron, 0);
  whileBelow(f, neuron, neurons, sumsAtOnce * lanes, () => {
    for (const sum of sums) f.set(sum, v128.const(new Uint8Array(vectorBytes)));
    f.set(at, first);
    whileBelow(f, at, end, 8, () => {
      const row = f.keep(i32.load(at, 0).plus(neuron.shiftRight(3)));
      const weights = f.keep(i32.load(at, 4).plus(neuron.times(2)));
      for (const [part, sum] of sums.entries()) {
        const own = i16x8.splat(i32.load8_u(row, memory.crossbar + part));
        const mask = i16x8.eq(v128.and(own, bits), bits);
        const weight = v128.load(weights, memory.weights + vectorBytes * part);
        f.set(sum, i16x8.add(sum, v128.and(weight, mask)));
      }
    });
    const place = f.keep(potentials.plus(neuron.times(4)));
    for (const [part, sum] of sums.entries()) {
      for (const [half, extend] of [i32x4.extend_low_i16x8_s, i32x4.extend_high_i16x8_s].entries()) {
        const offset = memory.potentials + vectorBytes * (2 * part + half);
        f.do(v128.store(place, i32x4.add(v128.load(place, offset), extend(sum)), offset));
      }
    }
  });
}

/**
 * Updates the neurons of a core as kernel `decide` of program `truenorth` does, and lists those that spike.
 *
 * @param spiked the end of the list; the function returns the new one
 */
function writeUpdate(
  f: FunctionBuilder,
  memory: ChipMemory,
  potentialBits: number,
  core: Local<'i32'>,
  spiked: Local<'i32'>,
): void {
  const bits = f.keep(v128.const(laneBits));
  const [neuron, spiking] = [f.local('i32'), f.local('i32')];
  const end = f.keep(core.plus(1).times(neurons));
  f.set(neuron, core.times(neurons));
  whileBelow(f, neuron, end, lanes, () => {
    const [narrow, wide] = [f.keep(neuron.times(2)), f.keep(neuron.times(4))];
    const leaks = f.keep(v128.load(narrow, memory.leaks));
    const positives = f.keep(v128.load(narrow, memory.positives));
    const negatives = f.keep(v128.load(narrow, memory.negatives));
    const mode = i16x8.splat(i32.load8_u(neuron.shiftRight(3), memory.modes));
    const modes = f.keep(i16x8.eq(v128.and(mode, bits), bits));
    const halves = [i32x4.extend_low_i16x8_s, i32x4.extend_high_i16x8_s].map((extend, half) => {
      const offset = vectorBytes * half;
      const moved = i32x4.add(v128.load(wide, memory.potentials + offset), extend(leaks));
      const potential = f.keep(wrapped(moved, potentialBits));
      const threshold = f.keep(extend(positives));
      const lowest = f.keep(extend(negatives));
      const subtracts = f.keep(extend(modes));
      const reset = f.keep(v128.load(wide, memory.resets + offset));
      const spikes = f.keep(i32x4.ge_s(potential, threshold));
      const above = v128.bitselect(i32x4.sub(potential, threshold), reset, subtracts);
      const below = v128.bitselect(i32x4.sub(potential, lowest), i32x4.neg(reset), subtracts);
      const quiet = v128.bitselect(below, potential, i32x4.lt_s(potential, lowest));
      const next = wrapped(v128.bitselect(above, quiet, spikes), potentialBits);
      f.do(v128.store(wide, next, memory.potentials + offset));
      return spikes;
    });
    const [low = bits, high = bits] = halves;
    f.set(spiking, i16x8.bitmask(i16x8.narrow_i32x4_s(low, high)));
    forEachBit(f, spiking, () => {
      f.do(i32.store(spiked, neuron.plus(i32.ctz(spiking))));
      increase(f, spiked, 4);
    });
  });
  f.return(spiked);
}

/** Keeps the low bits of each lane of 32, signed. */
function wrapped(value: Value<'v128'>, bits: number): Value<'v128'> {
  return i32x4.shr_s(i32x4.shl(value, 32 - bits), 32 - bits);
}

/**
 * Counts spikes, and puts their packets into the lists for the threads that run their destinations. Destinations are all
 * over the memory: one after the other, in a loop that does nothing else, the processor waits for several at once.
 */
function writeSend(
  f: FunctionBuilder,
  memory: ChipMemory,
  at: Local<'i32'>,
  end: Local<'i32'>,
  now: Local<'i32'>,
  from: Local<'i32'>,
): void {
  const spikes = memory.outputs + 4;
  whileBelow(f, at, end, 4, () => {
    const output = f.keep(i32.load(at).times(8));
    const destination = f.keep(i32.load(output, memory.outputs));
    f.do(i32.store(output, i32.load(output, spikes).plus(1), spikes));
    const slot = destination
      .plus(now)
      .plus(1)
      .and(slots - 1);
    const packet = destination.and(~(slots - 1)).or(slot);
    const thread = destination.shiftRight(12).dividedBy(memory.coresPerThread);
    const list = f.keep(memory.threads === 1 ? from.plus(0) : from.plus(thread));
    const count = f.keep(list.times(countBytes));
    const length = f.keep(i32.load(count, memory.sentCounts));
    f.do(
      i32.store(list.times(listBytes(memory)).plus(length), packet, memory.sent),
      i32.store(count, length.plus(4), memory.sentCounts),
    );
  });
}
