import { addAt, numberAt } from '../text/index.ts';

/** A packet: where it goes, relative to where it is, and the delay in ticks less one that it waits there. */
export interface MeshPacket {
  readonly dx: number;
  readonly dy: number;
  readonly axon: number;
  readonly offset: number;
}

/** A packet on its way, and the FIFO by which it has come into the mesh. */
interface MovingPacket extends MeshPacket {
  dx: number;
  dy: number;
  readonly from: number;
}

/** The FIFOs of a router, by number. */
export const fifoNames = ['LE', 'LW', 'EE', 'EN', 'ES', 'WW', 'WN', 'WS', 'NN', 'NL', 'SS', 'SL'] as const;
const [LE, LW, EE, EN, ES, WW, WN, WS, NN, NL, SS, SL] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

export const fifosPerRouter = fifoNames.length;

/** The FIFOs between routers, in the order of a mesh's directions: where their words go. */
export const lanesOfRouter = [
  { fifo: EE, dx: 1, dy: 0 },
  { fifo: WW, dx: -1, dy: 0 },
  { fifo: SS, dx: 0, dy: -1 },
  { fifo: NN, dx: 0, dy: 1 },
] as const;

/** The merges of a router, by number. */
const [E, W, N, S, L] = [0, 1, 2, 3, 4];
const mergesPerRouter = 5;

/** Sources of a merge at most, and targets. */
const mostSources = 3;
const mostTargets = 3;

/** Marks that there is no further source or target, no reader and no writer. */
const none = -1;

/** The shape of a mesh, the packets that its FIFOs hold, and the bits of a packet's dx. */
type MeshSizes = Readonly<Record<'columns' | 'rows' | 'fifoDepth' | 'inputFifoDepth' | 'dxWidth', number>>;

/** Who takes what the mesh delivers. Cycles are rising edges. */
export interface MeshObserver {
  /** A packet is written into a FIFO of a router; its distance is that from there on. */
  hop?: ((cycle: number, router: number, fifo: number, packet: MeshPacket) => void) | undefined;
  /** A packet leaves the mesh at a router. */
  deliver(cycle: number, router: number, packet: MeshPacket): void;
}

/** The state of a merge: idle, taking a word from its source at the next rising edge, or writing it at the next. */
const idle = 0;
const requesting = 1;
const presenting = 2;

/**
 * Routers of a mesh: twelve FIFOs and five merges each, exact to the cycle. `step` is one cycle: its rising edge, and
 * then the falling one. Only merges that can move are looked at, so a cycle in which nothing moves need not be stepped,
 * and packets that are stuck cost nothing.
 */
export class FifoMesh {
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
  readonly #places: (MovingPacket | undefined)[];
  readonly #heads: Int32Array;
  /** By merge: what it does, the source it has chosen, and the packet that it holds. */
  readonly #doing: Uint8Array;
  readonly #source: Int32Array;
  readonly #held: (MovingPacket | undefined)[];
  /** Merges that take a word out at the next rising edge, and those that write one. */
  #requests = new NumberList();
  #presents = new NumberList();
  /** Writes from outside at the next rising edge, and those one edge later. */
  #arriving: MovingPacket[] = [];
  #leaving: MovingPacket[] = [];
  /** Merges to be looked at at the falling edge, each once. */
  readonly #marked = new NumberList();
  readonly #markedIn: Float64Array;

  constructor(sizes: MeshSizes, observer: MeshObserver) {
    this.topology = connect(sizes.columns, sizes.rows);
    const { fifos, merges, input } = this.topology;
    this.#observer = observer;
    this.#depth = sizes.fifoDepth;
    this.#inputDepth = sizes.inputFifoDepth;
    this.#wrapDx = 32 - sizes.dxWidth;
    this.levels = new Int32Array(fifos);
    this.highest = new Int32Array(fifos);
    this.writes = new Float64Array(fifos);
    this.#places = new Array<undefined>(input * this.#depth + this.#inputDepth).fill(undefined);
    this.#heads = new Int32Array(fifos);
    this.#doing = new Uint8Array(merges);
    this.#source = new Int32Array(merges);
    this.#held = new Array<undefined>(merges).fill(undefined);
    this.#markedIn = new Float64Array(merges).fill(-1);
  }

