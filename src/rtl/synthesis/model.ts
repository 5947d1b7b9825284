import type { HwModel } from '../../hardware/index.ts';
import type { CoreImage } from '../../image/index.ts';
import { type Override, tableOf, yamlText } from '../../text/index.ts';

/** The design that was synthesised, and the tools. */
export interface SynthesisedDesign {
  readonly image: Pick<CoreImage, 'program' | 'core'>;
  readonly hw: HwModel;
  /** The hw-model that the new one extends, as its file refers to it, and what was set of it. */
  readonly extended: string;
  readonly settings: readonly Override[];
  /** Names and versions of the tools. */
  readonly tools: string;
}

/**
 * The text of an hw-model that extends another one by figures of a synthesis tool.
 *
 * @param part what it was synthesised for, in its name
 * @param figures keys of the model; figures name the source `synthesis`
 * @param how how they follow from what the tool reports; empty where they are just that
 */
export function synthesisedModel(
  { image, hw, extended, settings, tools }: SynthesisedDesign,
  part: string,
  figures: Readonly<Record<string, unknown>>,
  how = '',
): string {
  const { program, core } = image;
  const what = `${program} at ${core.precision} on ${core.lanes} lane${core.lanes === 1 ? '' : 's'}`;
  const model = tableOf<unknown>({
    format: 'plasticore/hw-model/1',
    extends: extended,
    name: `${hw.name}-${part}`,
    description: `${hw.description}; hard-wired for ${what}, as synthesised`,
    sequencer: 'hardwired',
    sources: {
      synthesis: {
        cite: `${tools}: ${what}${how === '' ? '' : `; ${how}`}`,
        kind: 'synthesised',
        checked: 'primary',
      },
    },
  });
  for (const { path, value } of settings) put(model, path.map(String), value);
  for (const [key, value] of Object.entries(figures)) model[key] = joined(model[key], value);
  return `# yaml-language-server: $schema=node_modules/plasticore/schemas/hw-model.schema.json\n${yamlText(model)}`;
}

function put(into: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  const inner = isTable(into[key]) ? { ...into[key] } : {};
  put(inner, rest, value);
  into[key] = inner;
}

function joined(below: unknown, above: unknown): unknown {
  return isTable(below) && isTable(above) ? { ...below, ...above } : above;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
