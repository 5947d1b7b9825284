/** Chips: the hw-models, their loader, their costs and their area. */
export { type CoreArea, coreArea } from './area.ts';
export { parsePrecision } from './checks.ts';
export {
  type CostTable,
  chargedUnits,
  type NetworkCost,
  type NetworkEvent,
  networkEvents,
  type OperationCost,
  type WorkCost,
} from './cost.ts';
export {
  type Estimator,
  estimators,
  inputNames,
  intervalOf,
  isCounted,
  outOfRange,
  type Quantity,
  type Range,
} from './estimate/index.ts';
export { functionOf } from './function.ts';
export { type Bounds, exact, totalInterval } from './interval.ts';
export { hwModelJsonSchema } from './json-schema.ts';
export { coreLimits } from './limits.ts';
export { hwModelReader, loadHwModel } from './load.ts';
export { macroColumns } from './macros.ts';
export { type Direction, directions, Mesh, singleCore } from './mesh.ts';
export {
  type Arithmetic,
  type Bank,
  type ChipModel,
  type CoreHolds,
  type CostClass,
  costClasses,
  deliveries,
  estimatedKind,
  figureKinds,
  type Generator,
  type HwModel,
  type Interval,
  type MeshShape,
  type NetworkCosts,
  type OtherShape,
  type Overheads,
  otherShapeKind,
  type PacketCost,
  type Ports,
  type Registers,
  type Router,
  type Source,
  type SourceFigures,
  type SourceKind,
  type StatedCost,
  sourceKinds,
  tileOrders,
  type Unit,
  type WhenFull,
} from './model.ts';
export { describeOtherShapes } from './other-shapes.ts';
