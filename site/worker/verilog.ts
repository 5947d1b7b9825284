import { defaultEngine } from '../../src/engine/index.ts';
import { limitData } from '../../src/experiment/index.ts';
import { coreImageOf, isSpread } from '../../src/image/index.ts';
import { planCore, rtlFiles } from '../../src/rtl/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { presentedFiles, samplesOfBench, traceOf } from '../../src/trace/index.ts';
import bench from '../../templates/rtl/bench.sv';
import boardBench from '../../templates/rtl/bench_board.sv';
import board from '../../templates/rtl/board.sv';
import makefile from '../../templates/rtl/core.mk';
import host from '../../templates/rtl/host.py';
import line from '../../templates/rtl/line.py';
import readme from '../../templates/rtl/README.txt';
import stream from '../../templates/rtl/top_stream.sv';
import uart from '../../templates/rtl/uart.sv';
import vivado from '../../templates/rtl/vivado.tcl';
import type { CompiledDesign } from './compile.ts';
import { type LoadOwn, samplesOf } from './data.ts';
import { loadDigits } from './digits.ts';

/** The build puts their texts in their places. */
const templates = {
  'README.txt': readme,
  'core.mk': makefile,
  'top_stream.sv': stream,
  'uart.sv': uart,
  'board.sv': board,
  'bench_board.sv': boardBench,
  'vivado.tcl': vivado,
  'bench.sv': bench,
  'host.py': host,
  'line.py': line,
};

/** No trace is among the files: it would name a program and a core that are not. */
const noSource = { image: '' };

/**
 * The core of a design as Verilog, with a bench for a sample that it learns and one that it is asked.
 *
 * @param own loads a person's own data; undefined if there are none
 * @throws PlasticoreError `fit` for what is not written in Verilog
 */
export async function verilogFiles(
  { cell, experiment, hw }: CompiledDesign,
  own: LoadOwn | undefined,
): Promise<Readonly<Record<string, string>>> {
  const { image } = cell;
  if (cell.chip !== undefined)
    throw new PlasticoreError('fit', `'${cell.name}' hosts a chip with a controller of its own`, {
      hint: 'choose a core without a controller, such as reference',
    });
  if (isSpread(image))
    throw new PlasticoreError('fit', `${image.program} is placed on ${image.cores.length} cores`, {
      hint: 'the page writes Verilog for networks on one core, such as reference; the command line writes each core of a larger one',
    });
  const core = coreImageOf(image);
  const { sources, others } = rtlFiles(planCore(core, hw), templates);
  const few = { ...cell, epochs: Math.min(cell.epochs, samplesOfBench), limit: samplesOfBench };
  const data = limitData(await samplesOf({ cell: few, experiment }, own, loadDigits), samplesOfBench);
  const trace = traceOf(few, data, noSource);
  return Object.fromEntries([...sources, ...others, ...presentedFiles(trace, core, defaultEngine)]);
}
