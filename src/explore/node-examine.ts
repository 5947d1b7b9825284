import { checkData, dataHash, describeInput, imageHash, planRecording } from '../experiment/index.ts';
import { type DataLoader, dataOf, keepingLoader } from '../experiment/node.ts';
import { PlasticoreError } from '../text/index.ts';
import type { Design } from './sweep.ts';
import type { DesignContent, Refusal } from './sweep-plan.ts';

export interface ExamineOptions {
  /** Path of the data set; replaces the experiment's. */
  readonly data?: string | undefined;
  readonly record?: string | undefined;
  /** Whether to compute the data's SHA-256. Otherwise, it is ''. */
  readonly isHashed: boolean;
}

/**
 * Compiles each design and finds the data it would see, or the reason why it does not compile if other designs do.
 *
 * @throws PlasticoreError for a fault of every design, apart from not fitting
 */
export async function examineDesigns(
  designs: readonly Design[],
  options: ExamineOptions,
): Promise<ReadonlyMap<Design, DesignContent | Refusal>> {
  const load = keepingLoader();
  const contents = new Map<Design, DesignContent | Refusal>();
  const faults: PlasticoreError[] = [];
  for (const design of designs) {
    const found = await examine(design, load, options).catch((error: unknown) => {
      if (!(error instanceof DesignFault)) throw error;
      const { fault } = error;
      if (fault.code !== 'fit') faults.push(fault);
      return refusalOf(fault);
    });
    contents.set(design, found);
  }
  if (faults[0] !== undefined && faults.length === designs.length) throw faults[0];
  return contents;
}

async function examine(
  design: Design,
  load: DataLoader,
  { data: chosen, record, isHashed }: ExamineOptions,
): Promise<DesignContent> {
  const cell = ofDesign(() => design.compile(0));
  const { image, epochs, limit, validation, settings } = cell;
  if (record !== undefined) planRecording(record, image);
  const data = await load(cell, chosen ?? dataOf(design.experiment));
  ofDesign(() => checkData(cell, data));
  return {
    program: image.program,
    hwModel: image.core.hwModel,
    encoder: describeInput(cell),
    epochs,
    limit: limit ?? null,
    validation: validation ?? null,
    settings,
    sources: Object.fromEntries(image.provenance.sources.map(({ file, sha256 }) => [file, sha256])),
    dataSha256: isHashed ? dataHash(data) : '',
    imageSha256: isHashed ? imageHash(cell) : '',
  };
}

/** A fault of one design that does not affect the others. */
class DesignFault extends Error {
  readonly fault: PlasticoreError;

  constructor(fault: PlasticoreError) {
    super(fault.message);
    this.fault = fault;
  }
}

function ofDesign<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof PlasticoreError ? new DesignFault(error) : error;
  }
}

function refusalOf({ code, message, hint }: PlasticoreError): Refusal {
  return {
    status: code === 'fit' ? 'misfit' : 'failed',
    reason: [message, ...(hint === undefined ? [] : [hint])].join('; '),
  };
}
