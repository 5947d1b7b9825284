/** The networks that a chip takes, or the tool that maps to it: limits as data, and networks that miss them. */
export type { LaidPopulation, LaidProjection, NetworkLayout } from './layout.ts';
export { checkMapping, limitOwners, type MappingRules, mappingSection, readMapping } from './limits.ts';
export { boundText, type Misfit, matchLayers, misfits, sharesOf } from './misfits.ts';
