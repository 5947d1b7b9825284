import { damagedResults } from '../experiment/node.ts';
import { readTextIfThere, writeAtomically } from '../fs/index.ts';
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
  const text = readTextIfThere(path);
  if (text === undefined) return undefined;
  let plan: unknown;
  try {
    plan = JSON.parse(text);
  } catch (error) {
    throw damagedResults(path, error instanceof Error ? error.message : String(error));
  }
  const schema = (plan as { readonly schema?: unknown } | null)?.schema;
  if (schema !== planSchema) throw damagedResults(path, `schema ${schema} found, ${planSchema} expected`);
  return plan as SweepPlan;
}
