/** Experiment files, and the compiled cells that they describe. */

export {
  type Cell,
  type CellChoice,
  checkImageChoice,
  type Deployment,
  type DeploymentRequest,
  deploy,
  deployCell,
  describeSettings,
  fileNaming,
  findHwModel,
  findProgram,
  findWeights,
  loadCell,
  type Reference,
  resolveCell,
} from './cell.ts';
export { type Experiment, loadExperiment } from './load.ts';
export { type ExperimentSpec, experimentJsonSchema } from './schema.ts';
export { taskDescriptions } from './schema-task.ts';
export { joinSettings, noSettings, parseSettings, pathSetting, type Settings } from './settings.ts';
