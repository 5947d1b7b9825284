import { SingleBar } from 'cli-progress';
import type { Progress } from '../experiment/index.ts';
import type { CellsProgress } from '../explore/index.ts';
import type { SearchProgress } from '../explore/node.ts';
import { duration, percent } from '../report/index.ts';
import type { ToolProgress, Watch } from '../rtl/node.ts';
import type { Shown } from './messages.ts';
import { InterruptError, stopOnSignals } from './signals.ts';
import type { Terminal } from './terminal.ts';

/** Seconds between two lines if there is no bar. */
const lineSeconds = 10;
/** Seconds after which a long part says how long it takes. */
const firstSeconds = 2;
/** Seconds between two messages to a program, which may draw a bar of them. */
const messageSeconds = 0.1;

/** Shows progress: a bar on a terminal, plain lines elsewhere, JSON to a program, nothing with --quiet. */
export interface ProgressDisplay<Progressing> {
  update(progress: Progressing): void;
  stop(): void;
}

/**
 * Does work whose progress is shown, until it is done, fails, or a signal stops it.
 *
 * @param work takes the signal that stops it, and what is to be told of its progress
 * @param left what messages then say that a signal has left
 */
export async function showing<Progressing, Result>(
  terminal: Terminal,
  displayFor: (terminal: Terminal) => ProgressDisplay<Progressing>,
  work: (signal: AbortSignal, onProgress: (progress: Progressing) => void) => Promise<Result>,
  left: readonly string[] = [],
): Promise<Result> {
  const display = displayFor(terminal);
  const signals = stopOnSignals();
  try {
    return await work(signals.signal, (progress) => display.update(progress));
  } catch (error) {
    display.stop();
    if (error instanceof InterruptError) for (const text of left) terminal.note(text);
    throw error;
  } finally {
    display.stop();
    signals.stop();
  }
}

/** Shows the progress of a run. */
export function progressDisplay(terminal: Terminal): ProgressDisplay<Progress> {
  return displayOf(terminal, (progress) => ({ ...progress, part: part(progress), rest: rest(progress) }));
}

/** Shows the combined progress of a sweep's runs. */
export function sweepDisplay(terminal: Terminal): ProgressDisplay<CellsProgress> {
  return displayOf(terminal, (progress) => ({
    ...progress,
    part: cells(progress),
    rest: pace(progress).join('  '),
  }));
}

/** The share of the samples of a search's runs that says how long the others take. */
const leastShare = 0.02;

/** Shows the progress of a search. */
export function exploreDisplay(terminal: Terminal): ProgressDisplay<SearchProgress> {
  return displayOf(terminal, ({ designs, runs, mostSecondsLeft }) => {
    const isEarly = runs.done < runs.total * leastShare;
    const most =
      mostSecondsLeft === undefined || isEarly ? [] : [`at most ${duration(mostSecondsLeft)} for the search`];
    return {
      ...runs,
      part: `${designs} designs, ${cells(runs)}`,
      rest: [...pace(isEarly ? { ...runs, secondsLeft: 0 } : runs), ...most].join('  '),
    };
  });
}

/** The progress of a download, in bytes; `total` if the server reports it. */
export interface FetchProgress {
  readonly file: string;
  readonly done: number;
  readonly total: number | undefined;
}

/** Shows the progress of a download, in megabytes. */
export function fetchDisplay(terminal: Terminal): ProgressDisplay<FetchProgress> {
  const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10;
  return displayOf(terminal, ({ file, done, total = done }) => ({
    part: file,
    done: megabytes(done),
    total: megabytes(total),
    rest: 'MB',
  }));
}

/** Runs tools of others: shows which one runs, and how far it is. A signal ends it, too. */
export function showingTools<Result>(
  terminal: Terminal,
  work: (watch: Required<Watch>) => Promise<Result>,
): Promise<Result> {
  const display = (to: Terminal) =>
    displayOf(to, ({ program, done, total, seconds }: ToolProgress) => ({
      ...{ part: program, done, total },
      rest: `${total > 1 ? 'samples, ' : ''}${duration(seconds)} so far`,
    }));
  return showing(terminal, display, (signal, onProgress) => work({ signal, onProgress }));
}

/**
 * Says early how long a part of a command takes, and now and then how far through its samples it is. Such a part
 * never pauses, so that a signal ends it at once: a bar would leave the cursor hidden.
 */
