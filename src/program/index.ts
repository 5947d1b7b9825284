/** Programs: populations, projections, rules and schedule, as people write them. */

export { ProgramBuilder, program } from './builder.ts';
export { connectionOf, connectionWindow, type PictureShape, perAxis } from './connections.ts';
export { withWeights } from './given-weights.ts';
export { type ConvolutionLayer, type Layers, layeredProgram } from './layered.ts';
export { programLimits } from './limits.ts';
export { createProgram, loadProgram, type ProgramFiles, programFiles } from './load.ts';
export {
  indexNamed,
  type Program,
  type ProgramArray,
  refuse,
  stepsOf,
} from './program.ts';
export {
  type ActionSpec,
  type ConnectSpec,
  type DelaySpec,
  type FieldSpec,
  type InitialSpec,
  type ParameterSpec,
  type ProgramDescription,
  type ProgramSpec,
  parameterSchema,
  programJsonSchema,
  slices,
} from './schema.ts';
export { denseSegments, longestRow, rowsOf, SegmentList, type Segments, visitRow } from './segments.ts';
