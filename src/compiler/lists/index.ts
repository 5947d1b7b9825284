/** The lists of a program's events: actions with resolved indices, and the kernels that they run. */
export type { KernelUse } from './kernel-uses.ts';
export { type ResolvedLists, type ResolvedPass, resolveLists } from './resolve.ts';
