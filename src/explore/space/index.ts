/** Spaces of designs: choices, conditions, objectives, and the names of designs. */

export { experimentOf } from './design-file.ts';
export {
  checkChosen,
  parseVary,
  readSpace,
  type SpaceSource,
  type SweptAxis,
  spaceJsonSchema,
  spaceOf,
  sweepAxes,
  sweepSpace,
} from './load.ts';
export { type Choice, cellName, Space, type SpaceDesign } from './space.ts';
