/** Spaces of designs: choices, conditions, objectives, and the names of designs. */
export { checkChosen, parseVary, type SweptAxis, sweepAxes } from './axes.ts';
export { experimentOf } from './design-file.ts';
export { cellName } from './design-names.ts';
export { readSpace, type SpaceSource, spaceJsonSchema, spaceOf, sweepSpace } from './load.ts';
export { type Choice, Space, type SpaceDesign } from './space.ts';
