import { at } from '../../arrays/index.ts';
import { type CoreImage, countOfPass } from '../../image/index.ts';
import type { Step } from './core-plan.ts';

/** How many words a step passes over, or tiles that it tests; 1 for others. */
export function passWords(image: CoreImage, { action }: Step): number {
  if (action.does === 'clear' || action.does === 'keep') return countOfPass(image, action).tiles;
  return action.does === 'stop-unless-any'
    ? Math.ceil(at(image.fields, action.field).count / image.core.lanes)
    : 1;
}
