import { existsSync, readFileSync } from 'node:fs';
import { PlasticoreError } from '../../source/index.ts';
import { writeAtomically } from '../disk/node.ts';
import { planSchema, type SweepPlan } from './sweep-plan.ts';

export function writePlan(path: string, plan: SweepPlan): void {
  writeAtomically(path, `${JSON.stringify(plan, null, 2)}\n`);
}

/**
 * The plan of the sweep that a folder holds; undefined where there is none.
 *
 * @throws PlasticoreError `file` for one that is damaged, or of another release
 */
export function readPlan(path: string): SweepPlan | undefined {
  if (!existsSync(path)) return undefined;
  let plan: unknown;
  try {
    plan = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw damaged(path, error instanceof Error ? error.message : String(error));
  }
  const schema = (plan as { readonly schema?: unknown } | null)?.schema;
  if (schema !== planSchema) throw damaged(path, `schema ${schema} found, ${planSchema} expected`);
  return plan as SweepPlan;
}

function damaged(path: string, reason: string): PlasticoreError {
  return new PlasticoreError('file', `of another release, or damaged: ${reason}`, {
    file: path,
    hint: 'run with --overwrite instead of --resume to start from the beginning',
  });
}
