import { damagedResults } from '../../experiment/node.ts';
import { readTextIfThere, writeAtomically } from '../../fs/index.ts';
import { plainMessage } from '../../text/index.ts';
import { type SweepPlan, sweepPlanSchema } from './sweep-plan.ts';

export function writePlan(path: string, plan: SweepPlan): void {
  writeAtomically(path, `${JSON.stringify(plan, null, 2)}\n`);
}

/**
 * The plan of the sweep in a folder; undefined if there is none.
 *
 * @throws PlasticoreError `file` if it is damaged, or of another release
 */
export function readPlan(path: string): SweepPlan | undefined {
  const text = readTextIfThere(path);
  if (text === undefined) return undefined;
  const damaged = (reason: string) => damagedResults(path, reason);
  let plan: unknown;
  try {
    plan = JSON.parse(text);
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  }
  const result = sweepPlanSchema.safeParse(plan, { error: plainMessage });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw damaged(`${issue?.path.join('.')}: ${issue?.message}`);
}
