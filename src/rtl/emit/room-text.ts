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
  /** Whether lanes are told up to the first one that is left. */
  readonly tells: boolean;
}

/**
 * Declares `NAME_kept`, the lowest lanes that find room, `NAME_spikes`, how many these are, and `NAME_overflows`,
 * whether others are left; `NAME_told`, if asked for, has the first of those too. Each lane compares the number of
 * lanes below it with the room: no lane waits for the one before.
 */
export function roomText({ name, asking, lanes, below, number, room, bits, tells }: Room): string[] {
  const declared = (what: string, compares: string): string[] => [
    `wire ${vector(lanes)} ${name}_${what};`,
    ...Array.from(
      { length: lanes },
      (_, lane) =>
        `assign ${name}_${what}[${lane}] = ${asking}[${lane}] & ${below(lane)} ${compares} ${room};`,
    ),
  ];
  return [
    ...declared('kept', '<'),
    ...(tells ? declared('told', '<=') : []),
    `wire ${name}_overflows = ${number} > ${room};`,
    `wire ${vector(bits)} ${name}_spikes = ${name}_overflows ? ${room} : ${number};`,
  ];
}

/** Lanes are counted in groups of so many, since a lookup table counts four bits. */
const groupLanes = 4;

/** Declares `NAME_below_LANE` and `NAME_number`, in so many bits: a cycle after the vector whose lanes they count. */
export function countText(name: string, vectorName: string, lanes: number, bits: number): string[] {
  const lines: string[] = [];
  const counts: (readonly [what: string, text: string])[] = [];
  const groups: string[] = [];
  for (let first = 0; first < lanes; first += groupLanes) {
    const names = Array.from(
      { length: Math.min(groupLanes, lanes - first) },
      (_, lane) => `${vectorName}[${first + lane}]`,
    );
    for (const lane of names.keys())
      counts.push([
        `below_${first + lane}`,
        sumOf([...groups, ...(lane === 0 ? [] : [`${bits}'(${onesOf(names.slice(0, lane))})`])], bits),
      ]);
    const group = `${name}_from_${first}`;
    lines.push(`wire ${vector(bits)} ${group} = ${bits}'(${onesOf(names)});`);
    groups.push(group);
  }
  counts.push(['number', sumOf(groups, bits)]);
  return [
    ...lines,
    `reg ${vector(bits)} ${counts.map(([what]) => `${name}_${what}`).join(', ')};`,
    'always @(posedge clk) begin',
    ...counts.map(([what, text]) => `  ${name}_${what} <= ${text};`),
    'end',
  ];
}

/** A sum in so many bits, of halves: no adder waits for all others. */
function sumOf(terms: readonly string[], bits: number): string {
  const [first = literal(0, bits)] = terms;
  if (terms.length < 2) return first;
  const half = 2 ** (Math.ceil(Math.log2(terms.length)) - 1);
  const parts = [terms.slice(0, half), terms.slice(half)].map((part) => sumOf(part, bits));
  return `(${parts.join(' + ')})`;
}

/** How many of up to four bits are set, each of its three bits a function of them. */
function onesOf(names: readonly string[]): string {
  const [a = "1'b0", b = "1'b0", c = "1'b0", d = "1'b0"] = names;
  const all = `(${a} & ${b} & ${c} & ${d})`;
  const two = `((${a} & ${b}) | (${c} & ${d}) | ((${a} | ${b}) & (${c} | ${d})))`;
  return `{${all}, ${two} & ~${all}, ${a} ^ ${b} ^ ${c} ^ ${d}}`;
}
