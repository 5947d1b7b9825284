/** The common part of all golden trace formats: how they are read, validated, replayed and compared. */

export * from './divergence.ts';
export * from './format.ts';
export { checkJson, type JsonText, parseJson } from './json.ts';
export {
  type CoreCoverage,
  describeExercised,
  type ExercisedCondition,
  type ExercisedField,
  type ExercisedPopulation,
  kernelsRun,
  type ReplayCoverage,
} from './replay-coverage.ts';
export { Part } from './shape.ts';
