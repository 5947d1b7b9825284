/** Chips: the hw-models, their loader, their costs and their area. */
export { activityOf, bankUnit, dataFactor, dataPartOf, restsOnActivity, wiresUnit } from './activity.ts';
export { type Activity, activitySchema, dataParts } from './activity-schema.ts';
export { type CoreArea, coreArea } from './area.ts';
export { parsePrecision } from './checks.ts';
export {
  type ChipModel,
  chipModelSchema,
  deliveries,
  type MeshShape,
  type NetworkCosts,
  tileOrders,
} from './chip-model.ts';
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
  type Estimator,
  estimators,
  factorAt,
  inputNames,
  intervalOf,
  isCounted,
  nominalSupplyV,
  outOfRange,
  type Quantity,
  type Range,
  sram,
  usualTemperatureC,
} from './estimate/index.ts';
export { nandUm2, synthesisedBy, synthesisedCores, synthesisedUnits } from './estimate/synthesised.ts';
export {
  type BlockMemory,
  type BlockShape,
  blocksOf,
  type FpgaPart,
  type NeededMemory,
  sliceBits,
} from './fpga.ts';
export { functionOf } from './function.ts';
export { type Bounds, exact, totalInterval } from './interval.ts';
export { hwModelJsonSchema } from './json-schema.ts';
export { coreLimits } from './limits.ts';
export { hwModelReader, loadHwModel } from './load.ts';
export { controllerModuleOf, readController, resolveForModel } from './load-controller.ts';
export {
  boundText,
  type LaidPopulation,
  type LaidProjection,
  type MappingRules,
  type Misfit,
  matchLayers,
  misfits,
  type NetworkLayout,
  sharesOf,
} from './mapping/index.ts';
export { coreNumbers, type Direction, directions, Mesh } from './mesh.ts';
export type { Bank, CostClass, Generator, HwModel, Ports, StatedCost, Unit } from './model.ts';
export { describeOtherShapes } from './other-shapes.ts';
export { figureKinds, type Interval, otherShapeKind, type Source, type SourceKind } from './source.ts';
