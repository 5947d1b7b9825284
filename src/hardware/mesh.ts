import type { MeshShape } from './chip-model.ts';

/** The directions of a hop. East is towards larger x, north towards larger y. */
export const directions = ['east', 'west', 'south', 'north'] as const;
export type Direction = (typeof directions)[number];

/** The mesh of a chip that has one core. */
const singleCore: MeshShape = { columns: 1, rows: 1, coresPerTile: 1, numbering: 'by-column' };

/** The numbers of a chip's cores: one that stood in the tile of the output bus is left out. */
export function coreNumbers(shape: MeshShape): readonly number[] {
  const { columns, rows, coresPerTile, outputBus } = shape;
  const numbers = Array.from({ length: columns * rows * coresPerTile }, (_, number) => number);
  if (outputBus === undefined) return numbers;
  const mesh = new Mesh(shape);
  const bus = mesh.tileAt(outputBus.x, outputBus.y);
  return numbers.filter((number) => mesh.tileOf[number] !== bus);
}

/**
 * Where the cores of a chip are. Core c is in tile c div `coresPerTile`; the shape says which tile is where.
 *
 * A packet goes along x first, then along y. A link is named by the tile that it leads to and the direction of the hop:
 * number 4 x tile + index in {@link directions}.
 */
export class Mesh {
  readonly columns: number;
  readonly rows: number;
  readonly coresPerTile: number;
  readonly tiles: number;
  readonly cores: number;
  /** By tile. */
  readonly x: Uint16Array;
  readonly y: Uint16Array;
  /** By core. */
  readonly tileOf: Uint16Array;
  /** From a tile to the next one along x, and along y. */
  readonly #alongX: number;
  readonly #alongY: number;

  constructor({ columns, rows, coresPerTile, numbering }: MeshShape = singleCore) {
    this.columns = columns;
    this.rows = rows;
    this.coresPerTile = coresPerTile;
    this.tiles = columns * rows;
    this.cores = this.tiles * coresPerTile;
    this.#alongX = numbering === 'by-column' ? rows : 1;
    this.#alongY = numbering === 'by-column' ? 1 : columns;
    const place = numbering === 'by-column' ? rows : columns;
    const major = Uint16Array.from({ length: this.tiles }, (_, tile) => Math.floor(tile / place));
    const minor = Uint16Array.from({ length: this.tiles }, (_, tile) => tile % place);
    this.x = numbering === 'by-column' ? major : minor;
    this.y = numbering === 'by-column' ? minor : major;
    this.tileOf = Uint16Array.from({ length: this.cores }, (_, core) => Math.floor(core / coresPerTile));
  }

  /** The tile at a place of the mesh. */
  tileAt(x: number, y: number): number {
    return x * this.#alongX + y * this.#alongY;
  }

  /** Hops between the tiles of two cores; 0 within a tile. */
  hops(source: number, destination: number): number {
    const from = this.tileOf[source] ?? 0;
    const to = this.tileOf[destination] ?? 0;
    return (
      Math.abs((this.x[to] ?? 0) - (this.x[from] ?? 0)) + Math.abs((this.y[to] ?? 0) - (this.y[from] ?? 0))
    );
  }

  /**
   * Writes the links on the way between two cores into a list, in order.
   *
   * @param links room for at least as many links as there are hops
   * @returns the number of hops
   */
  route(source: number, destination: number, links: Int32Array): number {
    const from = this.tileOf[source] ?? 0;
    const to = this.tileOf[destination] ?? 0;
    let x = this.x[from] ?? 0;
    let y = this.y[from] ?? 0;
    const toX = this.x[to] ?? 0;
    const toY = this.y[to] ?? 0;
    let hops = 0;
    while (x < toX) links[hops++] = 4 * this.tileAt(++x, y);
    while (x > toX) links[hops++] = 4 * this.tileAt(--x, y) + 1;
    while (y > toY) links[hops++] = 4 * this.tileAt(x, --y) + 2;
    while (y < toY) links[hops++] = 4 * this.tileAt(x, ++y) + 3;
    return hops;
  }

  /** The most hops that a packet takes. */
  get longest(): number {
    return this.columns + this.rows - 2;
  }
}
