/** Networks as Xylo has them: quantised as Rockpool does, and as programs. */

export { describeXylo } from './describe.ts';
export { xyloFilesOf } from './files.ts';
export { importToXylo } from './import.ts';
export type { XyloLayer, XyloNetwork, XyloWeights } from './network.ts';
export { halfToEven, quantiseXylo, type XyloMethod, xyloMethods } from './quantise.ts';
export { runningOnXylo } from './running.ts';
