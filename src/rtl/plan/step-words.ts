import { at } from '../../arrays/index.ts';
import type { Condition, CoreImage } from '../../image/index.ts';
import type { Step } from './core-plan.ts';

/** A step of a list, in words. */
export function stepWords({ action }: Step, image: CoreImage): string {
  switch (action.does) {
    case 'run':
      return at(image.work, action.kernel);
    case 'deliver':
      if (action.population < 0) return 'serve the spikes that arrive';
      return `deliver ${at(image.populations, action.population).name}${action.spikes === 'previous' ? ', spikes of the step before' : ''}`;
    case 'deliver-delayed':
      return 'deliver spikes that have waited';
    case 'keep':
    case 'clear':
    case 'stop-unless-any':
      return at(image.work, action.work);
    default:
      return action.does;
  }
}

/** When a step of a list runs, in words; undefined for always. */
export function conditionWords({
  learning,
  pass,
  from,
  until,
  every,
  last,
  intervals,
}: Condition): string | undefined {
  const parts = [
    ...(learning ? ['learning'] : []),
    ...(pass === undefined ? [] : [pass === 'replay' ? 'presented again' : 'presented first']),
    ...(from > 0 ? [`from step ${from}`] : []),
    ...(until === undefined ? [] : [`before step ${until}`]),
    ...(every > 1 ? [`every ${every} steps`] : []),
    ...(last > 0 ? [last === 1 ? 'in the last step' : `in the last ${last} steps`] : []),
    ...(intervals === undefined ? [] : [`in intervals ${intervals.join(', ')} of the schedule`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
