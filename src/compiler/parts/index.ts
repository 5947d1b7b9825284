/** Programs for several cores: placement, what each core holds, and the lists that they execute together. */
export { type Axons, axonsOf, host, spikeHops } from './axons.ts';
export { type Compiled, compileFor } from './compile-for.ts';
export { compileSystem, wholeItem } from './compile-system.ts';
export { distribute } from './distribute.ts';
export { coresOf } from './find-placement.ts';
export { layOut } from './lay-out.ts';
export { imageOn, pricesOn } from './network-costs.ts';
export { checkPlacement, type Placement, type Slice } from './placement.ts';
export {
  type GivenPlacement,
  placementJsonSchema,
  placementText,
  readPlacement,
} from './placement-file.ts';
export {
  type CoreEvent,
  type CorePart,
  type FieldPart,
  type PartField,
  type PopulationPart,
  type ServedList,
  type SystemAction,
  type SystemImage,
  type SystemLists,
  unvisited,
} from './system-image.ts';
