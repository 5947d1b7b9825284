/** A core in Verilog: its plan, its text, and its test bench. */
export { type BenchSample, spikesByStep, stimulusText } from './bench/bench-text.ts';
export { benchFiles } from './bench/files.ts';
export { expectedText, type ObservedSample, readObserved, startOf, stateLines } from './bench/observed.ts';
export { placedStimulus } from './bench/placed-bench.ts';
export { describeCore } from './describe/description.ts';
export { descriptionWords } from './describe/words.ts';
export { coreFiles, type SourceFile } from './emit/core-text.ts';
export { LaneText, type Wire } from './emit/lane-text.ts';
export { type PortWidths, portWidthsOf } from './emit/ports.ts';
export { rtlFiles } from './files.ts';
export { type CorePlan, type KernelPlan, listsIn } from './plan/core-plan.ts';
export { withoutLearning } from './plan/inference.ts';
export { planCore } from './plan/plan.ts';
export { gatesFiles } from './synthesis/gates.ts';
export { type SynthesisedDesign, synthesisedModel } from './synthesis/model.ts';
export { checkFpga, fpgaNeeds } from './synthesis/needs.ts';
