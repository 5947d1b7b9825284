import { join } from 'node:path';
import { sweepFiles } from '../../experiment/node.ts';
import { writeAtomically } from '../../fs/index.ts';
import { makeSweep, type Sweep, type SweepResult, summaryCsv, sweepDesignsCsv } from '../../report/index.ts';
import type { CellOutcome } from '../runs/node-run-cells.ts';
import { cellsOf, isRefusal, type SweepPlan } from './sweep-plan.ts';

/** Summarises the outcomes of a plan's cells so far, by name, in plan order. */
export function sumUp(plan: SweepPlan, outcomes: ReadonlyMap<string, CellOutcome>): Sweep {
  const { experiment, scoredOn, axes, designs } = plan;
  const results = Object.entries(designs).flatMap(([name, design]): SweepResult[] => {
    const { precision, values, content } = design;
    if (isRefusal(content)) {
      return [{ design: name, cell: null, precision, values, seed: null, outcome: content }];
    }
    return cellsOf(name, design).map(({ name: cell, seed }) => ({
      design: name,
      cell,
      precision,
      values,
      seed,
      outcome: resultOf(outcomes.get(cell)),
    }));
  });
  return makeSweep({ experiment, scoredOn, axes }, results);
}

function resultOf(outcome: CellOutcome | undefined): SweepResult['outcome'] {
  if (outcome === undefined) return { status: 'unfinished', reason: 'not finished' };
  return 'report' in outcome ? outcome : { status: 'failed', reason: outcome.failure.message };
}

/** Minimum time between two summaries, in milliseconds, when runs end in quick succession. */
const restMs = 1000;

/** Keeps the summary of a sweep in its folder up to date. */
export class LiveSummary {
  readonly #out: string;
  readonly #sumUp: () => Sweep;
  #timer: NodeJS.Timeout | undefined;
  #fault: unknown;

  constructor(out: string, sumUpNow: () => Sweep) {
    this.#out = out;
    this.#sumUp = sumUpNow;
  }

  /**
   * Schedules an update within a second.
   *
   * @throws PlasticoreError `file` if the previous update could not be written
   */
  touch(): void {
    if (this.#fault !== undefined) throw this.#fault;
    this.#timer ??= setTimeout(() => {
      try {
        this.write();
      } catch (error) {
        this.#fault = error;
      }
    }, restMs);
  }

  /** Writes the summary now. */
  write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const sweep = this.#sumUp();
    writeAtomically(join(this.#out, sweepFiles.summaryCsv), summaryCsv(sweep));
    writeAtomically(join(this.#out, sweepFiles.designsCsv), sweepDesignsCsv(sweep));
    writeAtomically(join(this.#out, sweepFiles.summaryJson), `${JSON.stringify(sweep, null, 2)}\n`);
  }
}
