import type { FunctionBuilder, FunctionHandle, Local, Value } from '../../wasm/index.ts';
import * as wasm from '../../wasm/index.ts';
import {
  axonBytes,
  bitBytes,
  type ChipMemory,
  type CountName,
  coreBytes,
  countBytes,
  half,
  lineBytes,
  type RecordName,
  recordBytes,
} from './chip-memory.ts';
import { axons, axonTypes, neurons, rowBytes, slots } from './contents.ts';
import {
  type CoreParams,
  type LaneWidths,
  largestNarrow,
  type NeuronTraits,
  writeCoreTick,
} from './core-tick.ts';

const { call, i32, i64, increase, ModuleBuilder, memory: mem, min, whileBelow } = wasm;

const pageBytes = 65_536;

/** Pages of a memory. */
export function pagesOf({ bytes }: ChipMemory): number {
  return Math.ceil(bytes / pageBytes);
}

/**
 * A tick of a chip in WebAssembly. Its export `tick(thread, now)` runs the cores of a thread: it takes the packets that
 * were sent to them in the tick before, adds up the weights of active axons, updates the neurons and sends their
 * packets. Threads only have to wait for each other between two ticks.
 *
 * @param isShared whether threads share the memory
 */
export function chipModule(
  memory: ChipMemory,
  { isShared, ...traits }: NeuronTraits & { readonly isShared: boolean },
): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const pages = pagesOf(memory);
  module.importMemory('host', 'memory', pages, isShared ? pages : undefined);
  const coreTick = (name: string, widths: LaneWidths): FunctionHandle =>
    module.function(name, takesFour, (f, core, first, last, spikes) =>
      writeCoreTick(f, memory, traits, widths, { core, first, last, spikes }),
    );
  const run: CoreTicks = {
    idle: coreTick('idle', { potentials: 16, weights: undefined }),
    narrow: [
      coreTick('narrow', { potentials: 16, weights: 16 }),
      coreTick('narrowBytes', { potentials: 16, weights: 8 }),
    ],
    wide: [
      coreTick('wide', { potentials: 32, weights: 16 }),
      coreTick('wideBytes', { potentials: 32, weights: 8 }),
    ],
  };
  const weigh = module.function('weigh', { params: ['i32', 'i32', 'i32'], results: ['i32'] }, (f, ...core) =>
    writeWeigh(f, memory, ...core),
  );
  const receive = module.function('receive', takesThree, (f, ...group) => writeReceive(f, memory, ...group));
  const fetch = module.function('fetch', takesFour, (f, ...group) => writeFetch(f, memory, ...group));
  const send = module.function('send', takesFive, (f, ...group) => writeSend(f, memory, ...group));
  const tick = module.function('tick', { params: ['i32', 'i32'], results: [] }, (f, thread, now) => {
    const groupSize = 2 ** memory.groupBits;
    const group = f.keep(thread.times(memory.coresPerThread));
    const end = f.keep(min(group.plus(memory.coresPerThread), memory.cores));
    const allDue = f.keep(thread.times(2 * groupSize * bitBytes).plus(memory.bits));
    const allSpikes = f.keep(allDue.plus(groupSize * bitBytes));
    const list = f.keep(thread.times(axonBytes * groupSize * axons).plus(memory.active));
    const [core, due, spikes] = [f.local('i32'), f.local('i32'), f.local('i32')];
    const [first, last] = [f.local('i32'), f.local('i32')];
    whileBelow(f, group, end, groupSize, () => {
      f.do(mem.fill(allDue, 0, 2 * groupSize * bitBytes));
      f.call(receive, group, now, allDue);
      f.call(fetch, group, allDue, allSpikes, list);
      const behind = f.keep(min(group.plus(groupSize), end));
      f.set(core, group);
      f.set(due, allDue);
      f.set(spikes, allSpikes);
      f.set(last, list);
      whileBelow(f, core, behind, 1, () => {
        f.set(first, last);
        f.set(last, call(weigh, core, due, first).as('i32'));
        writeRun(f, memory, traits.potentialBits, run, { core, first, last, spikes });
        increase(f, due, bitBytes);
        increase(f, spikes, bitBytes);
      });
      f.call(send, group, allSpikes, spikes, thread, now);
    });
  });
  module.export('tick', tick);
  return module.toBytes();
}