  /** Whether something moves at the next rising edge. */
  get isMoving(): boolean {
    return (
      this.#requests.count > 0 ||
      this.#presents.count > 0 ||
      this.#arriving.length > 0 ||
      this.#leaving.length > 0
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
  enter(packet: MeshPacket): void {
    this.#arriving.push(movingFrom(this.topology.input, packet));
  }

  /** Writes a core's packet into its local FIFO, one cycle after the one that is stepped next. */
  send(router: number, packet: MeshPacket): void {
    const fifo = router * fifosPerRouter + (packet.dx < 0 ? LW : LE);
    this.#leaving.push(movingFrom(fifo, packet));
  }

  /** The packets in a FIFO, oldest first. */
  within(fifo: number): MeshPacket[] {
    const first = fifo * this.#depth;
    const depth = this.#depthOf(fifo);
    const head = numberAt(this.#heads, fifo);
    return Array.from({ length: numberAt(this.levels, fifo) }, (_, at) =>
      taken(this.#places, first + ((head + at) % depth)),
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
    if (arriving.length > 0) {
      for (const packet of arriving) this.#put(packet.from, packet, cycle);
      arriving.length = 0;
    }
    this.#arriving = this.#leaving;
    this.#leaving = arriving;
    // Falling edge.
    presents.count = 0;
    this.#presents = requests;
    this.#requests = presents;
    for (let at = 0; at < this.#marked.count; at++) this.#choose(this.#marked.at(at));
  }

  #take(merge: number, cycle: number): void {
    const fifo = numberAt(this.#source, merge);
    const head = numberAt(this.#heads, fifo);
    this.#held[merge] = this.#places[fifo * this.#depth + head];
    this.#heads[fifo] = head + 1 === this.#depthOf(fifo) ? 0 : head + 1;
    addAt(this.levels, fifo, -1);
    this.#doing[merge] = presenting;
    const writer = this.topology.writer[fifo] ?? none;
    if (writer !== none) this.#mark(writer, cycle);
    else if (fifo !== this.topology.input) this.roomAt.push(Math.floor(fifo / fifosPerRouter));
  }

  #write(merge: number, cycle: number): void {
    const packet = taken(this.#held, merge);
    const router = Math.floor(merge / mergesPerRouter);
    this.#doing[merge] = idle;
    this.#mark(merge, cycle);
    const kind = merge - router * mergesPerRouter;
    if (kind === L) this.#observer.deliver(cycle, router, packet);
    else this.#put(router * fifosPerRouter + this.#route(kind, packet), packet, cycle);
  }

  /** The FIFO of a router to which a merge sends a packet, whose distance it counts down. */
  #route(kind: number, packet: MovingPacket): number {
    const { dx: x, dy: y } = packet;
    switch (kind) {
      case E:
        if (x === 0) return y >= 0 ? EN : ES;
        packet.dx = ((x - 1) << this.#wrapDx) >> this.#wrapDx;
        return EE;
      case W:
        if (x === 0) return y >= 0 ? WN : WS;
        packet.dx = x + 1;
        return WW;
      case N:
        if (y === 0) return NL;
        packet.dy = y - 1;
        return NN;
      default:
        if (y === 0) return SL;
        packet.dy = y + 1;
        return SS;
    }
  }

  #put(fifo: number, packet: MovingPacket, cycle: number): void {
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
      this.#source[merge] = source;
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

/** Each packet is an object of its own, of one shape: a hop allocates nothing. */
function movingFrom(from: number, { dx, dy, axon, offset }: MeshPacket): MovingPacket {
  return { dx, dy, axon, offset, from };
}

function taken(places: readonly (MovingPacket | undefined)[], place: number): MovingPacket {
  const packet = places[place];
  if (packet === undefined) throw new Error('no packet is there');
  return packet;
}

/** A list of numbers that is emptied by `count = 0` and keeps its memory. */
class NumberList {
  count = 0;
  #values = new Int32Array(16);

  at(index: number): number {
    return numberAt(this.#values, index);
  }

  push(value: number): void {
    if (this.count === this.#values.length) {
      const more = new Int32Array(2 * this.count);
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.count] = value;
    this.count += 1;
  }
}

/** How the FIFOs and merges of a mesh are connected. The input FIFO comes after those of all routers. */
interface Topology {
  readonly routers: number;
  readonly fifos: number;
  readonly merges: number;
  readonly input: number;
  /** By merge, its FIFOs in order of priority. */
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  /** By FIFO, the merge that reads or writes it. */
  readonly reader: Int32Array;
  readonly writer: Int32Array;
}

/**
 * Connects the routers of a mesh. x grows to the east, y to the north; router x + y * columns is at (x, y).
 */
function connect(columns: number, rows: number): Topology {
  const routers = columns * rows;
  const input = routers * fifosPerRouter;
  const fifos = input + 1;
  const merges = routers * mergesPerRouter;
  const sources = new Int32Array(merges * mostSources).fill(none);
  const targets = new Int32Array(merges * mostTargets).fill(none);
  const reader = new Int32Array(fifos).fill(none);
  const writer = new Int32Array(fifos).fill(none);

  for (let router = 0; router < routers; router++) {
    const x = router % columns;
    const y = Math.floor(router / columns);
    const own = (fifo: number): number => router * fifosPerRouter + fifo;
    /** The FIFO of a neighbour; a router at the edge has none. */
    const next = (dx: number, dy: number, fifo: number): number => {
      const isInside = x + dx >= 0 && x + dx < columns && y + dy >= 0 && y + dy < rows;
      return isInside ? own(fifo) + (dx + dy * columns) * fifosPerRouter : none;
    };
    merge(router, E, [router === 0 ? input : next(-1, 0, EE), own(LE)], [own(EE), own(EN), own(ES)]);
    merge(router, W, [next(1, 0, WW), own(LW)], [own(WW), own(WN), own(WS)]);
    merge(router, N, [next(0, -1, NN), own(EN), own(WN)], [own(NN), own(NL)]);
    merge(router, S, [next(0, 1, SS), own(ES), own(WS)], [own(SS), own(SL)]);
    merge(router, L, [own(NL), own(SL)], []);
  }
  return { routers, fifos, merges, input, sources, targets, reader, writer };

  function merge(router: number, kind: number, from: readonly number[], to: readonly number[]): void {
    const number = router * mergesPerRouter + kind;
    const existing = from.filter((fifo) => fifo !== none);
    sources.set(existing, number * mostSources);
    targets.set(to, number * mostTargets);
    for (const fifo of existing) reader[fifo] = number;
    for (const fifo of to) writer[fifo] = number;
  }
}
