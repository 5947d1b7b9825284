/** Code of a kernel's instructions for the items at a position. */

export {
  count,
  type KernelContext,
  kernelContext,
  type ModuleContext,
  scaled,
  zeroVector,
} from './context.ts';
export { pushSpikes } from './effects.ts';
export { countPass, countPredicated, gateOf, listVisited, maskTile, WordCount } from './gates.ts';
export { laneBytesOf, moveGenerators, stepForDraws, stepIdle } from './generators.ts';
export { keepAny, valueOfAny, writeLine, writeLines } from './lines.ts';
export { areaOf, loadItems, storeItems } from './ports.ts';
export {
  type Block,
  itemAt,
  type Position,
  type Row,
  runAsRow,
  startBlock,
  startRow,
  type Visited,
} from './position.ts';
export { finishReduces, startReduces } from './reduces.ts';
export { Values } from './values.ts';