const takesThree = { params: ['i32', 'i32', 'i32'], results: [] } as const;
const takesFour = { params: ['i32', 'i32', 'i32', 'i32'], results: [] } as const;
const takesFive = { params: ['i32', 'i32', 'i32', 'i32', 'i32'], results: [] } as const;

/** The functions that run a tick of a core, those with weights of 16 bits and of 8. */
interface CoreTicks {
  readonly idle: FunctionHandle;
  readonly narrow: readonly [FunctionHandle, FunctionHandle];
  readonly wide: readonly [FunctionHandle, FunctionHandle];
}

/** Runs the function for what a core needs in this tick: none for a core at rest, else the narrowest. */
function writeRun(
  f: FunctionBuilder,
  memory: ChipMemory,
  potentialBits: number,
  { idle, narrow, wide }: CoreTicks,
  params: CoreParams,
): void {
  const { core, first, last, spikes } = params;
  const record = f.keep(core.times(coreBytes.records).plus(memory.records));
  const field = (name: RecordName): Value<'i32'> => i32.load(record, recordBytes[name]);
  const run = (callee: FunctionHandle): void => f.call(callee, core, first, last, spikes);
  const either = ([shorts, bytes]: CoreTicks['narrow']): void =>
    f.if(
      field('typeBytes').equals(half),
      () => run(bytes),
      () => run(shorts),
    );
  const isIdle = f.keep(last.equals(first));
  f.if(isIdle.and(field('isAtRest')).isZero(), () => {
    const active = last.minus(first).dividedBy(axonBytes);
    const bound = f.keep(
      field('bound')
        .plus(field('drift'))
        .plus(active.times(field('step'))),
    );
    f.if(
      bound.isAbove(largestNarrow(potentialBits)),
      () => either(wide),
      () => {
        f.do(i32.store(record, bound, recordBytes.bound));
        f.if(
          isIdle,
          () => run(idle),
          () => either(narrow),
        );
      },
    );
  });
}

/** Where it is written down where the bucket from a thread to a group ends. */
function tailOf(
  { groups, tails }: ChipMemory,
  from: Local<'i32'>,
  slot: Value<'i32'>,
  group: Value<'i32'>,
): Value<'i32'> {
  return from.times(slots).plus(slot).times(groups).plus(group).times(4).plus(tails);
}

/** Takes the packets that all threads have sent to a group for this tick: sets the bits of their axons. */
function writeReceive(
  f: FunctionBuilder,
  memory: ChipMemory,
  core: Local<'i32'>,
  now: Local<'i32'>,
  due: Local<'i32'>,
): void {
  const group = f.keep(core.shiftRight(memory.groupBits));
  const slot = f.keep(now.and(slots - 1));
  const [from, at] = [f.local('i32'), f.local('i32')];
  whileBelow(f, from, memory.threads, 1, () => {
    const tail = f.keep(tailOf(memory, from, slot, group));
    const base = i32.load(from.times(memory.groups).plus(group).times(4), memory.bases);
    f.set(at, slot.times(memory.slotBytes).plus(base));
    const end = f.keep(i32.load(tail));
    f.do(i32.store(tail, at));
    whileBelow(f, at, end, 2, () => {
      const axon = f.keep(i32.load16_u(at).and(2 ** memory.groupBits * axons - 1));
      const byte = f.keep(due.plus(axon.shiftRight(3)));
      f.do(i32.store8(byte, i32.load8_u(byte).or(i32.shl(1, axon.and(7)))));
    });
  });
}

/**
 * Runs the body with the number of each bit that is set in some words of 64 bits, and moves a list on behind each. It
 * also runs it once for a word without any, with any number, and does not move the list: nothing here depends on a
 * guess, and wrong ones would take longer. So the processor waits for what the body reads of many numbers at once.
 */
function forEachNumber(
  f: FunctionBuilder,
  words: Local<'i32'>,
  end: Local<'i32'>,
  list: Local<'i32'>,
  stride: number,
  body: (number: Local<'i32'>) => void,
): void {
  const word = f.keep(words.plus(0));
  const bits = f.keep(i64.load(word));
  // It is loaded before it is known whether its turn has come.
  const next = f.keep(i64.load(word, 8));
  whileBelow(f, word, end, 0, () => {
    body(
      f.keep(
        word
          .minus(words)
          .times(8)
          .plus(i32.wrap_i64(i64.ctz(bits))),
      ),
    );
    increase(f, list, i64.eqz(bits).isZero().times(stride));
    const rest = f.keep(i64.and(bits, i64.sub(bits, 1n)));
    const isDone = f.keep(i64.eqz(rest));
    increase(f, word, isDone.times(8));
    f.set(bits, i64.or(rest, i64.and(next, i64.sub(0n, i64.extend_i32_u(isDone)))));
    f.set(next, i64.load(word, 8));
  });
}

