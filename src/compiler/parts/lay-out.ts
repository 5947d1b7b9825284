import type { Mesh } from '../../hardware/index.ts';
import type { Placement } from '../../image/index.ts';
import { addAt, numberAt, wordAt } from '../../text/index.ts';
import { type Axons, host, spikeHops } from './axons.ts';
import { coresHolding } from './placement.ts';

/** The most looks at a connection between two cores: a bound on time that is the same on every computer. */
const mostLooks = 3e8;

/**
 * Decides which core of the mesh each core of a placement becomes, so that spikes make few hops if all neurons fire
 * equally often.
 *
 * Two starts, the cores as they are numbered and one that grows from the middle of the mesh, the best connected core
 * first; both improved by exchanging two cores until no exchange helps; the better one. Nothing is drawn: the same
 * placement has the same result.
 *
 * @param pinned numbers of the cores that stay where they are
 */
export function layOutParts(
  placement: Placement,
  axons: Axons,
  mesh: Mesh,
  pinned: ReadonlySet<number> = new Set(),
): Placement {
  const numbers = coresHolding(placement);
  const links = connections(numbers, axons);
  const isPinned = numbers.map((number) => pinned.has(number));
  const asNumbered = improve(Int32Array.from(numbers), links, mesh, isPinned);
  const grown = improve(grow(numbers, links, mesh, isPinned), links, mesh, isPinned);
  const numbering = (at: Int32Array) =>
    new Map(numbers.map((number, index) => [number, at[index] ?? number]));
  const hopsOf = (at: Int32Array): number => {
    const numberOf = numbering(at);
    return spikeHops(axons, (a, b) => mesh.hops(numberOf.get(a) ?? a, numberOf.get(b) ?? b)).hops;
  };
  const numberOf = numbering(hopsOf(grown) < hopsOf(asNumbered) ? grown : asNumbered);
  return Object.fromEntries(
    Object.entries(placement).map(([name, slices]) => [
      name,
      slices.map((slice) => ({ ...slice, core: numberOf.get(slice.core) ?? slice.core })),
    ]),
  );
}

/** Packets between a core and others, in both directions together. */
interface Links {
  readonly others: Int32Array;
  readonly packets: Float64Array;
}

function connections(numbers: readonly number[], axons: Axons): readonly Links[] {
  const indexOf = new Map(numbers.map((number, index) => [number, index]));
  const sums = numbers.map(() => new Map<number, number>());
  const add = (from: number, to: number, count: number): void => {
    sums[from]?.set(to, (sums[from]?.get(to) ?? 0) + count);
  };
  for (const [source, destinations] of axons) {
    const from = indexOf.get(source);
    if (source === host || from === undefined) continue;
    for (const [destination, count] of destinations) {
      const to = indexOf.get(destination);
      if (to === undefined || to === from) continue;
      add(from, to, count);
      add(to, from, count);
    }
  }
  return sums.map((own) => {
    const sorted = [...own].sort(([a], [b]) => a - b);
    return {
      others: Int32Array.from(sorted, ([other]) => other),
      packets: Float64Array.from(sorted, ([, count]) => count),
    };
  });
}

/** Hops of a core's packets if it were at a place, but for those of one other core. */
function hopsAt(
  place: number,
  { others, packets }: Links,
  at: Int32Array,
  mesh: Mesh,
  except: number,
): number {
  let hops = 0;
  for (let link = 0; link < others.length; link++) {
    const other = numberAt(others, link);
    const to = at[other] ?? -1;
    if (other !== except && to >= 0) hops += numberAt(packets, link) * mesh.hops(place, to);
  }
  return hops;
}

/** Places cores one by one, each where its packets to those that are placed make the fewest hops. */
function grow(
  numbers: readonly number[],
  links: readonly Links[],
  mesh: Mesh,
  isPinned: readonly boolean[],
): Int32Array {
  const looks = mesh.cores * links.reduce((sum, { others }) => sum + others.length, 0);
  if (looks > mostLooks) return Int32Array.from(numbers);
  const at = Int32Array.from(numbers, (number, index) => (isPinned[index] === true ? number : -1));
  const isFree = new Uint8Array(mesh.cores).fill(1);
  const total = links.map(({ packets }) => packets.reduce((sum, count) => sum + count, 0));
  const pull = new Float64Array(numbers.length);
  const settle = (index: number): void => {
    isFree[numberAt(at, index)] = 0;
    const { others, packets } = links[index] ?? { others: [], packets: [] };
    for (const [link, other] of others.entries()) addAt(pull, other, numberAt(packets, link));
  };
  for (const [index, place] of at.entries()) if (place >= 0) settle(index);
  for (;;) {
    const next = bestOf(numbers.length, (index) =>
      numberAt(at, index) >= 0 ? undefined : [-numberAt(pull, index), -numberAt(total, index)],
    );
    if (next < 0) return at;
    const own = links[next] ?? { others: new Int32Array(), packets: new Float64Array() };
    const isAlone = pull[next] === 0;
    at[next] = bestOf(mesh.cores, (core) => {
      if (isFree[core] === 0) return undefined;
      return [isAlone ? fromMiddle(core, mesh) : hopsAt(core, own, at, mesh, -1), 0];
    });
    settle(next);
  }
}

function fromMiddle(core: number, mesh: Mesh): number {
  const tile = wordAt(mesh.tileOf, core);
  const [x = 0, y = 0] = [mesh.x[tile], mesh.y[tile]];
  return Math.abs(2 * x - mesh.columns + 1) + Math.abs(2 * y - mesh.rows + 1);
}

/** The first index with the least score; -1 if none has one. */
function bestOf(count: number, scoreOf: (index: number) => readonly [number, number] | undefined): number {
  let best = -1;
  let least: readonly [number, number] = [0, 0];
  for (let index = 0; index < count; index++) {
    const score = scoreOf(index);
    if (score === undefined) continue;
    const isLess = score[0] < least[0] || (score[0] === least[0] && score[1] < least[1]);
    if (best < 0 || isLess) [best, least] = [index, score];
  }
  return best;
}

/** Exchanges two cores, or moves one to a free place, as long as that saves hops. */
function improve(
  start: Int32Array,
  links: readonly Links[],
  mesh: Mesh,
  isPinned: readonly boolean[],
): Int32Array {
  const at = start.slice();
  const heldBy = new Int32Array(mesh.cores).fill(-1);
  for (const [index, place] of at.entries()) heldBy[place] = index;
  const none: Links = { others: new Int32Array(), packets: new Float64Array() };
  let looks = 0;
  for (let isBetter = true; isBetter; ) {
    isBetter = false;
    for (const [index, own] of links.entries()) {
      if (isPinned[index] === true || own.others.length === 0) continue;
      const from = numberAt(at, index);
      const saving = (place: number): number => {
        const other = heldBy[place] ?? -1;
        if (isPinned[other] === true || mesh.tileOf[place] === mesh.tileOf[from]) return 0;
        const others = links[other] ?? none;
        looks += 2 * (own.others.length + others.others.length);
        const before = hopsAt(from, own, at, mesh, other) + hopsAt(place, others, at, mesh, index);
        return before - hopsAt(place, own, at, mesh, other) - hopsAt(from, others, at, mesh, index);
      };
      const place = bestOf(mesh.cores, (core) => [-saving(core), 0]);
      if (saving(place) > 0) {
        const other = heldBy[place] ?? -1;
        at[index] = place;
        if (other >= 0) at[other] = from;
        heldBy[place] = index;
        heldBy[from] = other;
        isBetter = true;
      }
      if (looks > mostLooks) return at;
    }
  }
  return at;
}
