import type { RancConfig, Word } from './ranc-format.ts';

export const fifoNames = ['LE', 'LW', 'EE', 'EN', 'ES', 'WW', 'WN', 'WS', 'NN', 'NL', 'SS', 'SL'] as const;
type FifoName = (typeof fifoNames)[number];

class Fifo {
  readonly words: Word[] = [];
  readonly depth: number;
  most = 0;
  writes = 0;
  /** Its level before the current rising edge. */
  before = 0;

  constructor(depth: number) {
    this.depth = depth;
  }

  write(word: Word): void {
    this.words.push(word);
    this.writes += 1;
  }
}

interface Merge {
  readonly sources: readonly Fifo[];
  readonly targets: readonly Fifo[];
  /** Where a word goes, and the word that arrives there; nowhere if it leaves the mesh. */
  route(word: Word): readonly [Fifo, Word] | undefined;
  request: Fifo | undefined;
  /** What the requested source has put out. */
  taken: Word | undefined;
  presented: Word | undefined;
}

type Router = Readonly<Record<FifoName, Fifo>>;

/** What a rising edge of the mesh did. */
export interface MeshEdge {
  readonly hops: (readonly [router: number, fifo: number, word: Word])[];
  readonly deliveries: (readonly [router: number, word: Word])[];
}

/** The routers of RANC: every merge at every edge (../ranc.md, section 5). */
export class PlainMesh {
  readonly input: Fifo;
  readonly routers: readonly Router[];
  readonly #merges: readonly { readonly router: number; readonly merge: Merge }[];
  readonly #all: readonly { readonly router: number; readonly number: number; readonly fifo: Fifo }[];

  constructor({ grid, fifo_depth, input_fifo_depth, dx_width }: RancConfig) {
    const [columns, rows] = grid;
    this.input = new Fifo(input_fifo_depth);
    this.routers = Array.from(
      { length: columns * rows },
      () => Object.fromEntries(fifoNames.map((name) => [name, new Fifo(fifo_depth)])) as Router,
    );
    this.#all = this.routers.flatMap((router, index) =>
      fifoNames.map((name, number) => ({ router: index, number, fifo: router[name] })),
    );
    const range = 2 ** dx_width;
    const less = (dx: number): number => (dx - 1 < -range / 2 ? dx - 1 + range : dx - 1);
    this.#merges = this.routers.flatMap((r, index) => {
      const [x, y] = [index % columns, Math.floor(index / columns)];
      const at = (column: number, row: number): Router | undefined =>
        column >= 0 && column < columns && row >= 0 && row < rows
          ? this.routers[column + row * columns]
          : undefined;
      const merge = (
        sources: readonly (Fifo | undefined)[],
        targets: readonly Fifo[],
        route: Merge['route'],
      ) => ({
        router: index,
        merge: {
          sources: sources.filter((source) => source !== undefined),
          targets,
          route,
          request: undefined,
          taken: undefined,
          presented: undefined,
        },
      });
      return [
        merge([index === 0 ? this.input : at(x - 1, y)?.EE, r.LE], [r.EE, r.EN, r.ES], ([dx, dy, ...rest]) =>
          dx !== 0 ? [r.EE, [less(dx), dy, ...rest]] : [dy >= 0 ? r.EN : r.ES, [0, dy, ...rest]],
        ),
        merge([at(x + 1, y)?.WW, r.LW], [r.WW, r.WN, r.WS], ([dx, dy, ...rest]) =>
          dx !== 0 ? [r.WW, [dx + 1, dy, ...rest]] : [dy >= 0 ? r.WN : r.WS, [0, dy, ...rest]],
        ),
        merge([at(x, y - 1)?.NN, r.EN, r.WN], [r.NN, r.NL], ([dx, dy, ...rest]) =>
          dy !== 0 ? [r.NN, [dx, dy - 1, ...rest]] : [r.NL, [dx, dy, ...rest]],
        ),
        merge([at(x, y + 1)?.SS, r.ES, r.WS], [r.SS, r.SL], ([dx, dy, ...rest]) =>
          dy !== 0 ? [r.SS, [dx, dy + 1, ...rest]] : [r.SL, [dx, dy, ...rest]],
        ),
        merge([r.NL, r.SL], [], () => undefined),
      ];
    });
  }

  /** Notes the levels before a rising edge. */
  before(): void {
    this.input.before = this.input.words.length;
    for (const { fifo } of this.#all) fifo.before = fifo.words.length;
  }

  isFull(router: number): boolean {
    const { LE, LW } = this.routers[router] ?? {};
    return LE?.before === LE?.depth || LW?.before === LW?.depth;
  }

  /** A rising edge. `spikes`: packets of cores, by router; `packet`: one from outside that fits. */
  rise(spikes: ReadonlyMap<number, Word>, packet: Word | undefined): MeshEdge {
    const deliveries: MeshEdge['deliveries'] = [];
    const written: (readonly [Fifo, Word])[] = [];
    for (const { router, merge } of this.#merges) {
      if (merge.request !== undefined) {
        merge.taken = merge.request.words.shift();
      }
      if (merge.presented === undefined) continue;
      const target = merge.route(merge.presented);
      if (target === undefined) deliveries.push([router, merge.presented]);
      else if (target[0].before < target[0].depth) written.push(target);
    }
    for (const [router, word] of spikes) {
      const { LE, LW } = this.routers[router] ?? {};
      const local = word[0] < 0 ? LW : LE;
      if (local !== undefined) written.push([local, word]);
    }
    for (const [fifo, word] of written) fifo.write(word);
    if (packet !== undefined) this.input.write(packet);
    this.input.most = Math.max(this.input.most, this.input.words.length);
    const hops: MeshEdge['hops'] = [];
    if (written.length > 0) {
      const words = new Map(written);
      for (const { router, number, fifo } of this.#all) {
        const word = words.get(fifo);
        if (word === undefined) continue;
        fifo.most = Math.max(fifo.most, fifo.words.length);
        hops.push([router, number, word]);
      }
    }
    return { hops, deliveries };
  }

  /** The falling edge of the same cycle. */
  fall(): void {
    for (const { merge } of this.#merges) {
      if (merge.targets.some(({ words, depth }) => words.length === depth)) continue;
      if (merge.request !== undefined) {
        merge.presented = merge.taken;
        merge.request = undefined;
      } else {
        merge.presented = undefined;
        merge.request = merge.sources.find(({ words }) => words.length > 0);
      }
    }
  }
}
