/** Code of a kernel's instructions for its items. */

export type { GateCode } from './gate-code.ts';
export type { ItemCode } from './item-code.ts';
export { KernelFrame, type ModuleContext } from './kernel-frame.ts';
export { type KernelParts, kernelParts } from './kernel-parts.ts';
export { PortsCode } from './ports-code.ts';