/** Lists the rows of the active axons of a group, and has the processor fetch them. */
function writeFetch(
  f: FunctionBuilder,
  memory: ChipMemory,
  group: Local<'i32'>,
  due: Local<'i32'>,
  end: Local<'i32'>,
  list: Local<'i32'>,
): void {
  const first = f.keep(group.times(coreBytes.crossbar));
  forEachNumber(f, due, end, list, axonBytes, (number) => {
    const row = f.keep(number.times(rowBytes).plus(first));
    f.drop(i32.load(row, memory.crossbar));
    f.do(i32.store(list, row));
  });
}

/**
 * Completes the list of a core's active axons with the places of their weights, and counts them. Returns the end of its
 * part of the list.
 */
function writeWeigh(
  f: FunctionBuilder,
  memory: ChipMemory,
  core: Local<'i32'>,
  due: Local<'i32'>,
  first: Local<'i32'>,
): void {
  const record = f.keep(core.times(coreBytes.records).plus(memory.records));
  const ones = (at: Local<'i32'>, bytes: number, from: number): Value<'i64'> =>
    Array.from({ length: bytes / 8 }, (_, word) => i64.popcnt(i64.load(at, from + 8 * word))).reduce(
      (sum, more) => i64.add(sum, more),
    );
  const active = f.keep(i32.wrap_i64(ones(due, bitBytes, 0)));
  f.if(active.isZero(), () => f.return(first));
  const weights = f.keep(i32.load(record, recordBytes.weights));
  const typeBytes = f.keep(i32.load(record, recordBytes.typeBytes));
  const last = f.keep(active.times(axonBytes).plus(first));
  const [at, events] = [f.keep(first.plus(0)), f.local('i64')];
  whileBelow(f, at, last, axonBytes, () => {
    const row = f.keep(i32.load(at));
    const axon = f.keep(row.dividedBy(rowBytes).and(axons - 1));
    const types = i32.load8_u(record.plus(axon.shiftRight(2)), lineBytes);
    const type = types.shiftRight(axon.and(3).times(2)).and(axonTypes - 1);
    f.do(i32.store(at, type.times(typeBytes).plus(weights), 4));
    f.set(events, i64.add(events, ones(row, rowBytes, memory.crossbar)));
  });
  const count = (name: CountName, more: Value<'i64'>): void =>
    f.do(i64.store(record, i64.add(i64.load(record, countBytes[name]), more), countBytes[name]));
  count('axons', i64.extend_i32_u(active));
  count('events', events);
  count('busyTicks', i64.const(1n));
  f.do(i32.store(record, 0, recordBytes.isAtRest));
  f.return(last);
}

/** Counts the spikes of the neurons of a group, and puts their packets into the buckets of their destinations. */
function writeSend(
  f: FunctionBuilder,
  memory: ChipMemory,
  group: Local<'i32'>,
  spikes: Local<'i32'>,
  end: Local<'i32'>,
  thread: Local<'i32'>,
  now: Local<'i32'>,
): void {
  const list = f.keep(thread.times(4 * 2 ** memory.groupBits * neurons).plus(memory.sent));
  const { destinations, destinationBits } = memory;
  const [first, last] = [f.keep(group.times(coreBytes.destinations)), f.keep(list.plus(0))];
  forEachNumber(f, spikes, end, last, 4, (number) => {
    const place = f.keep(number.times(4).plus(first));
    f.drop(i32.load(place, destinations));
    f.do(i32.store(last, place));
  });
  whileBelow(f, list, last, 4, () => {
    const from = f.keep(i32.load(list));
    const counted = f.keep(i32.load(from, destinations));
    f.do(i32.store(from, counted.plus(2 ** destinationBits), destinations));
    const destination = f.keep(counted.and(2 ** destinationBits - 1));
    const slot = destination
      .plus(now)
      .plus(1)
      .and(slots - 1);
    const tail = f.keep(tailOf(memory, thread, slot, destination.shiftRight(12 + memory.groupBits)));
    const place = f.keep(i32.load(tail));
    f.do(i32.store16(place, destination.shiftRight(4)), i32.store(tail, place.plus(2)));
  });
}
