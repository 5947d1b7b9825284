import type { Rows } from './row.ts';

/**
 * Control flow, calls, locals and globals. Their signatures name only the operands whose type is fixed;
 * the rest depends on a label, a function or a variable, and `FunctionBuilder` knows it.
 */
export const controlRows = {
  unreachable: [0x00, '->'],
  nop: [0x01, '->'],
  block: [0x02, '->', 'block'],
  loop: [0x03, '->', 'block'],
  if: [0x04, 'i32 ->', 'block'],
  else: [0x05, '->'],
  end: [0x0b, '->'],
  br: [0x0c, '->', 'label'],
  br_if: [0x0d, 'i32 ->', 'label'],
  br_table: [0x0e, 'i32 ->', 'labels'],
  return: [0x0f, '->'],
  call: [0x10, '->', 'function'],
  drop: [0x1a, '->'],
  select: [0x1b, 'i32 ->'],
  'local.get': [0x20, '->', 'local'],
  'local.set': [0x21, '->', 'local'],
  'local.tee': [0x22, '->', 'local'],
  'global.get': [0x23, '->', 'global'],
  'global.set': [0x24, '->', 'global'],
} as const satisfies Rows;
