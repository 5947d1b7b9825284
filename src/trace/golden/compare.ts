import type { Divergence } from '../../golden/index.ts';
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
      const divergence = this.#sample(name, sample.inputs.length, want, have);
      if (divergence !== undefined) return divergence;
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
      const divergence = this.#step(when, step, want, have);
      if (divergence !== undefined) return divergence;
    }
    const after = `after ${sample}`;
    if (wanted !== found) return { when: after, what: 'presentations', expected: wanted, found, context: [] };
    return (
      this.#fields(after, want.fields, have.fields) ??
      numberDivergence(after, 'answer', want.answer, have.answer)
    );
  }

  #step(
    when: string,
    step: number,
    want: TraceSampleExpected,
    have: TraceSampleExpected,
  ): Divergence | undefined {
    for (const [population, spikes] of Object.entries(want.spikes)) {
      const [wanted, found] = [spikes[step] ?? [], have.spikes[population]?.[step] ?? []];
      const divergence =
        itemDivergence(when, `spikes of ${population}`, spikeAt, wanted, found) ??
        itemDivergence(
          when,
          `what spikes of ${population} carry`,
          numberAt,
          want.values?.[population]?.[step] ?? [],
          (want.values && have.values?.[population]?.[step]) ?? [],
        );
      if (divergence !== undefined) return divergence;
    }
    const cycles = numberDivergence(when, 'cycles of the step', want.cycles?.[step], have.cycles?.[step]);
    const values = want.steps?.[step];
    return cycles ?? (values && this.#fields(when, values, have.steps?.[step] ?? {}));
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
    const want = this.#trace.expected.counters;
    const have = this.#found.counters;
    if (want === undefined) return undefined;
    const when = 'at the end';
    const pairs: [string, number, number | undefined][] = [
      ['cycles', want.cycles, have?.cycles],
      ...Object.entries(want.spikes).map(([name, spikes]): [string, number, number | undefined] => [
        `spikes of ${name}`,
        spikes,
        have?.spikes[name],
      ]),
      ...fifoCounterNames.map((name): [string, number, number | undefined] => [
        `${name} of the FIFO`,
        want.router[name],
        have?.router[name],
      ]),
      ...want.banks.flatMap(({ name, wordsRead, wordsWritten }): [string, number, number | undefined][] => {
        const bank = have?.banks.find((other) => other.name === name);
        return [
          [`words read of bank ${name}`, wordsRead, bank?.wordsRead],
          [`words written of bank ${name}`, wordsWritten, bank?.wordsWritten],
        ];
      }),
    ];
    for (const [what, expected, found] of pairs) {
      const divergence = numberDivergence(when, what, expected, found);
      if (divergence !== undefined) return divergence;
    }
    return undefined;
  }
}

function itemDivergence(
  when: string,
  what: string,
  shownAt: (items: readonly number[], at: number) => string,
  want: readonly number[],
  have: readonly number[],
): Divergence | undefined {
  const length = Math.max(want.length, have.length);
  for (let at = 0; at < length; at++) {
    if (want[at] === have[at]) continue;
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
  return undefined;
}

function spikeAt(spikes: readonly number[], at: number): string {
  const neuron = spikes[at];
  return neuron === undefined ? 'no further spike' : `neuron ${neuron}`;
}

const numberAt = (numbers: readonly number[], at: number): string => shown(numbers[at]);

/** Compares nothing if the trace states no number. */
function numberDivergence(
  when: string,
  what: string,
  want: number | undefined,
  have: number | undefined,
): Divergence | undefined {
  if (want === undefined || want === have) return undefined;
  return { when, what, expected: shown(want), found: shown(have), context: [] };
}

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
