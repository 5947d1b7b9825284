/** A value change dump of Icarus Verilog, read clock by clock: IEEE 1364-2005, clause 18. */
export class Dump {
  readonly #ids = new Map<string, string>();
  readonly #widths = new Map<string, number>();
  readonly #lines: readonly string[];

  constructor(text: string) {
    const [head = '', body = ''] = text.split('$enddefinitions $end');
    this.#lines = body.split('\n');
    const scopes: string[] = [];
    for (const line of head.split('\n')) {
      const [keyword, ...rest] = line.trim().split(/\s+/);
      if (keyword === '$scope') scopes.push(rest[1] ?? '');
      else if (keyword === '$upscope') scopes.pop();
      else if (keyword === '$var') {
        const [, width, id = '', name] = rest;
        this.#ids.set([...scopes, name].join('/'), id);
        this.#widths.set(id, Number(width));
      }
    }
  }

  /** Signals whose paths end so. */
  find(end: string): string {
    const found = [...this.#ids.keys()].filter((path) => `/${path}`.endsWith(`/${end}`));
    const ids = new Set(found.map((path) => this.#ids.get(path)));
    if (ids.size !== 1) throw new Error(`${ids.size} signals are called ${end}`);
    return found[0] ?? '';
  }

  /**
   * Visits each rising edge of a clock.
   *
   * @param edge is given the bits of a signal, highest first, as they stand before the edge; unknown ones are 0
   */
  walk(clock: string, edge: (bitsOf: (path: string) => string) => void): void {
    const now = new Map<string, string>();
    let changes: (readonly [string, string])[] = [];
    const id = this.#ids.get(clock) ?? '';
    const bitsOf = (path: string): string => {
      const known = this.#ids.get(path);
      if (known === undefined) throw new Error(`no signal ${path}`);
      // Zeros in front are left out.
      return (now.get(known) ?? '0').replace(/[xz]/g, '0').padStart(this.#widths.get(known) ?? 0, '0');
    };
    const settle = (): void => {
      const rises =
        changes.some(([changed, value]) => changed === id && value === '1') && now.get(id) === '0';
      if (rises) edge(bitsOf);
      for (const [changed, value] of changes) now.set(changed, value);
      changes = [];
    };
    for (const line of this.#lines) {
      if (line.startsWith('#')) settle();
      const [, bits, changed] = /^([01xz]|b[01xz]+ )(\S+)$/.exec(line) ?? [];
      if (bits !== undefined && changed !== undefined) changes.push([changed, bits.replace('b', '').trim()]);
    }
    settle();
  }
}

/** The differing places of two words, written in bits. */
export function differing(a: string, b: string): number {
  const bits = Math.max(a.length, b.length);
  const [first, second] = [a.padStart(bits, '0'), b.padStart(bits, '0')];
  return [...first].filter((bit, place) => bit !== second[place]).length;
}

/** A signed number in another width. */
export function extended(bits: string, width: number): string {
  return bits.padStart(width, bits[0] ?? '0').slice(-width);
}
