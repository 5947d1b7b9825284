import type { Cell } from '../experiment/index.ts';
import { loadFor } from '../experiment/node.ts';
import { checkWritable, writeAtomically } from '../fs/index.ts';
import { formatTrace, type TraceSource, traceOf } from '../observe/index.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Terminal } from './terminal.ts';

/** Samples of training and of testing in a golden trace, and epochs, unless told otherwise: a trace states all of each. */
const few = 1;

/** What a golden trace is made of. */
export interface GoldenRun {
  readonly file: string;
  readonly cell: Cell;
  readonly source: TraceSource;
  readonly data: string | undefined;
  readonly engine: string;
  /** As the command line gives them. */
  readonly epochs: number | undefined;
  readonly limit: number | undefined;
  readonly everyStep: boolean;
}

/** Runs a cell on few samples and writes a golden trace of it. */
export async function writeGolden(run: GoldenRun, terminal: Terminal): Promise<void> {
  const { file, cell, engine, everyStep } = run;
  checkWritable(file);
  if (cell.chip !== undefined) {
    throw new PlasticoreError('usage', `--golden traces samples in time steps; '${cell.name}' hosts a chip`, {
      hint: 'plasticore verify replays the recordings of chips, in formats of their own',
    });
  }
  const limited = { ...cell, epochs: run.epochs ?? Math.min(cell.epochs, few), limit: run.limit ?? few };
  const data = await loadFor({ ...limited, validation: undefined }, run.data);
  const trace = traceOf(limited, data, run.source, { engine, everyStep });
  const text = formatTrace(trace);
  writeAtomically(file, text);
  terminal.note(
    `${file}: a trace of ${trace.samples.length} samples of ${trace.steps} steps, ${trace.fields.length} fields; ${text.length} bytes`,
  );
}

/** Refuses options that ask for something else beside the trace. */
export function refuseWithGolden(options: Readonly<Record<string, boolean>>): void {
  const given = Object.entries(options).find(([, isGiven]) => isGiven)?.[0];
  if (given === undefined) return;
  throw new PlasticoreError(
    'usage',
    `${given} cannot be given with --golden: it writes a trace and nothing else`,
  );
}
