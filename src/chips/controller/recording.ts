import { at, Memory, type RecordedFrom, type RecordingAbout } from '../api.ts';
import type { DataController } from './controller.ts';
import { InputRecorder } from './record.ts';
import { type ControllerTrace, controllerFormat, type Memories } from './trace.ts';

/** A recording of a chip from here on. */
export function recordingOf(chip: DataController, { name, description, source }: RecordingAbout) {
  const memories = memoriesOf(chip);
  const recorder = new InputRecorder(chip);
  const { core, seed } = at(chip.cores, 0).image;
  return {
    send: (input: string, values: readonly number[]): void => {
      recorder.send(input, values);
    },
    finish: (): ControllerTrace => ({
      format: controllerFormat,
      name,
      description,
      ...sourceOf(source),
      precision: core.precision,
      seed,
      memories,
      ...recorder.finish(),
    }),
  };
}

/** The contents of a chip's memories that differ from its image. */
function memoriesOf(chip: DataController): Memories {
  const { registers = {}, tables = {} } = chip.data;
  const { image } = at(chip.cores, 0);
  const contents = new Memory(image);
  const held = [
    ...Object.entries(registers).map(([name, { initial = 0 }]) => ({ name, initially: () => [initial] })),
    ...Object.entries(tables).flatMap(([name, { entry }]) =>
      Object.keys(entry).map((field) => ({
        name: `${name}.${field}`,
        initially: (): ArrayLike<number> => [],
      })),
    ),
    ...image.fields
      .filter(({ layout, view, fixed }) => layout !== undefined && view === undefined && fixed !== true)
      .map((field) => ({ name: field.name, initially: () => contents.access(image, field).readAll() })),
  ];
  return chip.cores.map((_, core) =>
    Object.fromEntries(
      held.flatMap(({ name, initially }) => {
        const values = Array.from(chip.read(name, core));
        const before = initially();
        return values.every((value, index) => value === (before[index] ?? 0)) ? [] : [[name, values]];
      }),
    ),
  );
}

function sourceOf(
  source: RecordedFrom | undefined,
): Pick<ControllerTrace, 'program' | 'hwModel' | 'image' | 'settings'> {
  if (source === undefined) return {};
  if ('image' in source) return { image: source.image };
  const { program, hwModel, settings } = source;
  const of = (what: 'program' | 'hw') =>
    Object.fromEntries(
      settings
        .filter((setting) => setting.startsWith(`${what}.`))
        .map((setting) => {
          const equals = setting.indexOf('=');
          return [setting.slice(what.length + 1, equals), JSON.parse(setting.slice(equals + 1)) as unknown];
        }),
    );
  return { program, hwModel, settings: { program: of('program'), hw: of('hw') } };
}
