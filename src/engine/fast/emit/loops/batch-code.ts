import { type FunctionBuilder, type Local, whileLess } from '../../builder/index.ts';
import { chooseMode, partsOf, postFields, staysInColumns } from '../../plan/analysis/index.ts';
import { type ItemCode, KernelFrame, kernelParts, type ModuleContext } from '../body/index.ts';
import { withConstants } from '../ops/index.ts';
import { KernelCode } from './kernel-code.ts';

/** Neurons whose spikes are served together: the address of the first, u32 each, and how many. */
export interface Batch {
  readonly first: Local;
  readonly count: Local;
}

/** As many vectors of post-synaptic fields as stay in the processor's registers beside what a kernel computes. */
const mostResident = 8;

/** Writes the code of the runs of a kernel for all spikes of a batch. */
export function writeKernelBatch(
  f: FunctionBuilder,
  index: number,
  context: ModuleContext,
  { first, count }: Batch,
): void {
  const { image } = context;
  const kernel = image.kernels[index];
  if (kernel === undefined) throw new Error(`no kernel ${index}`);
  // A batch is only for kernels whose columns are one part.
  const [part] = partsOf(kernel, image, chooseMode(kernel, image));
  if (part === undefined) throw new Error(`kernel ${kernel.name} has no columns`);
  const { mode } = part;
  withConstants(f, [first, count], (constants, [ownFirst = first, ownCount = count]) => {
    const neuron = constants.f.local('i32');
    const frame = new KernelFrame(constants.f, constants, index, mode, context, neuron, part);
    frame.count(frame.counters.runs, ownCount);
    const each = (body: () => void): void => forEach(frame.f, ownFirst, ownCount, neuron, body);
    if (staysInColumns(image, kernel, mode.mode)) new ColumnsCode(frame, each).write();
    else each(() => new KernelCode(frame).write());
  });
}

/** Runs the body for each neuron of a batch. */
function forEach(f: FunctionBuilder, first: Local, count: Local, neuron: Local, body: () => void): void {
  const next = f.local('i32');
  const end = f.local('i32');
  f.get(first);
  f.tee(next);
  f.get(count);
  f.i32.const(2);
  f.i32.shl();
  f.i32.add();
  f.set(end);
  whileLess(f, next, end, 4, () => {
    f.get(next);
    f.i32.load();
    f.set(neuron);
    body();
  });
}

/** Code of a row kernel that takes all spikes for some columns, whose post-synaptic fields it keeps in variables. */
class ColumnsCode {
  readonly #frame: KernelFrame;
  readonly #each: (body: () => void) => void;
  readonly #items: ItemCode;

  constructor(frame: KernelFrame, each: (body: () => void) => void) {
    this.#frame = frame;
    this.#each = each;
    this.#items = kernelParts(frame).items;
  }

  write(): void {
    const { block, vector, kernel } = this.#frame;
    const fields = postFields(kernel).size;
    let most = mostResident;
    while (most * fields > mostResident && most * vector > block) most /= 2;
    this.#frame.forBlocks(most, (column) => this.#writeBlock(column));
  }

  #writeBlock(column: Local): void {
    const { f, kernel, ports, resident } = this.#frame;
    this.#frame.at(column, undefined, () => {
      for (const field of postFields(kernel)) {
        const kept = Array.from({ length: this.#frame.vectors }, () => f.local('v128'));
        this.#frame.forVectors((vector) => {
          ports.load(field, this.#frame.address(field, 'post'));
          const local = kept[vector];
          if (local !== undefined) f.set(local);
        });
        resident.set(field, kept);
      }
      this.#each(() => this.#writeRow());
      for (const [field, kept] of resident) {
        if (!this.#frame.stores(field)) continue;
        this.#frame.forVectors((vector) => {
          const local = kept[vector];
          if (local !== undefined) ports.store(field, this.#frame.address(field, 'post'), local);
        });
      }
      resident.clear();
    });
  }

  #writeRow(): void {
    this.#frame.startRows(this.#frame.pre);
    this.#items.writeUniform();
    this.#frame.forVectors(() => this.#items.writeBody());
  }
}
