import { literal, vector } from './text.ts';

/** Lanes that ask for room, how many of them are below each, and how much room there is. */
interface Room {
  /** The names of what is declared begin with it. */
  readonly name: string;
  /** The vector of lanes that ask. */
  readonly asking: string;
  readonly lanes: number;
  /** The number of lanes that ask below a lane, and of all of them. */
  readonly below: (lane: number) => string;
  readonly number: string;
  /** How many find room, in so many bits. */
  readonly room: string;
  readonly bits: number;
  /** Whether more ask than find room, where that is told sooner than by comparing both numbers. */
  readonly overflows?: string;
}

/**
 * Declares `NAME_kept`, the lowest lanes that find room, `NAME_spikes`, how many these are, and `NAME_overflows`,
 * whether others are left. Each lane compares the number of lanes below it with the room: no lane waits for the one
 * before.
 */
export function roomText({ name, asking, lanes, below, number, room, bits, overflows }: Room): string[] {
  return [
    `wire ${vector(lanes)} ${name}_kept;`,
    ...Array.from(
      { length: lanes },
      (_, lane) => `assign ${name}_kept[${lane}] = ${asking}[${lane}] & ${below(lane)} < ${room};`,
    ),
    `wire ${name}_overflows = ${overflows ?? `${number} > ${room}`};`,
    `wire ${vector(bits)} ${name}_spikes = ${name}_overflows ? ${room} : ${number};`,
  ];
}

/** Lanes are counted in groups of so many, since a lookup table counts four bits. */
const groupLanes = 4;

/** Declares `NAME_below_LANE` and `NAME_number`, in so many bits: a cycle after the vector whose lanes they count. */
export function countText(name: string, vectorName: string, lanes: number, bits: number): string[] {
  const lines: string[] = [];
  const counts: (readonly [what: string, text: string])[] = [];
  let start: string[] = [];
  for (let first = 0; first < lanes; first += groupLanes) {
    const names = Array.from(
      { length: Math.min(groupLanes, lanes - first) },
      (_, lane) => `${vectorName}[${first + lane}]`,
    );
    for (const lane of names.keys())
      counts.push([
        `below_${first + lane}`,
        [...start, `${bits}'(${onesOf(names.slice(0, lane))})`].join(' + '),
      ]);
    const end = `${name}_to_${first + names.length - 1}`;
    lines.push(`wire ${vector(bits)} ${end} = ${[...start, `${bits}'(${onesOf(names)})`].join(' + ')};`);
    start = [end];
  }
  counts.push(['number', start[0] ?? literal(0, bits)]);
  return [
    ...lines,
    `reg ${vector(bits)} ${counts.map(([what]) => `${name}_${what}`).join(', ')};`,
    'always @(posedge clk) begin',
    ...counts.map(([what, text]) => `  ${name}_${what} <= ${text};`),
    'end',
  ];
}

/** How many of up to four bits are set, each of its three bits a function of them. */
function onesOf(names: readonly string[]): string {
  const [a = "1'b0", b = "1'b0", c = "1'b0", d = "1'b0"] = names;
  const all = `(${a} & ${b} & ${c} & ${d})`;
  const two = `((${a} & ${b}) | (${c} & ${d}) | ((${a} | ${b}) & (${c} | ${d})))`;
  return `{${all}, ${two} & ~${all}, ${a} ^ ${b} ^ ${c} ^ ${d}}`;
}
