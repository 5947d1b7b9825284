import { readFileSync, writeFileSync } from 'node:fs';
import { formatTrace, readCoreTrace } from '../../src/trace/index.ts';
import { coreText, simulate } from './simulate.ts';

// npx tsx test/rtl/main.ts MODEL_TRACE MEMORIES RTL_TRACE
//
// Simulates lif8.v on the stimulus of a trace, with the memories in a folder, and writes the results as another trace.

const [model, folder, output, ...more] = process.argv.slice(2);
if (model === undefined || folder === undefined || output === undefined || more.length > 0) {
  console.error('usage: npx tsx test/rtl/main.ts MODEL_TRACE MEMORIES RTL_TRACE');
  process.exitCode = 2;
} else {
  const trace = readCoreTrace(readFileSync(model, 'utf8'), model);
  writeFileSync(output, formatTrace(simulate(trace, folder, coreText())));
}
