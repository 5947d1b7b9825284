import {
  type Core,
  fieldNamed,
  fifoNames,
  type MeshPacket,
  PacketList,
  RancController,
  type RancObserver,
  sha256,
  sizeNamed,
} from 'plasticore/chips';
import { loadRancCore } from './memories.ts';
import { StreamFrontEnd } from './stream.ts';
import type { RancTrace } from './trace-parts.ts';

/** The part of a trace that goes into the chip. */
export type RancDescription = Pick<RancTrace, 'config' | 'cores' | 'stimulus'>;
type RancExpected = RancTrace['expected'];

/** The behaviour of a chip, in the form of its traces, and the packets that came in, perhaps by a stream front end. */
export interface RancRecording {
  readonly expected: RancExpected & { readonly hops: NonNullable<RancExpected['hops']> };
  readonly packets: RancTrace['stimulus']['packets'];
}

const fifosPerRouter = fifoNames.length;

/** FIFOs whose words have no dx, and those that have neither dx nor dy. */
const withoutDx = new Set([3, 4, 6, 7, 8, 9, 10, 11]);
const withoutDy = new Set([9, 11]);

/**
 * Makes a chip with the memories of a description.
 *
 * @param createCore makes a core of program `ranc` on hw-model `ranc`, with the description's settings
 */
export function rancController(
  { config, cores }: Pick<RancDescription, 'config' | 'cores'>,
  createCore: (index: number) => Core,
  observer: RancObserver = {},
): RancController {
  const [columns, rows] = config.grid;
  const [x, y] = config.output_core;
  const loaded = cores.flatMap((memories, router) => {
    if (memories === null) return [];
    const core = createCore(router);
    loadRancCore(core, memories);
    core.resetCounters();
    return [core];
  });
  const { fifo_depth, input_fifo_depth, dx_width } = config;
  return new RancController(
    loaded,
    {
      columns,
      rows,
      output: x + y * columns,
      fifoDepth: fifo_depth,
      inputFifoDepth: input_fifo_depth,
      dxWidth: dx_width,
    },
    observer,
  );
}

/** Runs a description's stimulus and states what the chip did. */
export function recordRanc(description: RancDescription, createCore: (index: number) => Core): RancRecording {
  const { config, cores, stimulus } = description;
  const [columns] = config.grid;
  const outputs = 2 ** Math.ceil(Math.log2(config.outputs));
  const core_ticks: RancExpected['core_ticks'] = [];
  const potentials: number[][] = [];
  const spikes: RancExpected['spikes'] = [];
  const deliveries: RancExpected['deliveries'] = [];
  const outputsSeen: RancExpected['outputs'] = [];
  const hops: NonNullable<RancExpected['hops']> = [];
  const missed_ticks: RancExpected['missed_ticks'] = [];
  const packets: RancTrace['stimulus']['packets'] = [];
  const input_drops: RancExpected['input_drops'] = [];
  const controller: RancController = rancController(description, createCore, {
    ticked: (core, tick, accepted, ready, stalls, synops) => {
      core_ticks.push([tick, core, accepted, ready, stalls, synops]);
      potentials.push(potentialsOf(controller.units[core]?.core));
    },
    missed: (cycle, core) => missed_ticks.push([cycle, core]),
    spiked: (cycle, tick, core, neuron) => {
      if (cycle >= stimulus.end) return;
      const [dx, dy, axon, offset] = cores[core]?.dest[neuron] ?? [0, 0, 0, 0];
      const x = (core % columns) + dx;
      const y = Math.floor(core / columns) + dy;
      spikes.push([cycle, tick, core, neuron, x, y, axon, offset]);
    },
    hop: (cycle, router, fifo, packet) => hops.push([cycle, router, ...wordOf(fifo, packet)]),
    delivered: (cycle, core, { axon, offset }, slot, fate) =>
      deliveries.push([cycle, core, axon, offset, slot, fate]),
    output: (cycle, tick, { axon, offset }) => outputsSeen.push([cycle, tick, axon, offset, axon % outputs]),
    entered: (cycle, { dx, dy, axon, offset }, fits) => {
      packets.push([cycle, dx, dy, axon, offset]);
      if (!fits) input_drops.push([cycle, dx, dy, axon, offset]);
    },
  });
  const front = frontEndOf(stimulus);
  controller.run({ ticks: stimulus.ticks, input: front ?? listOf(stimulus) }, stimulus.end);

  hops.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  deliveries.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const { mesh } = controller;
  const perRouter = (counts: ArrayLike<number>): number[][] =>
    cores.map((_, router) =>
      Array.from(counts).slice(router * fifosPerRouter, (router + 1) * fifosPerRouter),
    );
  const within = (cycle: number): number[] => (cycle < stimulus.end ? [cycle] : []);
  return {
    packets,
    expected: {
      core_ticks,
      potentials,
      spikes,
      deliveries,
      outputs: outputsSeen,
      hops,
      hops_sha256: sha256([new TextEncoder().encode(textOf(hops))]),
      fifo_writes: perRouter(mesh.writes),
      fifo_max: perRouter(mesh.highest),
      input_fifo_max: mesh.highest[mesh.topology.input] ?? 0,
      input_drops,
      missed_ticks,
      flags: {
        token_controller_error: controller.units.flatMap((unit, router) =>
          within(unit?.errorFrom ?? Number.POSITIVE_INFINITY).map((cycle): [number, number] => [
            router,
            cycle,
          ]),
        ),
        scheduler_error: [],
        packet_read_error: front && within(front.readErrorFrom),
        fifo_write_error: front && within(front.writeErrorFrom),
      },
      axis_accepted: front?.accepted,
      final: finalOf(controller),
    },
  };
}

