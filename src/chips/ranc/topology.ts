/** The FIFOs of a router, by number. */
export const fifoNames = ['LE', 'LW', 'EE', 'EN', 'ES', 'WW', 'WN', 'WS', 'NN', 'NL', 'SS', 'SL'] as const;
type FifoName = (typeof fifoNames)[number];

export const fifosPerRouter = fifoNames.length;

const numberOf = Object.fromEntries(fifoNames.map((name, number) => [name, number])) as Readonly<
  Record<FifoName, number>
>;
export const { LE, LW, EE, EN, ES, WW, WN, WS, NN, NL, SS, SL } = numberOf;

/** The merges of a router, by number. */
const mergeNames = ['E', 'W', 'N', 'S', 'L'] as const;
export const mergesPerRouter = mergeNames.length;
const S = 3;
export const [E, W, N, L] = [0, 1, 2, 4];

/** Sources of a merge at most, and targets. */
export const mostSources = 3;
export const mostTargets = 3;

/** Marks that there is no further source or target, no reader and no writer. */
export const none = -1;

/** How the FIFOs and merges of a mesh are connected. The input FIFO comes after those of all routers. */
export interface Topology {
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
export function connect(columns: number, rows: number): Topology {
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
