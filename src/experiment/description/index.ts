/** Experiment files, and the compiled cells that they describe. */

export * from './cell.ts';
export {
  type Deployment,
  deploy,
  type FileReference,
  findHwModel,
  findProgram,
  findWeights,
  Models,
} from './deploy.ts';
export { describeLife, type Life, type LifeStage, passesOf } from './life.ts';
export { type Experiment, loadExperiment } from './load.ts';
export { type ExperimentSpec, experimentJsonSchema } from './schema.ts';
export { type SpaceSpec, spaceShape } from './schema-space.ts';
export { taskDescriptions } from './schema-task.ts';
export { joinSettings, noSettings, parseSettings, pathSetting, type Settings } from './settings.ts';
