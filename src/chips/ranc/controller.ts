import {
  addAt,
  addCounts,
  at,
  type Controller,
  type Core,
  type Counters,
  FifoMesh,
  fieldNamed,
  type MeshPacket,
  PlasticoreError,
} from '../api.ts';
import { type Fate, never, RancCore } from './core.ts';

/** The chip around its cores. Router x + y * columns is at (x, y). */
export interface RancConfig {
  readonly columns: number;
  readonly rows: number;
  /** The router without a core, which sends packets out of the chip. */
  readonly output: number;
  readonly fifoDepth: number;
  readonly inputFifoDepth: number;
  /** Bits of a packet's dx, at most 16. */
  readonly dxWidth: number;
}

/** Receives what the chip does. Cycles are rising edges, from 0; within a cycle the order is not that of the cores. */
export interface RancObserver {
  /** A core has finished a tick. Its potentials can be read. */
  ticked?(core: number, tick: number, accepted: number, ready: number, stalls: number, synops: number): void;
  /** A core misses a tick because it still works on another. */
  missed?(cycle: number, core: number): void;
  /** A neuron's packet will be written into a local FIFO at `cycle`, the edge after this one. */
  spiked?(cycle: number, tick: number, core: number, neuron: number): void;
  /** A packet is written into a FIFO of a router; its distance is that from there on. */
  hop?(cycle: number, router: number, fifo: number, packet: MeshPacket): void;
  delivered?(cycle: number, core: number, packet: MeshPacket, slot: number, fate: Fate): void;
  /** A packet leaves the chip. `tick`: the last one before, -1 if none. */
  output?(cycle: number, tick: number, packet: MeshPacket): void;
  /** A packet from outside, and whether the input FIFO had room for it. */
  entered?(cycle: number, packet: MeshPacket, fits: boolean): void;
}

/** Input from outside: rising edges with the tick line at 1, in ascending order, and packets. None in the past. */
export interface RancStimulus {
  readonly ticks: readonly number[];
  readonly input: RancInput;
}

/** Where a chip's packets come from. */
export interface RancInput {
  /** The next cycle in which it has something to do; infinite if it waits for a tick, or has nothing more. */
  readonly next: number;
  /**
   * Does what is due at a rising edge.
   *
   * @param isTick whether the tick line is 1
   * @param isFull whether the input FIFO is full
   * @returns the packet that is to be written into the input FIFO, if any
   */
  step(cycle: number, isTick: boolean, isFull: boolean): MeshPacket | undefined;
}

/** A packet with the rising edge at which it is to be written. */
export interface TimedPacket extends MeshPacket {
  readonly cycle: number;
}

/** Packets at given cycles, in ascending order. */
export class PacketList implements RancInput {
  readonly #packets: readonly TimedPacket[];
  #at = 0;

  constructor(packets: readonly TimedPacket[]) {
    this.#packets = packets;
  }

  get next(): number {
    return this.#packets[this.#at]?.cycle ?? never;
  }

  step(cycle: number): MeshPacket | undefined {
    if (this.next !== cycle) return undefined;
    this.#at += 1;
    return this.#packets[this.#at - 1];
  }
}

/**
 * RANC's controllers and routers, exact to the cycle: ticks, schedulers, stalls, missed ticks, a mesh of FIFOs. Cycles
 * in which nothing happens are skipped.
 *
 * Source: J. Mack et al., IEEE TCAD 40(11), 2021, and the behaviour of its published RTL (test/golden).
 */
export class RancController implements Controller {
  readonly cores: readonly Core[];
  /** By router; undefined at the output bus. */
  readonly units: readonly (RancCore | undefined)[];
  readonly mesh: FifoMesh;
  readonly #working: readonly RancCore[];
  readonly #observer: RancObserver;
  /** By router, what its core has done: integrations, of axons connected and active, and packets sent. */
  readonly synops: Float64Array;
  readonly packets: Float64Array;
  #cycle = 0;
  #countedFrom = 0;
  #ticks = 0;

  /**
   * @param cores one for each router but the output bus, in order, each with its memories loaded
   * @throws PlasticoreError `image` if a core's image is not RANC's, `usage` for a wrong number of cores, or an output
   * bus beyond the grid
   */
  constructor(cores: readonly Core[], config: RancConfig, observer: RancObserver = {}) {
    const { columns, rows, output } = config;
    const routers = columns * rows;
    if (cores.length !== routers - 1) {
      const grid = `a grid of ${columns} x ${rows} with an output bus`;
      throw new PlasticoreError('usage', `${grid} has ${routers - 1} cores, found ${cores.length}`);
    }
    if (!(output >= 0 && output < routers)) {
      throw new PlasticoreError(
        'usage',
        `expected an output bus at router 0 to ${routers - 1}, found ${output}`,
      );
    }
    this.cores = cores;
    this.#observer = observer;
    this.synops = new Float64Array(routers);
    this.packets = new Float64Array(routers);
    this.mesh = new FifoMesh(config, {
      // The packet goes on: an observer may keep what it was.
      hop:
        observer.hop && ((cycle, router, fifo, packet) => observer.hop?.(cycle, router, fifo, { ...packet })),
      deliver: (...delivery) => this.#deliver(...delivery),
    });
    this.units = Array.from({ length: routers }, (_, router) =>
      router === output ? undefined : this.#unit(cores[router < output ? router : router - 1], router),
    );
    this.#working = this.units.filter((unit) => unit !== undefined);
  }

