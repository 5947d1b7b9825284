import type { Mesh } from '../hardware/index.ts';

/**
 * What a network has carried, by core, tile and link: in a step, or in many added up. A packet is counted in constant
 * time, whatever its way.
 */
export class TrafficCounters {
  readonly mesh: Mesh;
  /** What the getters below return. */
  readonly #totals: Float64Array;
  /** By core. */
  readonly packetsSent: Float64Array;
  readonly packetsReceived: Float64Array;
  readonly eventsReceived: Float64Array;
  /** By destination: 4 x tile + direction, the hops in that direction of packets to that tile. */
  readonly hopsTo: Float64Array;
  /**
   * Where runs of packets along a line of tiles begin (+1) and end (-1), by direction. The loads of links are their
   * running sums.
   */
  readonly #runs: readonly [Float64Array, Float64Array, Float64Array, Float64Array];

  /** All of them. While no packet is counted, all are zero. */
  readonly #arrays: readonly Float64Array[];

  /** @param buffer of {@link TrafficCounters.bytesFor} bytes, where the counts are; default: one of their own */
  constructor(mesh: Mesh, buffer: ArrayBufferLike = new ArrayBuffer(TrafficCounters.bytesFor(mesh))) {
    this.mesh = mesh;
    let taken = 0;
    const take = (length: number): Float64Array => {
      const counts = new Float64Array(buffer, taken, length);
      taken += counts.byteLength;
      return counts;
    };
    const alongX = mesh.rows * (mesh.columns + 1);
    const alongY = mesh.columns * (mesh.rows + 1);
    this.#totals = take(3);
    this.packetsSent = take(mesh.cores);
    this.packetsReceived = take(mesh.cores);
    this.eventsReceived = take(mesh.cores);
    this.hopsTo = take(4 * mesh.tiles);
    this.#runs = [take(alongX), take(alongX), take(alongY), take(alongY)];
    this.#arrays = [
      this.#totals,
      this.packetsSent,
      this.packetsReceived,
      this.eventsReceived,
      this.hopsTo,
      ...this.#runs,
    ];
  }

  static bytesFor({ cores, tiles, rows, columns }: Mesh): number {
    return 8 * (3 + 3 * cores + 4 * tiles + 2 * rows * (columns + 1) + 2 * columns * (rows + 1));
  }

  get packets(): number {
    return this.#totals[0] ?? 0;
  }

  get hops(): number {
    return this.#totals[1] ?? 0;
  }

  /** Synapse events: synapses that packets have reached. */
  get events(): number {
    return this.#totals[2] ?? 0;
  }

  clear(): void {
    if (this.packets === 0) return;
    for (const counts of this.#arrays) setZero(counts);
  }

  /**
   * Counts packets from one core to another.
   *
   * @param events synapse events of each
   * @returns the hops of each
   */
  count(source: number, destination: number, events: number, packets = 1): number {
    const { mesh, hopsTo } = this;
    const from = mesh.tileOf[source] ?? 0;
    const to = mesh.tileOf[destination] ?? 0;
    const totals = this.#totals;
    totals[0] = (totals[0] ?? 0) + packets;
    totals[2] = (totals[2] ?? 0) + packets * events;
    this.packetsSent[source] = (this.packetsSent[source] ?? 0) + packets;
    this.packetsReceived[destination] = (this.packetsReceived[destination] ?? 0) + packets;
    this.eventsReceived[destination] = (this.eventsReceived[destination] ?? 0) + packets * events;
    if (from === to) return 0;
    const x = mesh.x[from] ?? 0;
    const y = mesh.y[from] ?? 0;
    const toX = mesh.x[to] ?? 0;
    const toY = mesh.y[to] ?? 0;
    const [east, west, south, north] = this.#runs;
    const line = y * (mesh.columns + 1);
    const column = toX * (mesh.rows + 1);
    let hops = 0;
    if (toX > x) {
      hops = toX - x;
      raise(east, packets, line + x + 1, line + toX + 1);
      hopsTo[4 * to] = (hopsTo[4 * to] ?? 0) + packets * hops;
    } else if (toX < x) {
      hops = x - toX;
      raise(west, packets, line + toX, line + x);
      hopsTo[4 * to + 1] = (hopsTo[4 * to + 1] ?? 0) + packets * hops;
    }
    if (toY < y) {
      hops += y - toY;
      raise(south, packets, column + toY, column + y);
      hopsTo[4 * to + 2] = (hopsTo[4 * to + 2] ?? 0) + packets * (y - toY);
    } else if (toY > y) {
      hops += toY - y;
      raise(north, packets, column + y + 1, column + toY + 1);
      hopsTo[4 * to + 3] = (hopsTo[4 * to + 3] ?? 0) + packets * (toY - y);
    }
    totals[1] = (totals[1] ?? 0) + packets * hops;
    return hops;
  }

  /**
   * Counts packets that fork on their way from one core to several: along x first, then along y in each column where a
   * destination is. Each link is passed once.
   *
   * @param destinations each once, without the source
   */
  countTree(source: number, destinations: readonly number[], packets = 1): void {
    const { mesh } = this;
    const totals = this.#totals;
    totals[0] = (totals[0] ?? 0) + packets;
    this.packetsSent[source] = (this.packetsSent[source] ?? 0) + packets;
    const from = mesh.tileOf[source] ?? 0;
    const [x, y] = [mesh.x[from] ?? 0, mesh.y[from] ?? 0];
    let [least, most] = [x, x];
    /** By column: the southernmost and the northernmost row. */
    const rows = new Map<number, readonly [number, number]>();
    for (const destination of destinations) {
      this.packetsReceived[destination] = (this.packetsReceived[destination] ?? 0) + packets;
      const to = mesh.tileOf[destination] ?? 0;
      const [toX, toY] = [mesh.x[to] ?? 0, mesh.y[to] ?? 0];
      least = Math.min(least, toX);
      most = Math.max(most, toX);
      const [south, north] = rows.get(toX) ?? [y, y];
      rows.set(toX, [Math.min(south, toY), Math.max(north, toY)]);
    }
    const [east, west, south, north] = this.#runs;
    const line = y * (mesh.columns + 1);
    this.#run(east, 0, most, y, packets, line + x + 1, line + most + 1);
    this.#run(west, 1, least, y, packets, line + least, line + x);
    for (const [at, [low, high]] of rows) {
      const column = at * (mesh.rows + 1);
      this.#run(south, 2, at, low, packets, column + low, column + y);
      this.#run(north, 3, at, high, packets, column + y + 1, column + high + 1);
    }
  }

  /** Counts a run of packets along a line, in a direction, up to the tile at (x, y). */
  #run(
    runs: Float64Array,
    direction: number,
    x: number,
    y: number,
    packets: number,
    first: number,
    behind: number,
  ): void {
    if (behind === first) return;
    raise(runs, packets, first, behind);
    const place = 4 * this.mesh.tileAt(x, y) + direction;
    const hops = packets * (behind - first);
    this.hopsTo[place] = (this.hopsTo[place] ?? 0) + hops;
    this.#totals[1] = (this.#totals[1] ?? 0) + hops;
  }

  /** Adds the counts of a step to these. */
  add(step: TrafficCounters): void {
    if (step.packets === 0) return;
    for (let index = 0; index < this.#arrays.length; index++)
      addTo(this.#arrays[index] ?? none, step.#arrays[index] ?? none);
  }

  /** Hops by direction, as `directions` lists them. */
  hopsByDirection(): readonly [number, number, number, number] {
    const sums: [number, number, number, number] = [0, 0, 0, 0];
    for (let tile = 0; tile < this.mesh.tiles; tile++) {
      sums[0] += this.hopsTo[4 * tile] ?? 0;
      sums[1] += this.hopsTo[4 * tile + 1] ?? 0;
      sums[2] += this.hopsTo[4 * tile + 2] ?? 0;
      sums[3] += this.hopsTo[4 * tile + 3] ?? 0;
    }
    return sums;
  }

  /** Packets that have passed each link, by number of the link (see {@link Mesh}), written into a list. */
  loads(into: Float64Array = new Float64Array(4 * this.mesh.tiles)): Float64Array {
    const { mesh } = this;
    const [east, west, south, north] = this.#runs;
    for (let y = 0; y < mesh.rows; y++) {
      let eastward = 0;
      let westward = 0;
      for (let x = 0, at = y * (mesh.columns + 1); x < mesh.columns; x++, at++) {
        eastward += east[at] ?? 0;
        westward += west[at] ?? 0;
        const tile = mesh.tileAt(x, y);
        into[4 * tile] = eastward;
        into[4 * tile + 1] = westward;
      }
    }
    for (let x = 0; x < mesh.columns; x++) {
      let southward = 0;
      let northward = 0;
      for (let y = 0, at = x * (mesh.rows + 1); y < mesh.rows; y++, at++) {
        southward += south[at] ?? 0;
        northward += north[at] ?? 0;
        const tile = mesh.tileAt(x, y);
        into[4 * tile + 2] = southward;
        into[4 * tile + 3] = northward;
      }
    }
    return into;
  }
}

function raise(runs: Float64Array, packets: number, first: number, behind: number): void {
  runs[first] = (runs[first] ?? 0) + packets;
  runs[behind] = (runs[behind] ?? 0) - packets;
}

const none = new Float64Array();

/** For the short lists of a mesh, faster than `fill`. */
export function setZero(counts: Float64Array): void {
  for (let i = 0; i < counts.length; i++) counts[i] = 0;
}

function addTo(sums: Float64Array, counts: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (counts[i] ?? 0);
}
