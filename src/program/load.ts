import { assemble, type Kernel } from '../isa/index.ts';
import {
  type Located,
  type Override,
  type Path,
  PlasticoreError,
  parseYaml,
  type Resolve,
  resolveAt,
  type SourceText,
  suggest,
} from '../text/index.ts';
import { type Program, refuse } from './program.ts';
import { type ProgramSpec, programSchema } from './schema.ts';

/**
 * Reads a program and the microcode that it names.
 *
 * @param overrides replace parts of the program before it is checked
 * @throws PlasticoreError with the place of the first fault
 */
export function loadProgram(
  source: SourceText,
  resolve: Resolve,
  overrides: readonly Override[] = [],
): Program {
  const located = parseYaml(source.text, source.file, programSchema, overrides);
  const spec = located.value;
  checkNames(located);
  const parts = Object.entries(spec.microcode).map(([part, microcode]): SourceText => {
    const place = located.locate(['microcode', part]);
    if (typeof microcode === 'object')
      return { text: microcode.text, file: `${source.file} microcode.${part}` };
    return resolveAt(microcode, place.file ?? source.file, place, resolve);
  });
  const kernels = new Map<string, Kernel>();
  for (const kernel of parts.flatMap(({ text, file }) => assemble(text, file))) {
    const earlier = kernels.get(kernel.name);
    if (earlier !== undefined) {
      throw new PlasticoreError(
        'microcode',
        `kernel '${kernel.name}' is also defined in ${earlier.place.file}`,
        { ...kernel.place, hint: 'all parts of a program share one name space: rename one of the kernels' },
      );
    }
    kernels.set(kernel.name, kernel);
  }
  const sources = [source, ...parts];
  return { spec, kernels, sources, locate: located.locate };
}

function checkNames({ value: spec, locate }: Located<ProgramSpec>): void {
  const populations = Object.keys(spec.populations);
  const known = (name: string, path: Path) => {
    if (!populations.includes(name))
      refuse({ locate }, path, `there is no population '${name}'`, suggest(name, populations));
  };
  if (spec.input !== undefined) known(spec.input, ['input']);
  for (const [name, projection] of Object.entries(spec.projections)) {
    known(projection.from, ['projections', name, 'from']);
    known(projection.to, ['projections', name, 'to']);
    if (name in spec.populations)
      refuse({ locate }, ['projections', name], `'${name}' names a population and a projection`);
  }
  for (const name of Object.keys(spec.events.spike)) known(name, ['events', 'spike', name]);
  for (const name of Object.keys(spec.events.previousSpike)) {
    const path = ['events', 'previousSpike', name];
    known(name, path);
    if (name === spec.input)
      refuse(
        { locate },
        path,
        `the host supplies the spikes of '${name}' in each step: the core keeps none of them for the next`,
        `list what they trigger in events.spike.${name}`,
      );
  }
}