  /** The next rising edge. */
  get cycle(): number {
    return this.#cycle;
  }

  /** Ticks that have been. */
  get ticks(): number {
    return this.#ticks;
  }

  counters(): Counters {
    const counters = this.cores.map((core) => core.counters());
    const [first, ...others] = counters;
    if (first === undefined) throw new Error('a chip without cores');
    return { ...others.reduce(addCounts, first), cycles: this.#cycle - this.#countedFrom };
  }

  resetCounters(): void {
    for (const core of this.cores) core.resetCounters();
    this.synops.fill(0);
    this.packets.fill(0);
    this.mesh.writes.fill(0);
    this.#countedFrom = this.#cycle;
  }

  /**
   * Runs all rising edges before `end`.
   *
   * @throws PlasticoreError `usage` for a tick or a packet before the present cycle, or out of order
   */
  run({ ticks, input }: RancStimulus, end: number): void {
    const { mesh } = this;
    let at = 0;
    let due = this.#nextOfCores();
    for (;;) {
      const tick = ticks[at] ?? never;
      const { next } = input;
      if (Math.min(tick, next) < this.#cycle) refusePast(tick, next, this.#cycle);
      const cycle = mesh.isMoving ? this.#cycle : Math.min(due, tick, next);
      if (cycle >= end) break;
      const isTick = cycle === tick;
      if (due === cycle) {
        for (const unit of this.#working) if (unit.next === cycle) unit.act(cycle);
        due = never;
      }
      if (isTick) this.#accept(cycle);
      if (isTick || next === cycle) this.#enter(cycle, input.step(cycle, isTick, mesh.inputIsFull));
      if (mesh.isMoving) {
        mesh.step(cycle);
        const { roomAt } = mesh;
        for (let index = 0; index < roomAt.count; index++) this.units[roomAt.at(index)]?.notice(cycle);
        if (roomAt.count > 0) due = never;
      }
      if (isTick || due === never) due = this.#nextOfCores();
      if (isTick) {
        this.#ticks += 1;
        at += 1;
      }
      this.#cycle = cycle + 1;
    }
    this.#cycle = Math.max(this.#cycle, end);
  }

  #nextOfCores(): number {
    let next = never;
    for (const unit of this.#working) if (unit.next < next) next = unit.next;
    return next;
  }

  /** The tick line is 1. */
  #accept(cycle: number): void {
    for (const [router, unit] of this.units.entries())
      if (unit?.accept(cycle, this.#ticks) === false) this.#observer.missed?.(cycle, router);
  }

  #enter(cycle: number, packet: MeshPacket | undefined): void {
    if (packet === undefined) return;
    const fits = !this.mesh.inputIsFull;
    this.#observer.entered?.(cycle, packet, fits);
    if (fits) this.mesh.enter(packet);
  }

  #deliver(cycle: number, router: number, packet: MeshPacket): void {
    const unit = this.units[router];
    if (unit === undefined) {
      // The last tick before this cycle: one in this very cycle is not counted yet.
      this.#observer.output?.(cycle, this.#ticks - 1, packet);
      return;
    }
    const { axon, offset } = packet;
    const slot = unit.slotOf(offset);
    const fate = unit.deliver(cycle, axon, offset);
    this.#observer.delivered?.(cycle, router, packet, slot, fate);
  }

  #unit(core: Core | undefined, router: number): RancCore {
    if (core === undefined) throw new Error(`no core for router ${router}`);
    const { mesh } = this;
    const unit: RancCore = new RancCore(core, {
      hasRoom: () => mesh.hasRoom(router),
      spike: (cycle, neuron) => {
        addAt(this.packets, router, 1);
        this.#observer.spiked?.(cycle, unit.tick, router, neuron);
        mesh.send(router, at(destinations, neuron));
      },
      ticked: (ready) => {
        const { tick, accepted, stalls, synops } = unit;
        addAt(this.synops, router, synops);
        this.#observer.ticked?.(router, tick, accepted, ready, stalls, synops);
      },
    });
    const read = (name: string): Float64Array => core.read(fieldNamed(core.image, `neurons.${name}`));
    const [dx, dy, axon, offset] = [read('dx'), read('dy'), read('axon'), read('offset')];
    const destinations = Array.from(dx, (x, neuron) => ({
      dx: x,
      dy: at(dy, neuron),
      axon: at(axon, neuron),
      offset: at(offset, neuron),
    }));
    return unit;
  }
}

function refusePast(tick: number, packet: number, cycle: number): never {
  const [what, when] = tick < cycle ? ['a tick', tick] : ['a packet', packet];
  throw new PlasticoreError(
    'usage',
    `${what} is given for cycle ${when}, but the chip is at cycle ${cycle}`,
    {
      hint: 'cycles count from the start of the chip, and rise',
    },
  );
}
