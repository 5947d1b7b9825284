import { basename } from 'node:path';
import { defaultValidationFraction, usualFeatureEncoder } from '../data/index.ts';
import {
  type Cell,
  type CellChoice,
  checkImageChoice,
  fileNaming,
  resolveCell,
} from '../experiment/index.ts';
import { dataOf } from '../experiment/node.ts';
import { findFile } from '../fs/index.ts';
import { canLearn } from '../image/index.ts';
import type { TraceSource } from '../trace/index.ts';
import { readImageFile, readPlacementFile, referenceFrom } from './files.ts';
import { openExperimentOf, settingsOf } from './open-experiment.ts';
import type { Terminal } from './terminal.ts';

/** A command line's choice of the cell to run: the values of `cellOptions`, and the rest of a `CellChoice`. */
export interface CellLine extends Omit<CellChoice, 'settings' | 'placement'> {
  /** An experiment, or an image. */
  readonly experiment: string;
  readonly data: string | undefined;
  /** A placement file. */
  readonly placement?: string | undefined;
  readonly set: readonly string[] | undefined;
  /** A module with the controller of the core. */
  readonly chip?: string | undefined;
}

/** A cell, and what it was made from. */
export interface ChosenCell {
  readonly cell: Cell;
  readonly data: string | undefined;
  /** The cell's origin, as a file at a given path refers to it. */
  sourceFrom(file: string): TraceSource;
}

/** Resolves the cell that a command line names. */
export async function chooseCell(line: CellLine, terminal: Terminal): Promise<ChosenCell> {
  const { chip: _, ...cellLine } = line;
  const settings = settingsOf(line);
  const choice: CellChoice = { ...cellLine, settings, placement: readPlacementFile(line.placement) };
  if (line.experiment.endsWith('.pcore')) {
    const sourceFrom = (file: string) => ({
      image: referenceFrom(file, { name: line.experiment, from: '' }),
    });
    return { cell: imageCell(line.experiment, choice), data: line.data, sourceFrom };
  }
  const { experiment } = await openExperimentOf(line, terminal);
  const cell = resolveCell(experiment, choice, findFile);
  const { spec } = experiment;
  const hw =
    line.hw === undefined
      ? { name: spec.hw, from: fileNaming(experiment, 'hw') }
      : { name: line.hw, from: '' };
  const program = { name: spec.program, from: fileNaming(experiment, 'program') };
  const sourceFrom = (file: string) => ({
    program: referenceFrom(file, program),
    hwModel: referenceFrom(file, hw),
    settings: cell.settings,
  });
  return { cell, data: line.data ?? dataOf(experiment), sourceFrom };
}

/** An image runs with the settings it was compiled for; the cell's other settings have defaults. */
function imageCell(file: string, choice: CellChoice): Cell {
  const image = readImageFile(file);
  checkImageChoice(image, choice);
  return {
    name: basename(file),
    image,
    encoder: choice.encoder ?? usualFeatureEncoder,
    epochs: choice.epochs ?? Number(canLearn(image)),
    limit: choice.limit,
    validation: choice.validate === true ? defaultValidationFraction : choice.validate,
    settings: [],
  };
}
