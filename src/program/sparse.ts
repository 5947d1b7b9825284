import { combine, firstAbove, hash32, streams } from '../random/index.ts';
import { wordAt } from '../text/index.ts';
import { programLimits } from './limits.ts';
import { type LocatedSpec, type ProgramArray, type ProgramArrays, refuse } from './program.ts';
import type { ConnectSpec } from './schema.ts';
import type { Segments } from './segments.ts';

type SparseSpec = Extract<ConnectSpec, { sparse: unknown }>['sparse'];

/** The keys of a sparse connection that name arrays, as they stand among those of a program. */
export const indexArrays = ['starts', 'targets'] as const;

export const indexArrayName = (projection: string, key: (typeof indexArrays)[number]): string =>
  `${projection}.connect.${key}`;

/**
 * The synapses of a sparse projection: for each neuron, blocks of neighbouring targets, in ascending order. Its weights
 * stand one after the other, row by row.
 *
 * @throws PlasticoreError if neurons have not so many targets, if there are too many or none, and for arrays that do
 * not list targets
 */
export function sparseSegments(
  program: LocatedSpec & { readonly arrays: ProgramArrays },
  name: string,
  spec: SparseSpec,
  pre: number,
  post: number,
): Segments {
  const path = ['projections', name, 'connect', 'sparse'];
  const fail = (key: readonly string[], message: string, hint?: string): never =>
    refuse(program, [...path, ...key], message, hint);
  const { fanOut, probability = 0, block } = spec;
  const blocks = Math.floor(post / block);
  if (blocks === 0) fail(['block'], `a block of ${block} neurons is more than '${name}' leads to: ${post}`);
  if (fanOut !== undefined && fanOut > blocks * block)
    fail(['fanOut'], `expected at most ${blocks * block}, found ${fanOut}`);
  const { starts, targets } = listed(program, name);
  const most = programLimits.segments;
  const expected = fanOut === undefined ? pre * blocks * probability : (pre * fanOut) / block;
  if (expected > most || (targets?.values.length ?? 0) > most)
    fail([], `'${name}' would have more than ${most} synapses, or blocks of them`, 'make blocks larger');
  const segments =
    starts === undefined || targets === undefined
      ? drawnSegments(spec, Object.keys(program.spec.projections).indexOf(name), pre, post)
      : listedSegments(starts, targets, pre, post, (key, message, hint) => fail([key], message, hint));
  if (segments.length.length === 0) fail([], `'${name}' has no synapse`);
  return segments;
}

function listed(
  { arrays }: { readonly arrays: ProgramArrays },
  name: string,
): { readonly [Key in (typeof indexArrays)[number]]: ProgramArray | undefined } {
  const [starts, targets] = indexArrays.map((key) => arrays.get(indexArrayName(name, key)));
  return { starts, targets };
}

function listedSegments(
  { values: starts }: ProgramArray,
  { values: targets }: ProgramArray,
  pre: number,
  post: number,
  fail: (key: (typeof indexArrays)[number], message: string, hint?: string) => never,
): Segments {
  if (starts.length !== pre + 1)
    fail('starts', `expected ${pre + 1} numbers, one for each neuron and the end, found ${starts.length}`);
  for (let row = 0; row <= pre; row++) {
    const least = row === 0 ? 0 : (starts[row - 1] ?? 0);
    const most = row === 0 ? 0 : targets.length;
    const start = starts[row] ?? Number.NaN;
    if (!(Number.isInteger(start) && start >= least && start <= most))
      fail('starts', `item ${row} is ${start}; expected a whole number from ${least} to ${most}`);
  }
  if (starts[pre] !== targets.length)
    fail('starts', `the last item is ${starts[pre]}, but there are ${targets.length} targets`);
  for (let row = 0; row < pre; row++) {
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at++) {
      const target = targets[at] ?? Number.NaN;
      if (!(Number.isInteger(target) && target >= 0 && target < post))
        fail('targets', `item ${at} is ${target}; expected a neuron from 0 to ${post - 1}`);
      if (at > (starts[row] ?? 0) && target < (targets[at - 1] ?? 0))
        fail(
          'targets',
          `item ${at} is ${target}, after ${targets[at - 1]}, in the list of neuron ${row}; expected ascending targets`,
          'sort the targets of each neuron, and its weights with them; sort_indices() in SciPy',
        );
    }
  }
  return segmentsOf(Uint32Array.from(starts), Uint32Array.from(targets), 1);
}

