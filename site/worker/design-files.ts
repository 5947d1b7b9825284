/** A design as files that the command line runs to the same bytes. */
import { yamlText } from '../../src/text/index.ts';
import type { Compiled } from './opened.ts';

export function designFiles({ design, experiment, program }: Compiled): Readonly<Record<string, string>> {
  void yamlText;
  return {
    'experiment.yaml': experiment.source.text,
    design: JSON.stringify(design),
    program: program.spec.name,
  };
}
