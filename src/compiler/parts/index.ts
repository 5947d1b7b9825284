/** Programs for several cores: placement, what each core holds, and the lists that they execute together. */
export { type Axons, axonsOf, spikeHops } from './axons.ts';
export { compileCores } from './compile-cores.ts';
export { distribute } from './distribute.ts';
export { coresOf } from './find-placement.ts';
export { layOut } from './lay-out.ts';
export { imageOn, pricesOn, withNetwork } from './network-costs.ts';
export { checkPlacement } from './placement.ts';
export * from './placement-file.ts';
