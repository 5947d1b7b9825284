/** Chips: the hw-models, their loader, their costs and their area. */
export {
  type Activity,
  activityOf,
  activitySchema,
  bankUnit,
  dataFactor,
  dataPartOf,
  dataParts,
  restsOnActivity,
  wiresUnit,
} from './activity.ts';
export { type CoreArea, coreArea } from './area.ts';
export type { Bank } from './banks.ts';
export { hwModelJsonSchema, parsePrecision } from './checks.ts';
export { deliveries, tileOrders } from './chip.ts';
export {
  type ChipModel,
  chipModelSchema,
  type MeshShape,
  type NetworkCosts,
} from './chip-model.ts';
export { controllerModuleOf, readController, resolveForModel } from './controller.ts';
export {
  type CostTable,
  costSchema,
  type NetworkCost,
  networkEvents,
  type OperationCost,
  type WorkCost,
} from './cost.ts';
export {
  arithmetic,
  type Conditions,
  chargePj,
  type Estimator,
  estimators,
  factorAt,
  inputNames,
  intervalOf,
  isCountInput,
  nominalSupplyV,
  outOfRange,
  type Quantity,
  type Range,
  sram,
  usualControlBits,
  usualTemperatureC,
} from './estimate/index.ts';
export { nandUm2, synthesisedBy, synthesisedCores } from './estimate/synthesised.ts';
export {
  type BlockMemory,
  type BlockShape,
  blocksOf,
  type FpgaPart,
  isForOnePort,
  type NeededMemory,
  sliceBits,
} from './fpga.ts';
export { functionOf } from './function.ts';
export type { Generator } from './generators.ts';
export { hwModelReader, loadHwModel, wiredWith } from './load.ts';
export { chooseMacros, type MacroArray, type Ports, parseMacros } from './macros.ts';
export {
  boundText,
  type LaidPopulation,
  type LaidProjection,
  limitSharesOf,
  type MappingRules,
  type Misfit,
  matchLayers,
  misfits,
  type NetworkLayout,
} from './mapping/index.ts';
export { coreNumbers, type Direction, directions, Mesh } from './mesh.ts';
export type { MicrocodeLimits } from './microcode.ts';
export type { HwModel, StatedCost } from './model.ts';
export { describeOtherShapes } from './other-shapes.ts';
export {
  type Bounds,
  exact,
  figureKinds,
  type Interval,
  otherShapeKind,
  type Source,
  type SourceKind,
  totalInterval,
} from './source.ts';
export type { Unit } from './units.ts';
export { type CostClass, coreLimits } from './values.ts';
