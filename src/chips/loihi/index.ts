/** Loihi: its controller with delays, the public models of its compartments and weights, their recordings. */

export { loihi } from './chip.ts';
export { LoihiController, type LoihiCoreCounts } from './controller.ts';
export { lifNetwork, netNetwork } from './described.ts';
export { type BrianLearning, brianProgram } from './learning/brian.ts';
export { type LavaLearning, lavaProgram } from './learning/lava.ts';
export { type PesLearning, pesProgram } from './learning/pes.ts';
export { parseRule, type Rule as LearningRule } from './learning/rule.ts';
export { type LoihiModel, largestHeld, loihiSettings } from './models.ts';
export {
  type AxonAddress,
  type Compartments,
  type Layout,
  type LoihiCoreNetwork,
  type LoihiNetwork,
  type LoihiRoutes,
  layOut,
  type Source as LoihiSource,
  type Synapse as LoihiSynapse,
} from './network.ts';
export { loihiController, recordLoihi } from './record.ts';
export { loihiGolden, replayLoihi } from './replay.ts';
export { type LoihiTrace, loihiSchema } from './trace.ts';
export { type CompartmentTrace, loihiFormat } from './trace-parts.ts';
export { type SynapseFormat, synapticWeight, type WeightEncoding } from './weights.ts';