/** Targets drawn at random: whole blocks, each starting at a multiple of their length; no block twice in a row. */
function drawnSegments(rule: SparseSpec, projection: number, pre: number, post: number): Segments {
  const blocks = Math.floor(post / rule.block);
  const owner = hash32(rule.seed, streams.connection, projection);
  const rows = new RowList(pre);
  if (rule.fanOut !== undefined) {
    const count = rule.fanOut / rule.block;
    if (rule.equalFanIn) equalFanIn(rows, owner, pre, blocks, count);
    else {
      const taken = new Uint32Array(blocks);
      for (let row = 0; row < pre; row++)
        rows.add(sampled(combine(owner, row), blocks, count, taken, row + 1));
    }
  } else {
    const gaps = gapsOf(rule.probability ?? 0);
    for (let row = 0; row < pre; row++) rows.add(bernoulli(combine(owner, row), blocks, gaps));
  }
  return segmentsOf(rows.rowStart, rows.blocks, rule.block);
}

/** Segments of equal length whose weights follow one another, row by row. */
function segmentsOf(rowStart: Uint32Array, blocks: Uint32Array, block: number): Segments {
  return {
    rowStart,
    firstWeight: Uint32Array.from({ length: blocks.length }, (_, segment) => segment * block),
    firstPost: block === 1 ? blocks : blocks.map((number) => number * block),
    length: new Uint32Array(blocks.length).fill(block),
  };
}

/** Rows of blocks, one after the other. */
class RowList {
  readonly rowStart: Uint32Array;
  #blocks = new Uint32Array(1024);
  #rows = 0;
  #count = 0;

  constructor(rows: number) {
    this.rowStart = new Uint32Array(rows + 1);
  }

  add(blocks: Uint32Array): void {
    const count = this.#count + blocks.length;
    if (count > this.#blocks.length) {
      const larger = new Uint32Array(2 * count);
      larger.set(this.#blocks.subarray(0, this.#count));
      this.#blocks = larger;
    }
    this.#blocks.set(blocks, this.#count);
    this.#count = count;
    this.#rows += 1;
    this.rowStart[this.#rows] = count;
  }

  get blocks(): Uint32Array {
    return this.#blocks.slice(0, this.#count);
  }
}

/** `floor(u / 2^32 * bound)` of a word u. */
function below(bound: number, word: number): number {
  return Math.floor((word / 2 ** 32) * bound);
}

/**
 * So many of the numbers below `bound`, each once, all subsets equally likely (Floyd's algorithm).
 *
 * @param taken by number: the mark of the latest sample that it is in
 * @param mark of this sample
 */
function sampled(owner: number, bound: number, count: number, taken: Uint32Array, mark: number): Uint32Array {
  const sample = new Uint32Array(count);
  for (let last = bound - count, at = 0; last < bound; last++, at++) {
    const drawn = below(last + 1, combine(owner, last));
    const number = taken[drawn] === mark ? last : drawn;
    taken[number] = mark;
    sample[at] = number;
  }
  return sample.sort();
}

/**
 * Gives each row `count` different blocks, and all blocks the same number of rows, give or take one. Rows draw from
 * shuffled lists of all blocks, one list after another. A row passes over a block that it has already, which stays for
 * the next row.
 */
function equalFanIn(rows: RowList, owner: number, pre: number, blocks: number, count: number): void {
  let list: Uint32Array = new Uint32Array();
  let lists = 0;
  let next = 0;
  for (let row = 0; row < pre; row++) {
    const taken: number[] = [];
    while (taken.length < count) {
      if (next === list.length) {
        list = shuffled(combine(owner, lists), blocks);
        lists += 1;
        next = 0;
      }
      let place = next;
      while (taken.includes(wordAt(list, place))) place += 1;
      const block = wordAt(list, place);
      list[place] = wordAt(list, next);
      next += 1;
      taken.push(block);
    }
    rows.add(Uint32Array.from(taken).sort());
  }
}

/** The numbers below `count` in random order (Fisher-Yates, from the end). */
function shuffled(owner: number, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = below(last + 1, combine(owner, last));
    [order[last], order[other]] = [wordAt(order, other), wordAt(order, last)];
  }
  return order;
}

/** How many gaps are looked up; a longer one goes on after so many, since what has not happened leaves no trace. */
const mostGaps = 2 ** 16;

/** The chances, times 2^32, that a gap before the next success is at most 0, 1, 2 and so on: 1 - (1 - p)^(gap + 1). */
function gapsOf(probability: number): Float64Array {
  const gaps: number[] = [];
  let without = 1;
  while (gaps.length < mostGaps && (gaps.length === 0 || without * 2 ** 32 >= 1)) {
    without *= 1 - probability;
    gaps.push((1 - without) * 2 ** 32);
  }
  return Float64Array.from(gaps);
}

/** The numbers below `bound`, each with the probability that `gaps` are of. */
function bernoulli(owner: number, bound: number, gaps: Float64Array): Uint32Array {
  const found: number[] = [];
  for (let next = 0, draw = 0; ; draw++) {
    const word = combine(owner, draw);
    const gap = firstAbove(gaps, word);
    next += gap;
    if (next >= bound) return Uint32Array.from(found);
    if (gap === gaps.length) continue;
    found.push(next);
    next += 1;
  }
}
