/** Figures of designs: priced from the counts of runs that they share, compared, and how sure they are. */
export {
  type Constraint,
  costsOf,
  isAboutAccuracy,
  objectives,
  type Refusal,
  readConstraint,
  refusalOf,
} from './objectives.ts';
export { priceRun, sharedRun } from './price-run.ts';
export { accuracyErrors, frontShares, isNear, type RatedDesign, standingOf } from './robust.ts';
