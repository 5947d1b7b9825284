/** The common part of all golden trace formats: how they are read, validated, replayed and compared. */

export { type Divergence, describeDivergence, firstParting, type Parting } from './divergence.ts';
export {
  describeExercised,
  type Exercised,
  type ExercisedCondition,
  type ExercisedCore,
  type ExercisedField,
  type ExercisedPopulation,
  kernelsRun,
} from './exercised.ts';
export * from './format.ts';
export { checkJson, type JsonText, parseJson } from './json.ts';
export { Part } from './shape.ts';
