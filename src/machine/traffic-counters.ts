import { directions, type Mesh } from '../hardware/index.ts';
import { addAt, numberAt, wordAt } from '../text/index.ts';

/**
 * The traffic of a network, by core, tile and link: in a step, or summed over many. Counting a packet takes constant
 * time, however long its route.
 */
export class TrafficCounters {
  readonly mesh: Mesh;
  /** Values of the getters below. */
  readonly #totals: Float64Array;
  /** By core. */
  readonly packetsSent: Float64Array;
  readonly packetsReceived: Float64Array;
  readonly eventsReceived: Float64Array;
  /** By destination: 4 x tile + direction, the hops in that direction of packets to that tile. */
  readonly hopsTo: Float64Array;
  /** Starts (+1) and ends (-1) of packets' runs along lines of tiles, by direction; running sums give link loads. */
  readonly #runs: readonly [Float64Array, Float64Array, Float64Array, Float64Array];

  /** All of them. While no packet is counted, all are zero. */
  readonly #all: Float64Array;

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
    this.#all = new Float64Array(buffer, 0, taken / 8);
  }

  static bytesFor({ cores, tiles, rows, columns }: Mesh): number {
    return 8 * (3 + 3 * cores + 4 * tiles + 2 * rows * (columns + 1) + 2 * columns * (rows + 1));
  }

  get packets(): number {
    return numberAt(this.#totals, 0);
  }

  get hops(): number {
    return numberAt(this.#totals, 1);
  }

  /** Synapse events: synapses that packets have reached. */
  get events(): number {
    return numberAt(this.#totals, 2);
  }

  clear(): void {
    if (this.packets > 0) this.#all.fill(0);
  }

  /**
   * Counts packets from one core to another.
   *
   * @param events synapse events of each
   * @returns the hops of each
   */
  count(source: number, destination: number, events: number, packets = 1): number {
    const { mesh, hopsTo } = this;
    const from = wordAt(mesh.tileOf, source);
    const to = wordAt(mesh.tileOf, destination);
    const totals = this.#totals;
    addAt(totals, 0, packets);
    addAt(totals, 2, packets * events);
    addAt(this.packetsSent, source, packets);
    addAt(this.packetsReceived, destination, packets);
    addAt(this.eventsReceived, destination, packets * events);
    if (from === to) return 0;
    const x = wordAt(mesh.x, from);
    const y = wordAt(mesh.y, from);
    const toX = wordAt(mesh.x, to);
    const toY = wordAt(mesh.y, to);
    const [east, west, south, north] = this.#runs;
    const line = y * (mesh.columns + 1);
    const column = toX * (mesh.rows + 1);
    let hops = 0;
    if (toX > x) {
      hops = toX - x;
      raise(east, packets, line + x + 1, line + toX + 1);
      addAt(hopsTo, 4 * to, packets * hops);
    } else if (toX < x) {
      hops = x - toX;
      raise(west, packets, line + toX, line + x);
      addAt(hopsTo, 4 * to + 1, packets * hops);
    }
    if (toY < y) {
      hops += y - toY;
      raise(south, packets, column + toY, column + y);
      addAt(hopsTo, 4 * to + 2, packets * (y - toY));
    } else if (toY > y) {
      hops += toY - y;
      raise(north, packets, column + y + 1, column + toY + 1);
      addAt(hopsTo, 4 * to + 3, packets * (toY - y));
    }
    addAt(totals, 1, packets * hops);
    return hops;
  }

  /**
   * Counts packets that fork on their way from one core to several: first along x, then along y in each column with a
   * destination. Each link is passed once.
   *
   * @param destinations each once, without the source
   */
  countTree(source: number, destinations: readonly number[], packets = 1): void {
    const { mesh } = this;
    const totals = this.#totals;
    addAt(totals, 0, packets);
    addAt(this.packetsSent, source, packets);
    const from = wordAt(mesh.tileOf, source);
    const [x, y] = [wordAt(mesh.x, from), wordAt(mesh.y, from)];
    let [least, most] = [x, x];
    /** By column: the northernmost and southernmost rows. */
    const rows = new Map<number, readonly [number, number]>();
    for (const destination of destinations) {
      addAt(this.packetsReceived, destination, packets);
      const to = wordAt(mesh.tileOf, destination);
      const [toX, toY] = [wordAt(mesh.x, to), wordAt(mesh.y, to)];
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
    addAt(this.hopsTo, place, hops);
    addAt(this.#totals, 1, hops);
  }

  /** Takes over the counts of the same mesh. */
  copy(from: TrafficCounters): void {
    this.#all.set(from.#all);
  }

  /** Adds the counts of a step to these. */
  add(step: TrafficCounters): void {
    if (step.packets === 0) return;
    for (let i = 0; i < this.#all.length; i++) this.#all[i] = numberAt(this.#all, i) + numberAt(step.#all, i);
  }

  /** Hops by direction, as `directions` lists them. */
  hopsByDirection(): readonly [number, number, number, number] {
    const sums: [number, number, number, number] = [0, 0, 0, 0];
    for (let tile = 0; tile < this.mesh.tiles; tile++) {
      sums[0] += numberAt(this.hopsTo, 4 * tile);
      sums[1] += numberAt(this.hopsTo, 4 * tile + 1);
      sums[2] += numberAt(this.hopsTo, 4 * tile + 2);
      sums[3] += numberAt(this.hopsTo, 4 * tile + 3);
    }
    return sums;
  }

  /**
   * Packets that have passed each link, by number of the link (see {@link Mesh}).
   *
   * @param earlier packets that are left out: counts that these had before
   * @param into room for the loads
   */
  loads(earlier?: TrafficCounters, into = new Float64Array(4 * this.mesh.tiles)): Float64Array {
    const { mesh } = this;
    const { columns, rows } = mesh;
    // From a tile to the next one along x, and along y.
    const alongX = mesh.tileAt(1, 0);
    const alongY = mesh.tileAt(0, 1);
    for (let direction = 0; direction < directions.length; direction++) {
      const [lines, nextLine, length, next] =
        direction < 2 ? [rows, alongY, columns, alongX] : [columns, alongX, rows, alongY];
      const runs = this.#runs[direction] ?? none;
      const before = earlier === undefined ? undefined : earlier.#runs[direction];
      for (let line = 0; line < lines; line++) {
        let load = 0;
        let link = 4 * nextLine * line + direction;
        for (let place = 0, at = line * (length + 1); place < length; place++, at++) {
          load += numberAt(runs, at) - (before === undefined ? 0 : numberAt(before, at));
          into[link] = load;
          link += 4 * next;
        }
      }
    }
    return into;
  }
}

const none = new Float64Array();

function raise(runs: Float64Array, packets: number, first: number, behind: number): void {
  addAt(runs, first, packets);
  addAt(runs, behind, -packets);
}