function frontEndOf({ axis }: RancTrace['stimulus']): StreamFrontEnd | undefined {
  if (axis === undefined) return undefined;
  const bursts = axis.bursts.map(([cycle, words]) => ({
    cycle,
    words: words.map(([dx, dy, axon, offset]) => ({ dx, dy, axon, offset })),
  }));
  return new StreamFrontEnd(axis.max_packets, bursts);
}

function listOf({ packets }: RancTrace['stimulus']): PacketList {
  return new PacketList(packets.map(([cycle, dx, dy, axon, offset]) => ({ cycle, dx, dy, axon, offset })));
}

function finalOf({ units, mesh }: RancController): RancExpected['final'] {
  return {
    potentials: units.map((unit) => (unit === undefined ? null : potentialsOf(unit.core))),
    read_pointer: units.map((unit) => unit?.pointer ?? null),
    pending: units.flatMap((unit, router) => (unit === undefined ? [] : pendingOf(unit.core, router))),
    busy: units.flatMap((unit, router): [number, number][] =>
      unit?.busyWith === undefined ? [] : [[router, unit.busyWith]],
    ),
    fifo: Array.from({ length: mesh.topology.input }, (_, fifo) => fifo).flatMap((fifo) =>
      mesh
        .within(fifo)
        .map((packet): RancExpected['final']['fifo'][number] => [
          Math.floor(fifo / fifosPerRouter),
          ...wordOf(fifo % fifosPerRouter, packet),
        ]),
    ),
    input_fifo: mesh.levels[mesh.topology.input] ?? 0,
  };
}

type Word = [fifo: number, dx: number | null, dy: number | null, axon: number, offset: number];

/** A packet as a FIFO holds it. */
function wordOf(fifo: number, { dx, dy, axon, offset }: MeshPacket): Word {
  return [fifo, withoutDx.has(fifo) ? null : dx, withoutDy.has(fifo) ? null : dy, axon, offset];
}

function textOf(hops: NonNullable<RancExpected['hops']>): string {
  return hops.map((hop) => `${hop.map((value) => value ?? '-').join(' ')}\n`).join('');
}

function potentialsOf(core: Core | undefined): number[] {
  return core === undefined ? [] : [...core.read(fieldNamed(core.image, 'neurons.potential'))];
}

/** The bits that are set in a core's scheduler. */
function pendingOf(core: Core, router: number): [number, number, number][] {
  const axons = sizeNamed(core.image, 'axons');
  return [...core.read(fieldNamed(core.image, 'scheduler.bit')).entries()].flatMap(
    ([at, bit]): [number, number, number][] =>
      bit === 0 ? [] : [[router, Math.floor(at / axons), at % axons]],
  );
}
