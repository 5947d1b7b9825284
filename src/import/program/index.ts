/** A network in integers as a program. */

export { type DescribedProgram, describeProgram, weightsFile } from './describe.ts';
export { numbering } from './layout.ts';
export { type Learning, type LearningRule, learningRules, withLearning } from './learning.ts';
