import { frontOf, type Objective, type StudyDesign } from '../../report/index.ts';
import {
  accuracyErrors,
  type Constraint,
  costsOf,
  frontShares,
  isAboutAccuracy,
  isNear,
  type RatedDesign,
  standingOf,
} from '../pricing/index.ts';
import { type Candidate, studyDesign } from './candidate.ts';

/** The objectives and constraints of a search. */
export interface SearchGoals {
  readonly objectives: readonly Objective[];
  readonly constraints: readonly Constraint[];
  /** How often figures and accuracies are drawn. */
  readonly draws: number;
}

/** A candidate with figures. */
interface Rateable {
  readonly candidate: Candidate;
  readonly rated: RatedDesign;
}

function rateable(candidates: readonly Candidate[]): Rateable[] {
  return candidates.flatMap((candidate) => {
    const { figures: means, fault, trial, intervals } = candidate;
    if (means === undefined || fault !== undefined) return [];
    const { figures, parts, spreads, scoredSamples } = means;
    return [
      { candidate, rated: { figures, parts, spreads, scoredSamples, intervals, run: trial?.key ?? null } },
    ];
  });
}

/** The candidates that may be on the front as far as is known: further seeds are worth their time. */
export function nearFront(candidates: readonly Candidate[], wanted: SearchGoals): Candidate[] {
  const all = rateable(candidates);
  const shares = frontShares(
    all.map(({ rated }) => rated),
    wanted.objectives,
    wanted.constraints,
    wanted.draws,
  );
  return all.flatMap(({ candidate }, index) => (isNear(shares[index]?.front ?? 0) ? [candidate] : []));
}

/**
 * Candidates as the result of a study lists them, with their places on the front and how sure these are.
 *
 * @param isFinished whether a candidate has all of the runs that are asked for
 */
export function listedDesigns(
  candidates: readonly Candidate[],
  wanted: SearchGoals,
  isFinished: (candidate: Candidate) => boolean,
): StudyDesign[] {
  const { objectives, constraints, draws } = wanted;
  if (objectives.length === 0)
    return candidates.map((candidate) => studyDesign(candidate, isFinished(candidate)));
  const all = rateable(candidates);
  const rated = all.map((one) => one.rated);
  const met = all.filter(({ candidate }) => candidate.refusal === undefined);
  const front = frontOf(met.map((one) => costsOf(one.rated.figures, objectives)));
  const onFront = new Set(front.map((index) => met[index]?.candidate));
  const shares = frontShares(rated, objectives, constraints, draws);
  const errors = accuracyErrors(rated);
  const needsAccuracy =
    objectives.some(({ figure }) => figure === 'accuracy') || constraints.some(isAboutAccuracy);
  const places = new Map(all.map(({ candidate }, index) => [candidate, index]));
  return candidates.map((candidate) => {
    const design = studyDesign(candidate, isFinished(candidate));
    const index = places.get(candidate);
    const share = index === undefined ? undefined : shares[index];
    if (index === undefined || share === undefined) return design;
    return {
      ...design,
      accuracyError: errors[index] ?? null,
      onFront: onFront.has(candidate),
      frontShare: share.front,
      standing: standingOf(share.front, !needsAccuracy || candidate.seeds > 1),
      constraintShare: share.constraints,
    };
  });
}
