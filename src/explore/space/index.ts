/** Spaces of designs: what may be chosen, and what is wanted. */
export { readSpace, type SpaceSource, spaceJsonSchema, spaceOf } from './load.ts';
export { type Choice, Space, type SpaceAxis, type SpaceDesign } from './space.ts';