export function sampleLines(
  terminal: Pick<Terminal, 'note' | 'tellProgress' | 'isQuiet'>,
  now = () => performance.now(),
) {
  const begun = new Map<string, number>();
  const foretold = new Set<string>();
  const display = toldDisplay(terminal, now);
  return (part: string, done: number, total: number): void => {
    const since = begun.get(part) ?? now();
    begun.set(part, since);
    if (terminal.isQuiet || done === 0 || done === total) return;
    const seconds = (now() - since) / 1000;
    const left = (seconds / done) * (total - done);
    const shown = { part, done, total, rest: `samples, ${duration(left)} left` };
    display.update(shown);
    if (terminal.tellProgress !== undefined || seconds < firstSeconds || foretold.has(part)) return;
    foretold.add(part);
    if (seconds < lineSeconds && left >= lineSeconds) terminal.note(lineOf(shown));
  };
}

function displayOf<Progressing>(
  terminal: Terminal,
  show: (progress: Progressing) => Shown,
): ProgressDisplay<Progressing> {
  if (terminal.isQuiet) return { update: () => undefined, stop: () => undefined };
  const hasBar = terminal.hasBar && terminal.tellProgress === undefined;
  const display = hasBar ? barDisplay() : toldDisplay(terminal);
  return { update: (progress) => display.update(show(progress)), stop: () => display.stop() };
}

/** Messages for a program, or lines. */
function toldDisplay(
  { note, tellProgress }: Pick<Terminal, 'note' | 'tellProgress'>,
  clock?: () => number,
): ProgressDisplay<Shown> {
  if (tellProgress !== undefined) return pacedDisplay(messageSeconds, tellProgress, clock);
  return pacedDisplay(lineSeconds, (shown) => note(lineOf(shown)), clock);
}

const lineOf = ({ part: name, done, total, rest: more }: Shown): string =>
  `${name}  ${done}/${total}  ${more}`;

function barDisplay(): ProgressDisplay<Shown> {
  const bar = new SingleBar({
    format: '{part} {bar} {value}/{total}  {rest}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
    gracefulExit: false,
  });
  let isStarted = false;
  return {
    update({ done, total, ...payload }) {
      if (!isStarted) bar.start(total, done, payload);
      isStarted = true;
      bar.setTotal(total);
      bar.update(done, payload);
    },
    stop() {
      if (isStarted) bar.stop();
      isStarted = false;
    },
  };
}

/** Tells progress every so many seconds, and when a part is done. */
function pacedDisplay(
  seconds: number,
  tell: (shown: Shown) => void,
  clock = () => performance.now(),
): ProgressDisplay<Shown> {
  let last = clock();
  // A part may be done before anything was told of it, behind another part that was done too.
  let complete: string | undefined;
  return {
    update(shown) {
      const now = clock();
      const isComplete = shown.done === shown.total;
      if (isComplete ? complete === shown.part : now - last < seconds * 1000) return;
      complete = isComplete ? shown.part : undefined;
      last = now;
      tell(shown);
    },
    stop: () => undefined,
  };
}

function cells({ cellsDone, cellsFailed, cellsRunning, cells: all }: CellsProgress): string {
  return [
    `${cellsDone}/${all} cells`,
    ...(cellsFailed === 0 ? [] : [`${cellsFailed} failed`]),
    ...(cellsRunning === 0 ? [] : [`${cellsRunning} running`]),
  ].join(', ');
}

function part({ phase, epoch, epochs }: Progress): string {
  if (phase === 'test') return phase;
  const at = `epoch ${Math.min(epoch + 1, epochs)}/${epochs}`;
  return phase === 'validation' ? `${at}, validation` : at;
}

function rest(progress: Progress): string {
  const { accuracy, done, phase } = progress;
  const how = phase === 'train' ? ' while learning' : '';
  const answers = accuracy === undefined ? [] : [`accuracy ${done === 0 ? '-' : percent(accuracy)}${how}`];
  return [...answers, ...pace(progress)].join('  ');
}

function pace({
  samplesPerSecond,
  secondsLeft,
}: Pick<Progress, 'samplesPerSecond' | 'secondsLeft'>): string[] {
  if (samplesPerSecond === 0) return [];
  const speed = `${Math.round(samplesPerSecond)} samples/s`;
  return secondsLeft >= 0.5 ? [speed, `${duration(secondsLeft)} left`] : [speed];
}
