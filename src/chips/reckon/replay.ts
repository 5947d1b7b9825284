import {
  coreImageOf,
  createCore,
  goldenFormat,
  numberAt,
  type ReplayContext,
  type RtlBench,
  type TextFile,
  type Verdict,
} from '../api.ts';
import { benchText } from './bench-text.ts';
import { reckonVerdict } from './compare.ts';
import { type ReckonExpected, reckonSettings, recordReckon } from './record.ts';
import { type ReckonTrace, reckonFormat, reckonSchema } from './trace.ts';

/** Replays one of ReckOn's traces on the bundled model of the chip, with the trace's configuration. */
export function replayReckon(trace: ReckonTrace, { engine, deploy, file, onCore }: ReplayContext): Verdict {
  const image = coreImageOf(
    deploy({
      program: 'reckon',
      hw: 'reckon',
      from: '',
      precision: 'own',
      seed: 1,
      settings: { program: reckonSettings(trace.config, file) },
    }),
  );
  const statedTicks = trace.expected.state_after_step.length;
  const core = createCore(image, { engine });
  onCore?.(core);
  return reckonVerdict(trace, recordReckon(trace, core, statedTicks));
}

/** Verilog files of the RTL of ReckOn, in `src` of its repository. */
const reckonSources: readonly string[] = [
  'reckon',
  'spi_slave',
  'srnn',
  'lfsr/lfsr_neur_stochround',
  'lfsr/lfsr_noise_neur',
  'lfsr/lfsr_oneur_stochround',
  'lfsr/lfsr_winp_wrec',
  'lfsr/lfsr_wout',
].map((name) => `${name}.v`);

/** Rows of a memory of weights, words of a row, weights of a word. */
const [rows, wordsOfRow, weightsOfWord] = [256, 16, 16];

/** The commands of the bench, a word each: the kind in bits 16 to 19, its argument below. */
const kinds = { input: 0, tick: 1, sample: 2, label: 3 } as const;
const order = (kind: keyof typeof kinds, argument = 0): number => kinds[kind] * 2 ** 16 + argument;

/** A bench for the RTL of ReckOn, and the contents of its memories, so that it does what a trace states. */
function benchFiles(trace: ReckonTrace): TextFile[] {
  const orders = ordersOf(trace);
  const lines = (values: readonly string[]): string => `${values.join('\n')}\n`;
  return [
    ['bench.v', benchText(trace, orders.length)],
    ['neurons.hex', lines(neuronWords(trace))],
    ['winp.hex', lines(weightWords(trace.w_inp, wordsOfRow))],
    ['wrec.hex', lines(weightWords(trace.w_rec, wordsOfRow))],
    // Half of the memory of output weights is used.
    ['wout.hex', lines([...weightWords(trace.w_out, 1), ...new Array<string>(rows).fill(zeros)])],
    ['commands.hex', lines(orders.map((word) => word.toString(16)))],
  ];
}

const zeros = '0'.repeat(32);

function hex(value: number, digits: number): string {
  return (value & (2 ** (4 * digits) - 1)).toString(16).padStart(digits, '0');
}

/** A word for each pair of neurons: the lower bits of their leak, their threshold; all states are zero. */
function neuronWords({ alpha, thr }: ReckonTrace): string[] {
  return Array.from({ length: rows / 2 }, (_, pair) =>
    pair < alpha.length
      ? `${hex(numberAt(alpha, pair), 3)}${hex(numberAt(thr, pair), 4)}${'0'.repeat(25)}`
      : zeros,
  );
}

/** Words of weights, the first weight in the lowest bits. */
function weightWords(matrix: ReckonTrace['w_inp'], words: number): string[] {
  return Array.from({ length: rows * words }, (_, at) => {
    const row = matrix[Math.floor(at / words)] ?? [];
    const first = weightsOfWord * (at % words);
    return Array.from({ length: weightsOfWord }, (_, n) => hex(row[first + n] ?? 0, 2))
      .reverse()
      .join('');
  });
}

