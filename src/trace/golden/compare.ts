import {
  countsMismatch,
  type Divergence,
  divergence,
  firstDifference,
  type NamedCounts,
  numberMismatch,
  wordsOfBanks,
} from '../../golden/index.ts';
import { fifoCounterNames } from '../../image/index.ts';
import type { CoreTrace, FieldValues, TraceSampleExpected } from './core-trace.ts';

/** The expected or found behaviour, in the form of the trace. */
type Outcome = CoreTrace['expected'];

/**
 * Compares a recording with the expectations of a trace, in time order: the initial fields; each step's spikes, cycles
 * and fields; the fields after each sample; the counters. Anything that the trace does not state is not compared.
 *
 * @param found the recording of `recordTrace` for the same samples, with everything that the trace states
 */
export function firstDivergence(trace: CoreTrace, found: Outcome): Divergence | undefined {
  return new Comparison(trace, found).first();
}

class Comparison {
  readonly #trace: CoreTrace;
  readonly #found: Outcome;
  /** The values of the fields at the point that the comparison has reached. */
  readonly #expectedNow = new Map<string, readonly number[]>();
  readonly #foundNow = new Map<string, readonly number[]>();

  constructor(trace: CoreTrace, found: Outcome) {
    this.#trace = trace;
    this.#found = found;
  }

  first(): Divergence | undefined {
    const { expected, samples } = this.#trace;
    const initial = this.#fields('before the first sample', expected.initial, this.#found.initial);
    if (initial !== undefined) return initial;
    for (const [index, sample] of samples.entries()) {
      const want = expected.samples[index];
      const have = this.#found.samples[index];
      if (want === undefined || have === undefined) throw new Error(`sample ${index} is missing`);
      const name = `sample ${index} (class ${sample.host.label}, ${sample.learn ? 'learning' : 'testing'})`;
      const different = this.#sample(name, sample.inputs.length, want, have);
      if (different !== undefined) return different;
    }
    return this.#counters();
  }

  /** @param steps of one presentation */
  #sample(
    sample: string,
    steps: number,
    want: TraceSampleExpected,
    have: TraceSampleExpected,
  ): Divergence | undefined {
    const presented = (times: boolean | undefined): string => (times === true ? 'twice' : 'once');
    const [wanted, found] = [presented(want.replayed), presented(have.replayed)];
    for (let step = 0; step < (want.replayed === true ? 2 : 1) * steps; step++) {
      const isSecond = step >= steps;
      if (step === steps && wanted !== found) break;
      const when = `${sample}, step ${step % steps}${isSecond ? ' of the second presentation' : ''}`;
      const different = this.#step(when, step, want, have);
      if (different !== undefined) return different;
    }
    const after = `after ${sample}`;
    if (wanted !== found) return divergence(after, { what: 'presentations', expected: wanted, found });
    const answer = numberMismatch('answer', want.answer, have.answer ?? Number.NaN);
    return this.#fields(after, want.fields, have.fields) ?? (answer && divergence(after, answer));
  }

  #step(
    when: string,
    step: number,
    want: TraceSampleExpected,
    have: TraceSampleExpected,
  ): Divergence | undefined {
    for (const [population, spikes] of Object.entries(want.spikes)) {
      const [wanted, found] = [spikes[step] ?? [], have.spikes[population]?.[step] ?? []];
      const different =
        itemDivergence(when, `spikes of ${population}`, spikeAt, wanted, found) ??
        itemDivergence(
          when,
          `what spikes of ${population} carry`,
          numberAt,
          want.values?.[population]?.[step] ?? [],
          (want.values && have.values?.[population]?.[step]) ?? [],
        );
      if (different !== undefined) return different;
    }
    const cycles = numberMismatch(
      'cycles of the step',
      want.cycles?.[step],
      have.cycles?.[step] ?? Number.NaN,
    );
    if (cycles !== undefined) return divergence(when, cycles);
    const values = want.steps?.[step];
    return values && this.#fields(when, values, have.steps?.[step] ?? {});
  }

  #fields(when: string, want: FieldValues, have: FieldValues): Divergence | undefined {
    for (const { name } of this.#trace.fields) {
      // Neither has changed since the last comparison.
      if (want[name] === undefined && have[name] === undefined) continue;
      const expected = want[name] ?? this.#expectedNow.get(name);
      const found = have[name] ?? this.#foundNow.get(name);
      if (expected === undefined || found === undefined) continue;
      this.#expectedNow.set(name, expected);
      this.#foundNow.set(name, found);
      const differing = expected.flatMap((value, item) => (value === found[item] ? [] : [item]));
      const [item] = differing;
      if (item === undefined) continue;
      return {
        when,
        what: `${name}, item ${item}`,
        expected: shown(expected[item]),
        found: shown(found[item]),
        context: [
          `${differing.length} of ${expected.length} items differ`,
          ...around('expected', expected, item),
          ...around('found', found, item),
        ],
      };
    }
    return undefined;
  }

  #counters(): Divergence | undefined {
    const [want, have] = [this.#trace.expected.counters, this.#found.counters];
    const mismatch = want && countsMismatch(countsOf(want), have === undefined ? [] : countsOf(have));
    return mismatch && divergence('at the end', mismatch);
  }
}

function countsOf({ cycles, spikes, router, banks }: NonNullable<Outcome['counters']>): NamedCounts {
  return [
    ['cycles', cycles],
    ...Object.entries(spikes).map(([name, count]) => [`spikes of ${name}`, count] as const),
    ...fifoCounterNames.map((name) => [`${name} of the FIFO`, router[name]] as const),
    ...wordsOfBanks(banks),
  ];
}

function itemDivergence(
  when: string,
  what: string,
  shownAt: (items: readonly number[], at: number) => string,
  want: readonly number[],
  have: readonly number[],
): Divergence | undefined {
  const difference = firstDifference(want, have);
  if (difference === undefined) return undefined;
  const { at } = difference;
  return {
    when,
    what: `${what}, position ${at}`,
    expected: shownAt(want, at),
    found: shownAt(have, at),
    context: [
      `${want.length} spikes expected, ${have.length} found`,
      ...around('expected', want, at),
      ...around('found', have, at),
    ],
  };
}

function spikeAt(spikes: readonly number[], at: number): string {
  const neuron = spikes[at];
  return neuron === undefined ? 'no further spike' : `neuron ${neuron}`;
}

const numberAt = (numbers: readonly number[], at: number): string => shown(numbers[at]);

function shown(value: number | undefined): string {
  return value === undefined ? 'nothing' : String(value);
}

/** The items around one, which is shown in brackets; no line if there are none. */
function around(what: string, items: readonly number[], at: number): string[] {
  const reach = 4;
  const first = Math.max(0, at - reach);
  const shownItems = items
    .slice(first, at + reach + 1)
    .map((value, offset) => (first + offset === at ? `[${value}]` : String(value)));
  if (shownItems.length === 0) return [];
  const before = first > 0 ? '... ' : '';
  const after = at + reach + 1 < items.length ? ' ...' : '';
  return [`${what.padEnd(8)} ${before}${shownItems.join(' ')}${after}`];
}
