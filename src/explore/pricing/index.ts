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
export { type PricedDesign, priceDesign, type SharedRun, sharedRun } from './price-design.ts';
export { accuracyErrors, frontShares, type RatedDesign } from './robust.ts';
export { isNear, standingOf } from './standing.ts';
