/** Program + core + precision -> image. */
export { type CompileOptions, compile } from './compile.ts';
export { constantsOf, type ParameterOverrides } from './parameters.ts';
export { offered, type Precision, precisionOf } from './precision.ts';
export { compilerVersion } from './provenance.ts';
