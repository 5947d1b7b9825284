/** Programs: populations, projections, rules and schedule, as a person writes them. */
export { loadProgram, type Program } from './load.ts';
export {
  type ActionSpec,
  type FieldSpec,
  type ParameterSpec,
  type ProgramSpec,
  parameterSchema,
  programJsonSchema,
} from './schema.ts';
export { denseSegments, longestRow, type Segments } from './segments.ts';
