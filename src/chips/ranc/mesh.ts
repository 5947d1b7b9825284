import { addAt, numberAt, wordAt } from '../api.ts';
import { NumberList, Packets } from './packets.ts';
import {
  connect,
  E,
  EE,
  EN,
  ES,
  fifosPerRouter,
  L,
  LE,
  LW,
  mergesPerRouter,
  mostSources,
  mostTargets,
  N,
  NL,
  NN,
  none,
  SL,
  SS,
  type Topology,
  W,
  WN,
  WS,
  WW,
} from './topology.ts';

/** Who takes what the mesh delivers. Cycles are rising edges. */
export interface MeshObserver {
  /** A packet is written into a FIFO of a router; `packet` is its number in `mesh.packets`. */
  hop?: ((cycle: number, router: number, fifo: number, packet: number) => void) | undefined;
  /** A packet leaves the mesh at a router. */
  deliver(cycle: number, router: number, axon: number, offset: number): void;
}

/** The state of a merge: idle, taking a word from its source at the next rising edge, or writing it at the next. */
const idle = 0;
const requesting = 1;
const presenting = 2;

/**
 * RANC's routers: twelve FIFOs and five merges each, exact to the cycle. `step` is one cycle: its rising edge, and then
 * the falling one. Only merges that can move are looked at, so a cycle in which nothing moves need not be stepped at
 * all, and packets that are stuck cost nothing.
 */
export class RancMesh {
  readonly packets = new Packets();
  readonly topology: Topology;
  /** By FIFO: how many packets it holds, the most that it has held, and how many were written into it. */
  readonly levels: Int32Array;
  readonly highest: Int32Array;
  readonly writes: Float64Array;
  /** Routers whose local FIFOs a packet has left in the latest step. */
  readonly roomAt = new NumberList();
  readonly #observer: MeshObserver;
  readonly #depth: number;
  readonly #inputDepth: number;
  /** Shifts that wrap dx at its width. */
  readonly #wrapDx: number;
  /** Ring buffers, `depth` places for each FIFO of a router, then the input FIFO's; the heads are in a buffer. */
  readonly #places: Int32Array;
  readonly #heads: Int32Array;
  /** By merge: what it does, and the source it has chosen or the packet that it holds. */
  readonly #doing: Uint8Array;
  readonly #word: Int32Array;
  /** Merges that take a word out at the next rising edge, and those that write one. */
  #requests = new NumberList();
  #presents = new NumberList();
  /** Writes from outside at the next rising edge, each a FIFO and a packet; and those one edge later. */
  #arriving = new NumberList();
  #leaving = new NumberList();
  /** Merges to be looked at at the falling edge, each once. */
  readonly #marked = new NumberList();
  readonly #markedIn: Float64Array;

  constructor(
    grid: { readonly columns: number; readonly rows: number },
    sizes: { readonly fifoDepth: number; readonly inputFifoDepth: number; readonly dxWidth: number },
    observer: MeshObserver,
  ) {
    this.topology = connect(grid.columns, grid.rows);
    const { fifos, merges, input } = this.topology;
    this.#observer = observer;
    this.#depth = sizes.fifoDepth;
    this.#inputDepth = sizes.inputFifoDepth;
    this.#wrapDx = 32 - sizes.dxWidth;
    this.levels = new Int32Array(fifos);
    this.highest = new Int32Array(fifos);
    this.writes = new Float64Array(fifos);
    this.#places = new Int32Array(input * this.#depth + this.#inputDepth);
    this.#heads = new Int32Array(fifos);
    this.#doing = new Uint8Array(merges);
    this.#word = new Int32Array(merges);
    this.#markedIn = new Float64Array(merges).fill(-1);
  }

  /** Whether something moves at the next rising edge. */
  get isMoving(): boolean {
    return (
      this.#requests.count > 0 ||
      this.#presents.count > 0 ||
      this.#arriving.count > 0 ||
      this.#leaving.count > 0
    );
  }

  /** Whether both local FIFOs of a router have room. */
  hasRoom(router: number): boolean {
    const first = router * fifosPerRouter;
    return numberAt(this.levels, first + LE) < this.#depth && numberAt(this.levels, first + LW) < this.#depth;
  }

  get inputIsFull(): boolean {
    return numberAt(this.levels, this.topology.input) === this.#inputDepth;
  }

  /** Writes a packet into the input FIFO in the cycle that is stepped next. It must have room. */
  enter(dx: number, dy: number, axon: number, offset: number): void {
    this.#arriving.push(this.topology.input);
    this.#arriving.push(this.packets.add(dx, dy, axon, offset));
  }

  /** Writes a core's packet into its local FIFO, one cycle after the one that is stepped next. */
  send(router: number, dx: number, dy: number, axon: number, offset: number): void {
    const fifo = router * fifosPerRouter + (dx < 0 ? LW : LE);
    this.#leaving.push(fifo);
    this.#leaving.push(this.packets.add(dx, dy, axon, offset));
  }

