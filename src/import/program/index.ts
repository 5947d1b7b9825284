/** A network in integers as a program. */

export { ArrayFile, type DescribedProgram, weightsFile } from './array-file.ts';
export { describeProgram } from './describe.ts';
export { numbering } from './layout.ts';
export { type Learning, type LearningRule, learningRules, withLearning } from './learning.ts';