function ordersOf({ samples, config, expected }: ReckonTrace): number[] {
  const stated = expected.state_after_step.length;
  return samples.flatMap(({ inputs, label, train, target_from }, sample) => [
    order('sample'),
    ...inputs.flatMap((items, tick) => {
      const isLast = tick === inputs.length - 1;
      const counts = tick >= target_from && tick > 0;
      const learns = counts && train === 1 && config.do_eprop !== 0;
      const isState =
        (sample === 0 && tick > 0 && tick <= stated) || (isLast && sample === samples.length - 1);
      const flags = Number(counts) + 2 * Number(learns) + 4 * Number(isLast) + 8 * Number(isState);
      return [
        ...items.map((input) => order('input', input)),
        // A label is taken once the sample has begun.
        ...(tick === 1 ? [order('label', label)] : []),
        order('tick', flags),
      ];
    }),
  ]);
}

/** The observations of the bench, in the form of the expectations of a trace. */
function readObserved(text: string, trace: ReckonTrace): ReckonExpected {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '));
  const byPlace = new Map(lines.map((line) => [line.slice(0, 3).join(' '), line.slice(3).map(Number)]));
  const at = (what: string, sample: number, tick: number): number[] =>
    byPlace.get(`${what} ${sample} ${tick}`) ?? [];
  const state = (sample: number, tick: number): ReckonExpected['final_state'] => ({
    u: at('u', sample, tick),
    trace_inp: at('ti', sample, tick),
    trace_rec: at('tr', sample, tick),
    trace_out: at('to', sample, tick),
  });
  const last = trace.samples.length - 1;
  const samples = trace.samples.map(({ inputs }, sample) => {
    const ticks = inputs.map((_, tick) => tick);
    const [winner = -1, ...counts] = at('winner', sample, 0);
    return {
      spikes: ticks.map((tick) => (tick === 0 ? null : at('spikes', sample, tick))),
      out: ticks.map((tick) => (tick === 0 ? null : at('out', sample, tick))),
      cycles: ticks.slice(0, -1).map((tick) => at('cycles', sample, tick)),
      sram: ticks.slice(0, -1).map((tick) => at('sram', sample, tick)),
      winner,
      winner_counts: counts,
    };
  });
  const words = (what: string): string[] =>
    lines.flatMap(([name, word]) => (name === what && word !== undefined ? [word] : []));
  return {
    samples,
    state_after_step: trace.expected.state_after_step.map((_, index) => ({
      sample: 0,
      tick: index + 1,
      ...state(0, index + 1),
    })),
    final_state: state(last, (trace.samples[last]?.inputs.length ?? 1) - 1),
    final_w_inp: matrixIn(words('winp'), wordsOfRow, trace.w_inp),
    final_w_rec: matrixIn(words('wrec'), wordsOfRow, trace.w_rec),
    final_w_out: matrixIn(words('wout'), 1, trace.w_out),
  };
}

/** A matrix in words of a memory; null if it is what it was. */
function matrixIn(
  words: readonly string[],
  perRow: number,
  before: ReckonTrace['w_inp'],
): ReckonTrace['w_inp'] | null {
  const weight = (pre: number, post: number): number => {
    const word = words[pre * perRow + Math.floor(post / weightsOfWord)] ?? '';
    const end = word.length - 2 * (post % weightsOfWord);
    const byte = Number.parseInt(word.slice(end - 2, end), 16);
    return byte >= 128 ? byte - 256 : byte;
  };
  const now = before.map((row, pre) => row.map((_, post) => weight(pre, post)));
  const isSame = now.every((row, pre) => row.every((value, post) => value === before[pre]?.[post]));
  return isSame ? null : now;
}

/** The RTL of ReckOn, in a bench that does what a trace states. */
const reckonRtl: RtlBench<ReckonTrace> = {
  variable: 'PLASTICORE_RECKON_RTL',
  from: 'the folder src of github.com/ChFrenkel/ReckOn',
  sources: reckonSources,
  files: benchFiles,
  compare: (trace, observed) => reckonVerdict(trace, readObserved(observed, trace)),
};

/** Recordings of ReckOn's RTL, and benches for it. */
export const reckonGolden = goldenFormat(reckonFormat, reckonSchema, replayReckon, { rtl: reckonRtl });
