/** Programs: populations, projections, rules and schedule, as a person writes them. */
export { type Connection, connectionOf, type Shape, type Window } from './connections.ts';
export { loadProgram } from './load.ts';
export { indexNamed, type Program, refuse } from './program.ts';
export {
  type ActionSpec,
  type ConnectSpec,
  type DrawnSpec,
  type FieldSpec,
  type ParameterSpec,
  type ProgramSpec,
  parameterSchema,
  programJsonSchema,
} from './schema.ts';
export { denseSegments, longestRow, type Segments } from './segments.ts';
