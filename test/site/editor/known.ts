import { bundledTexts } from '../../../scripts/bundled-texts.ts';
import { type Vocabulary, vocabularyOf } from '../../../site/page/editor/code/names.ts';
import { loadCell, loadExperiment, noSettings, resolveCell } from '../../../src/experiment/index.ts';
import { findAmong } from '../../../src/text/index.ts';

export const texts: Readonly<Record<string, string>> = bundledTexts();
const find = findAmong(texts);

/** A bundled experiment, compiled, with the names that the page knows of it, and its files. */
export function compiled(name: string) {
  const experiment = loadExperiment(find('experiment', name, ''));
  const choice = { settings: noSettings };
  const loaded = loadCell(experiment, choice, find);
  const { image } = resolveCell(experiment, choice, find, loaded);
  const [programSource, ...rules] = loaded.program.sources;
  const known: Vocabulary = vocabularyOf({
    populations: image.populations,
    projections: image.projections.map(({ name: projection, source, target }) => ({
      name: projection,
      from: image.populations[source]?.name ?? '',
      to: image.populations[target]?.name ?? '',
    })),
    fields: image.fields.map((field) => field.name),
    kernels: image.work.map((row) => ({ name: row })),
    programText: programSource?.text ?? '',
    coreText: texts[`hw-models/${experiment.spec.hw}.yaml`] ?? '',
  });
  return { known, program: programSource?.file ?? '', rules: rules.map(({ file }) => file) };
}
