import { doubtful, type Standing } from '../../report/index.ts';

/**
 * Where a design stands by its share of draws on the front.
 *
 * @param isKnown false if its accuracy matters and rests on one seed: how seeds differ is not known then
 */
export function standingOf(share: number, isKnown: boolean): Standing {
  if (!isNear(share)) return 'not';
  return isKnown && share >= 1 - doubtful ? 'surely' : 'perhaps';
}

/** Whether a design may be on the front, so that further seeds are worth their time. */
export function isNear(share: number): boolean {
  return share > doubtful;
}
