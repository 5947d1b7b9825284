import {
  addAt,
  addCounts,
  at,
  type Controller,
  type Core,
  type Counters,
  fieldNamed,
  PlasticoreError,
} from '../api.ts';
import { type Fate, never, RancCore } from './core.ts';
import { RancMesh } from './mesh.ts';
import type { RancInput, RancPacket } from './packets.ts';
import { fifosPerRouter } from './topology.ts';

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
  hop?(cycle: number, router: number, fifo: number, packet: RancPacket): void;
  delivered?(
    cycle: number,
    core: number,
    packet: Pick<RancPacket, 'axon' | 'offset'>,
    slot: number,
    fate: Fate,
  ): void;
  /** A packet leaves the chip. `tick`: the last one before, -1 if none. */
  output?(cycle: number, tick: number, packet: Pick<RancPacket, 'axon' | 'offset'>): void;
  /** A packet from outside, and whether the input FIFO had room for it. */
  entered?(cycle: number, packet: RancPacket, fits: boolean): void;
}

/** Input from outside: rising edges with the tick line at 1, in ascending order, and packets. None in the past. */
export interface RancStimulus {
  readonly ticks: readonly number[];
  readonly input: RancInput;
}

/** The work of one core. */
export interface RancCoreCounts {
  readonly cycles: number;
  /** Words of the neuron memory: one each for each neuron and tick. */
  readonly neuronReads: number;
  readonly neuronWrites: number;
  /** Integrations: axons connected and active. */
  readonly synops: number;
  /** Packets sent. */
  readonly packets: number;
  /** Writes into the twelve FIFOs of its router. */
  readonly fifoWrites: number;
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
  readonly mesh: RancMesh;
  readonly #working: readonly RancCore[];
  readonly #observer: RancObserver;
  readonly #synops: Float64Array;
  readonly #packets: Float64Array;
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
    this.#synops = new Float64Array(routers);
    this.#packets = new Float64Array(routers);
    this.mesh = new RancMesh(config, config, {
      hop: observer.hop === undefined ? undefined : (...hop) => this.#hop(...hop),
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

  /** The work of a router's core; undefined at the output bus. */
  countsOf(router: number): RancCoreCounts | undefined {
    const core = this.units[router]?.core;
    if (core === undefined) return undefined;
    const bank = core.image.banks.findIndex(({ name }) => name === 'neurons');
    const { work } = core.counters();
    const words = (which: 'reads' | 'writes'): number =>
      work.reduce((sum, counts) => sum + (counts[which][bank] ?? 0), 0);
    const first = router * fifosPerRouter;
    const written = this.mesh.writes.subarray(first, first + fifosPerRouter);
    return {
      cycles: this.#cycle - this.#countedFrom,
      neuronReads: words('reads'),
      neuronWrites: words('writes'),
      synops: at(this.#synops, router),
      packets: at(this.#packets, router),
      fifoWrites: written.reduce((sum, count) => sum + count, 0),
    };
  }

  resetCounters(): void {
    for (const core of this.cores) core.resetCounters();
    this.#synops.fill(0);
    this.#packets.fill(0);
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

  #enter(cycle: number, packet: RancPacket | undefined): void {
    if (packet === undefined) return;
    const fits = !this.mesh.inputIsFull;
    this.#observer.entered?.(cycle, packet, fits);
    if (fits) this.mesh.enter(packet.dx, packet.dy, packet.axon, packet.offset);
  }

  #hop(cycle: number, router: number, fifo: number, number: number): void {
    this.#observer.hop?.(cycle, router, fifo, this.mesh.packets.at(number));
  }

  #deliver(cycle: number, router: number, axon: number, offset: number): void {
    const unit = this.units[router];
    if (unit === undefined) {
      // The last tick before this cycle: one in this very cycle is not counted yet.
      this.#observer.output?.(cycle, this.#ticks - 1, { axon, offset });
      return;
    }
    const slot = unit.slotOf(offset);
    const fate = unit.deliver(cycle, axon, offset);
    this.#observer.delivered?.(cycle, router, { axon, offset }, slot, fate);
  }

  #unit(core: Core | undefined, router: number): RancCore {
    if (core === undefined) throw new Error(`no core for router ${router}`);
    const { mesh } = this;
    const unit: RancCore = new RancCore(core, {
      hasRoom: () => mesh.hasRoom(router),
      spike: (cycle, neuron) => {
        addAt(this.#packets, router, 1);
        this.#observer.spiked?.(cycle, unit.tick, router, neuron);
        mesh.send(router, at(dx, neuron), at(dy, neuron), at(axon, neuron), at(offset, neuron));
      },
      ticked: (ready) => {
        const { tick, accepted, stalls, synops } = unit;
        addAt(this.#synops, router, synops);
        this.#observer.ticked?.(router, tick, accepted, ready, stalls, synops);
      },
    });
    const read = (name: string): Float64Array => core.read(fieldNamed(core.image, `neurons.${name}`));
    const [dx, dy, axon, offset] = [read('dx'), read('dy'), read('axon'), read('offset')];
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
