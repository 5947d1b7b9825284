/** Program + core + precision -> image. */
export { compilerVersion } from './assemble.ts';
export { networkLayout } from './checks/index.ts';
export { compile } from './compile.ts';
export { type CompileOptions, compileCore } from './compile-core.ts';
export { type CostBasis, costBasis } from './costs/index.ts';
export { constantsOf, type ParameterStage } from './parameters.ts';
export * from './parts/index.ts';
export {
  checkPrecisionName,
  nearestPrecision,
  offered,
  type Precision,
  precisionDistance,
  precisionOf,
} from './precision.ts';
