/** Programs for several cores: placement, what each core holds, and the lists that they execute together. */
export { type Axons, axonsOf, spikeHops } from './axons.ts';
export { compileCores } from './compile-cores.ts';
export { coresOf } from './find-placement.ts';
export { layOutParts } from './lay-out.ts';
export { imageOn, pricesOn, repriced, withNetwork } from './network-costs.ts';
export * from './placement.ts';
export { checkPlacement, distribute } from './placement.ts';
