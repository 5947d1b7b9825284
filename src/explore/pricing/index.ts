/** Figures of designs: priced from the counts of runs that they share, compared, and how sure they are. */
export { checkConstraint, costsOf, missedBy, objectives } from './objectives.ts';
export { type PricedDesign, priceDesign, type SharedRun, sharedRun } from './price-design.ts';
export { frontShares } from './robust.ts';
