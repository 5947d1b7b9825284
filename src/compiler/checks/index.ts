/** Checks what a core cannot do with a program. */
export { againstColumns } from './column-order.ts';
export { checkController, checkCoreArrays } from './controller.ts';
export { checkDraws } from './draws.ts';
export { checkFit, shortagesIn } from './fit.ts';
export { checkLoops } from './loops.ts';
export { checkMapping, networkLayout } from './mapping.ts';
export { checkRegisters } from './registers.ts';
