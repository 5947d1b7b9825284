/** Reads value change dumps, for tests: what IEEE 1364-2005, clause 18, says of the signals that Plasticore writes. */

export interface Vcd {
  readonly timescale: string;
  /** By path, such as `program/core_0/fifo_level`. */
  readonly signals: ReadonlyMap<string, Signal>;
  /** The last moment. */
  readonly end: number;
}

export interface Signal {
  readonly type: string;
  /** Its values with the times from which they hold. */
  readonly changes: readonly { readonly time: number; readonly value: string }[];
}

export function readVcd(text: string): Vcd {
  const [head = '', body = ''] = text.split('$enddefinitions $end\n');
  const timescale = /\$timescale (.*?) \$end/.exec(head)?.[1] ?? '';
  const byId = new Map<string, { type: string; changes: { time: number; value: string }[] }>();
  const signals = new Map<string, Signal>();
  const scopes: string[] = [];
  for (const line of head.split('\n')) {
    const [keyword, ...rest] = line.split(' ');
    if (keyword === '$scope') scopes.push(rest[1] ?? '');
    if (keyword === '$upscope') scopes.pop();
    if (keyword !== '$var') continue;
    const [type = '', , id = '', name = ''] = rest;
    if (byId.has(id)) throw new Error(`two signals '${id}'`);
    const signal = { type, changes: [] };
    byId.set(id, signal);
    const path = [...scopes, name].join('/');
    if (signals.has(path)) throw new Error(`two signals ${path}`);
    signals.set(path, signal);
  }
  let time = Number.NaN;
  for (const line of body.split('\n')) {
    if (line === '' || line.startsWith('$')) continue;
    if (line.startsWith('#')) {
      const next = Number(line.slice(1));
      if (next <= time) throw new Error(`time goes back to ${next}`);
      time = next;
      continue;
    }
    const [, value = '', id = ''] = /^([01xz]|[br]\S+ )(\S+)$/.exec(line) ?? [];
    const signal = byId.get(id);
    if (signal === undefined) throw new Error(`no signal in '${line}'`);
    signal.changes.push({ time, value: value.trim() });
  }
  return { timescale, signals, end: time };
}

/** The last value of a number. */
export function lastNumber({ changes }: Signal): number {
  const value = changes.at(-1)?.value ?? '';
  return value.startsWith('b') ? Number.parseInt(value.slice(1), 2) : Number(value.slice(1));
}

/** How long a signal of one bit is 1. */
export function timeHigh({ changes }: Signal, end: number): number {
  return changes.reduce(
    (sum, { time, value }, index) => sum + (value === '1' ? (changes[index + 1]?.time ?? end) - time : 0),
    0,
  );
}