  /** The packets in a FIFO, oldest first. */
  within(fifo: number): number[] {
    const first = fifo * this.#depth;
    const depth = this.#depthOf(fifo);
    const head = numberAt(this.#heads, fifo);
    return Array.from({ length: numberAt(this.levels, fifo) }, (_, at) =>
      numberAt(this.#places, first + ((head + at) % depth)),
    );
  }

  step(cycle: number): void {
    this.roomAt.count = 0;
    this.#marked.count = 0;
    // Rising edge. A FIFO that is read and written keeps its level, so reads come first.
    const requests = this.#requests;
    const presents = this.#presents;
    const arriving = this.#arriving;
    for (let at = 0; at < requests.count; at++) this.#take(requests.at(at), cycle);
    for (let at = 0; at < presents.count; at++) this.#write(presents.at(at), cycle);
    for (let at = 0; at < arriving.count; at += 2) this.#put(arriving.at(at), arriving.at(at + 1), cycle);
    arriving.count = 0;
    this.#arriving = this.#leaving;
    this.#leaving = arriving;
    // Falling edge.
    presents.count = 0;
    this.#presents = requests;
    this.#requests = presents;
    for (let at = 0; at < this.#marked.count; at++) this.#choose(this.#marked.at(at));
  }

  #take(merge: number, cycle: number): void {
    const fifo = numberAt(this.#word, merge);
    const head = numberAt(this.#heads, fifo);
    this.#word[merge] = numberAt(this.#places, fifo * this.#depth + head);
    this.#heads[fifo] = head + 1 === this.#depthOf(fifo) ? 0 : head + 1;
    addAt(this.levels, fifo, -1);
    this.#doing[merge] = presenting;
    const writer = this.topology.writer[fifo] ?? none;
    if (writer !== none) this.#mark(writer, cycle);
    else if (fifo !== this.topology.input) this.roomAt.push(Math.floor(fifo / fifosPerRouter));
  }

  #write(merge: number, cycle: number): void {
    const packet = numberAt(this.#word, merge);
    const router = Math.floor(merge / mergesPerRouter);
    this.#doing[merge] = idle;
    this.#mark(merge, cycle);
    const kind = merge - router * mergesPerRouter;
    if (kind === L) {
      const { axon, offset } = this.packets;
      this.packets.remove(packet);
      this.#observer.deliver(cycle, router, wordAt(axon, packet), wordAt(offset, packet));
    } else this.#put(router * fifosPerRouter + this.#route(kind, packet), packet, cycle);
  }

  /** The FIFO of a router to which a merge sends a packet, whose distance it counts down. */
  #route(kind: number, packet: number): number {
    const { dx, dy } = this.packets;
    const [x, y] = [wordAt(dx, packet), wordAt(dy, packet)];
    switch (kind) {
      case E:
        if (x === 0) return y >= 0 ? EN : ES;
        dx[packet] = ((x - 1) << this.#wrapDx) >> this.#wrapDx;
        return EE;
      case W:
        if (x === 0) return y >= 0 ? WN : WS;
        dx[packet] = x + 1;
        return WW;
      case N:
        if (y === 0) return NL;
        dy[packet] = y - 1;
        return NN;
      default:
        if (y === 0) return SL;
        dy[packet] = y + 1;
        return SS;
    }
  }

  #put(fifo: number, packet: number, cycle: number): void {
    const depth = this.#depthOf(fifo);
    const level = numberAt(this.levels, fifo);
    const place = numberAt(this.#heads, fifo) + level;
    this.#places[fifo * this.#depth + (place >= depth ? place - depth : place)] = packet;
    this.levels[fifo] = level + 1;
    if (level >= numberAt(this.highest, fifo)) this.highest[fifo] = level + 1;
    addAt(this.writes, fifo, 1);
    const reader = this.topology.reader[fifo] ?? none;
    if (reader !== none) this.#mark(reader, cycle);
    const { hop } = this.#observer;
    if (hop === undefined || fifo === this.topology.input) return;
    const router = Math.floor(fifo / fifosPerRouter);
    hop(cycle, router, fifo - router * fifosPerRouter, packet);
  }

  /** A merge without a word requests the first source that has one, if none of its targets is full. */
  #choose(merge: number): void {
    if (this.#doing[merge] !== idle) return;
    const { sources, targets } = this.topology;
    for (let at = merge * mostTargets; at < (merge + 1) * mostTargets; at++) {
      const target = targets[at] ?? none;
      if (target === none) break;
      if (this.levels[target] === this.#depth) return;
    }
    for (let at = merge * mostSources; at < (merge + 1) * mostSources; at++) {
      const source = sources[at] ?? none;
      if (source === none) return;
      if (this.levels[source] === 0) continue;
      this.#doing[merge] = requesting;
      this.#word[merge] = source;
      this.#requests.push(merge);
      return;
    }
  }

  #mark(merge: number, cycle: number): void {
    if (this.#markedIn[merge] === cycle) return;
    this.#markedIn[merge] = cycle;
    this.#marked.push(merge);
  }

  #depthOf(fifo: number): number {
    return fifo === this.topology.input ? this.#inputDepth : this.#depth;
  }
}
