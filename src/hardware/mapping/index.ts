/** The networks that a chip takes, or the tool that maps to it: limits as data, and networks that miss them. */
export type { LaidPopulation, LaidProjection, NetworkLayout } from './layout.ts';
export {
  checkMappingSection,
  limitOwners,
  type MappingRules,
  mappingSection,
  readMapping,
} from './limits.ts';
export { boundText, limitSharesOf, type Misfit, matchLayers, misfits } from './misfits.ts';
