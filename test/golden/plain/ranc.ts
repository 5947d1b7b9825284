import { createHash } from 'node:crypto';
import { PlainCore } from './ranc-core.ts';
import type { RancExpected, RancStimulus, Word } from './ranc-format.ts';
import { PlainFrontEnd } from './ranc-front-end.ts';
import { fifoNames, PlainMesh } from './ranc-mesh.ts';

export type { RancConfig, RancExpected, RancMemories, RancStimulus, RancTrace, Word } from './ranc-format.ts';

/** A FIFO's word: null where it holds no dx, or neither dx nor dy. */
function held(fifo: number, [dx, dy, axon, offset]: Word): [number, number | null, number | null, number, number] {
  const name = fifoNames[fifo] ?? '';
  const hasDx = ['LE', 'LW', 'EE', 'WW'].includes(name);
  return [fifo, hasDx ? dx : null, name.endsWith('L') ? null : dy, axon, offset];
}

/**
 * What RANC does with a stimulus, computed as plainly as possible: every register at every edge. It shares no code with
 * `src` and follows ../ranc.md alone.
 */
export function plainRanc({ config, cores: memories, stimulus }: RancStimulus): RancExpected & {
  readonly hops: NonNullable<RancExpected['hops']>;
  /** Packets that came in. */
  readonly packets: readonly (readonly number[])[];
} {
  const [columns] = config.grid;
  const cores = memories.map((core) => (core === null ? undefined : new PlainCore(config, core)));
  const mesh = new PlainMesh(config);
  const front = stimulus.axis && new PlainFrontEnd(stimulus.axis);
  const ticks = new Map(stimulus.ticks.map((cycle, tick) => [cycle, tick]));
  const listed = new Map(stimulus.packets.map(([cycle, ...word]) => [cycle, word]));
  const core_ticks: number[][] = [];
  const potentials: number[][] = [];
  const spikes: number[][] = [];
  const deliveries: number[][] = [];
  const outputs: number[][] = [];
  const hops: (number | null)[][] = [];
  const missed_ticks: number[][] = [];
  const input_drops: number[][] = [];
  const packets: number[][] = [];
  let lastTick = -1;

  for (let cycle = 0; cycle < stimulus.end; cycle++) {
    mesh.before();
    const tick = ticks.get(cycle) ?? -1;
    const fits = mesh.input.before < mesh.input.depth;
    const packet = front === undefined ? listed.get(cycle) : front.rise(cycle, tick >= 0, !fits);
    if (packet !== undefined) packets.push([cycle, ...packet]);
    if (packet !== undefined && !fits) input_drops.push([cycle, ...packet]);

    const ready = new Set<number>();
    const sent = new Map<number, Word>();
    for (const [c, core] of cores.entries()) {
      if (core === undefined) continue;
      const done = [core.tick, c, core.accepted, cycle, core.stalls, core.synops];
      const { spike, isReady, missed } = core.rise(cycle, tick, mesh.isFull(c));
      if (isReady) {
        ready.add(c);
        core_ticks.push(done);
        potentials.push([...core.potentials]);
      }
      if (missed) missed_ticks.push([cycle, c]);
      const word = spike === undefined ? undefined : core.memories.dest[spike];
      if (spike === undefined || word === undefined) continue;
      sent.set(c, word);
      const [dx, dy, axon, offset] = word;
      spikes.push([cycle, core.tick, c, spike, (c % columns) + dx, Math.floor(c / columns) + dy, axon, offset]);
    }

    const edge = mesh.rise(sent, fits ? packet : undefined);
    for (const [router, fifo, word] of edge.hops) hops.push([cycle, router, ...held(fifo, word)]);
    for (const [router, word] of edge.deliveries) {
      const [, , axon, offset] = word;
      const core = cores[router];
      if (core === undefined) {
        const bits = Math.ceil(Math.log2(config.outputs));
        outputs.push([cycle, lastTick, axon, offset, axon & (2 ** bits - 1)]);
      } else deliveries.push([cycle, router, axon, offset, ...core.deliver(word, ready.has(router))]);
    }
    if (tick >= 0) lastTick = tick;

    for (const core of cores) core?.fall(cycle);
    mesh.fall();
  }

  const text = hops.map((hop) => `${hop.map((value) => value ?? '-').join(' ')}\n`).join('');
  const within = (cycle: number): number[] => (cycle < stimulus.end ? [cycle] : []);
  const perFifo = (value: (fifo: PlainMesh['input']) => number): number[][] =>
    mesh.routers.map((router) => fifoNames.map((name) => value(router[name])));
  return {
    core_ticks,
    potentials,
    spikes,
    deliveries,
    outputs,
    hops,
    hops_sha256: createHash('sha256').update(text).digest('hex'),
    fifo_writes: perFifo(({ writes }) => writes),
    fifo_max: perFifo(({ most }) => most),
    input_fifo_max: mesh.input.most,
    input_drops,
    missed_ticks,
    flags: {
      token_controller_error: cores.flatMap((core, c) =>
        core === undefined ? [] : within(core.errorFrom).map((cycle) => [c, cycle]),
      ),
      scheduler_error: [],
      packet_read_error: front && within(front.readErrorFrom),
      fifo_write_error: front && within(front.writeErrorFrom),
    },
    axis_accepted: front?.accepted,
    packets,
    final: {
      potentials: cores.map((core) => core?.potentials ?? null),
      read_pointer: cores.map((core) => core?.pointer ?? null),
      pending: cores.flatMap((core, c) =>
        (core?.rows ?? []).flatMap((row, slot) =>
          [...row.entries()].flatMap(([axon, bit]) => (bit === 1 ? [[c, slot, axon]] : [])),
        ),
      ),
      busy: cores.flatMap((core, c) =>
        core?.isBusy === true ? [[c, Math.min(core.neuron, config.neurons - 1)]] : [],
      ),
      fifo: mesh.routers.flatMap((router, c) =>
        fifoNames.flatMap((name, fifo) => router[name].words.map((word) => [c, ...held(fifo, word)])),
      ),
      input_fifo: mesh.input.words.length,
    },
  };
}
