/** The networks that a chip takes, or the tool that maps to it: limits as data, and networks that miss them. */
export type { LaidPopulation, LaidProjection, NetworkLayout } from './layout.ts';
export { matchLayers } from './match.ts';
export { boundText, type Misfit, misfits, sharesOf } from './misfits.ts';
export { type MappingRules, readMapping } from './model.ts';
export { checkMapping, limitOwners, mapping } from './schema.ts';
