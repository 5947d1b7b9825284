/** Program + core + precision -> image. */
export { type CompileOptions, compile, compilerVersion } from './compile.ts';
export { constantsOf, type ParameterOverrides } from './parameters.ts';
export { offered, type Precision, precisionOf } from './precision.ts';
