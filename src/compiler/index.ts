/** Program + core + precision -> image. */
export { compilerVersion } from './assemble.ts';
export { type CompileOptions, compile } from './compile.ts';
export { type CostBasis, costBasis } from './costs/index.ts';
export { constantsOf, type ParameterOverrides } from './parameters.ts';
export * from './parts/index.ts';
export {
  checkPrecisionName,
  nearestPrecision,
  offered,
  type Precision,
  precisionDistance,
  precisionOf,
} from './precision.ts';
