import { SingleBar } from 'cli-progress';
import type { Progress } from '../experiment/index.ts';
import { duration, percent } from '../report/node.ts';
import type { Terminal } from './terminal.ts';

/** Seconds between two lines where there is no bar. */
const lineSeconds = 10;

/** Shows how far a run is: a bar on a terminal, plain lines elsewhere, nothing with --quiet. */
export interface ProgressDisplay {
  update(progress: Progress): void;
  stop(): void;
}

export function progressDisplay(terminal: Terminal): ProgressDisplay {
  if (terminal.isQuiet) return { update: () => undefined, stop: () => undefined };
  return terminal.hasBar ? barDisplay() : lineDisplay(terminal);
}

function barDisplay(): ProgressDisplay {
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
    update(progress) {
      const payload = { part: part(progress), rest: rest(progress) };
      if (!isStarted) bar.start(progress.total, progress.done, payload);
      isStarted = true;
      bar.setTotal(progress.total);
      bar.update(progress.done, payload);
    },
    stop() {
      if (isStarted) bar.stop();
      isStarted = false;
    },
  };
}

function lineDisplay(terminal: Terminal): ProgressDisplay {
  let last = performance.now();
  let isComplete = false;
  return {
    update(progress) {
      const now = performance.now();
      const wasComplete = isComplete;
      isComplete = progress.done === progress.total;
      if (isComplete ? wasComplete : now - last < lineSeconds * 1000) return;
      last = now;
      terminal.note(`${part(progress)}  ${progress.done}/${progress.total}  ${rest(progress)}`);
    },
    stop: () => undefined,
  };
}

function part({ phase, epoch, epochs }: Progress): string {
  return phase === 'test' ? 'test' : `epoch ${epoch + 1}/${epochs}`;
}

function rest({ accuracy, samplesPerSecond, secondsLeft, done }: Progress): string {
  const parts = [`accuracy ${done === 0 ? '-' : percent(accuracy)}`];
  if (samplesPerSecond > 0) {
    parts.push(`${Math.round(samplesPerSecond)} samples/s`);
    if (secondsLeft >= 0.5) parts.push(`${duration(secondsLeft)} left`);
  }
  return parts.join('  ');
}
