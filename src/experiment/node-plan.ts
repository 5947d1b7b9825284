import { existsSync, readFileSync } from 'node:fs';
import { PlasticoreError } from '../source/index.ts';
import { writeAtomically } from './node-write.ts';

/**
 * `plan.json`: all that the results of a sweep depend on, so that what is resumed can be held against it. Everything in
 * it is JSON; files and data stand in it with their SHA-256.
 */
export interface SweepPlan {
  readonly schema: 'plasticore/sweep-plan/1';
  readonly plasticore: string;
  readonly experiment: string;
  readonly scoredOn: string;
  readonly record: string | null;
  readonly precisions: readonly string[];
  readonly seeds: readonly number[];
  readonly axes: Readonly<Record<string, readonly unknown[]>>;
  /** By name. */
  readonly designs: Readonly<Record<string, DesignPlan>>;
}

export type DesignPlan =
  | {
      readonly program: string;
      readonly hwModel: string;
      readonly encoder: unknown;
      readonly epochs: number;
      readonly limit: number | null;
      readonly validation: number | null;
      readonly settings: readonly string[];
      /** SHA-256 by file. */
      readonly sources: Readonly<Record<string, string>>;
      readonly dataSha256: string;
    }
  /** It does not compile. */
  | { readonly status: string; readonly reason: string };

export function writePlan(path: string, plan: SweepPlan): void {
  writeAtomically(path, `${JSON.stringify(plan, null, 2)}\n`);
}

/**
 * Holds a sweep against the plan that was written when it began; nothing where there is none.
 *
 * @throws PlasticoreError `usage` with what differs, `file` for a damaged plan
 */
export function checkPlan(path: string, plan: SweepPlan): void {
  if (!existsSync(path)) return;
  const [first, ...others] = differences(readPlan(path), JSON.parse(JSON.stringify(plan)));
  if (first === undefined) return;
  const more = others.length === 0 ? '' : `; and ${others.length} more`;
  throw new PlasticoreError('usage', `this sweep is another one: ${first}${more}`, {
    file: path,
    hint: 'resume it as it was started, or choose another --out',
  });
}

function readPlan(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlasticoreError('file', `damaged: ${reason}`, {
      file: path,
      hint: 'run with --overwrite instead of --resume to start from the beginning',
    });
  }
}

/** Where two JSON values differ, in words: `designs, mp16-8, epochs: 3 before, 4 now`. */
function differences(before: unknown, now: unknown, path: readonly string[] = []): string[] {
  if (isRecord(before) && isRecord(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return keys.flatMap((key) => differences(before[key], now[key], [...path, key]));
  }
  const [a, b] = [before, now].map((value) => (value === undefined ? 'nothing' : JSON.stringify(value)));
  return a === b ? [] : [`${path.join(', ')}: ${a} before, ${b} now`];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
