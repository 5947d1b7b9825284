import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { energy, grouped, percent, shareOfPj } from '../../../src/report/index.ts';
import { tableOf } from '../../../src/text/index.ts';
import { type Design, roundingRules, type SettingValue } from '../../shared/design.ts';
import type { Knobs } from '../../shared/protocol.ts';
import { pinPresent } from '../pinning.ts';
import { bench, pinned } from '../store.ts';
import { Panel } from './panel.tsx';

const laneChoices = [1, 2, 4, 8, 16, 32, 64] as const;
const wordFactors = [0.25, 0.5, 1, 2, 4] as const;
const hiddenChoices = [8, 16, 32, 64, 128, 256, 512] as const;
const roundingSetting = 'program.microcode.update';

/** Sliders: each changes the design, which then starts anew. */
export function KnobsPanel() {
  const opened = bench.opened.value;
  if (opened === undefined) return null;
  const { knobs, ownKnobs } = opened;
  const { settings } = bench.design.value;
  const changed = Object.keys(settings).length > 0 || bench.design.value.precision !== undefined;
  return (
    <Panel
      id="knobs"
      title="Change one thing"
      about="Each change compiles the design anew, and it learns from its first sample. Pin the design first if you want to see both side by side."
    >
      <Present />
      {/* What runs until another experiment or core is compiled has knobs of its own. */}
      <fieldset class="knobs" disabled={!isOf(opened.design)}>
        <legend class="hidden">Settings</legend>
        <Programs />
        <Precision />
        {knobs.hidden.map(({ population, size }) => (
          <Slider
            key={population}
            id={`hidden-${population}`}
            label={`Neurons in ${population}`}
            choices={withOwn(
              hiddenChoices,
              ownKnobs.hidden.find((each) => each.population === population)?.size,
            )}
            value={wished(
              `program.populations.${population}.size`,
              size,
              ownKnobs.hidden.find((each) => each.population === population)?.size,
            )}
            shown={String}
            onChoice={(value) => set({ [`program.populations.${population}.size`]: value })}
          />
        ))}
        {knobs.lanes !== undefined && ownKnobs.lanes !== undefined && (
          <Slider
            id="lanes"
            label="Lanes, the arithmetic units of the core"
            choices={withOwn(laneChoices, ownKnobs.lanes)}
            value={wished('hw.lanes', knobs.lanes, ownKnobs.lanes)}
            shown={(lanes) => (lanes === 1 ? '1 alone' : `${lanes} at the same time`)}
            onChoice={(value) => set({ 'hw.lanes': value })}
          />
        )}
        <WordWidth knobs={knobs} own={ownKnobs} />
        {ownKnobs.rounding !== undefined && (
          <label class="knob">
            <span>Rounding of updates</span>
            <select
              id="rounding"
              value={knobs.rounding ?? ownKnobs.rounding}
              onChange={({ currentTarget }) => {
                const chosen = currentTarget.value as keyof typeof roundingRules;
                set({
                  [roundingSetting]:
                    chosen === ownKnobs.rounding ? undefined : `programs/${roundingRules[chosen]}`,
                });
              }}
            >
              {Object.keys(roundingRules).map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
      </fieldset>
      <div class="row">
        <button
          type="button"
          id="restore"
          disabled={!changed}
          onClick={() => void bench.change({ settings: {}, precision: undefined })}
        >
          Undo all
        </button>
        <span class="about">
          {bench.isOpening.value ? 'Compiling …' : `Compiled in ${Math.round(opened.compiledMs)} ms.`}
        </span>
      </div>
    </Panel>
  );
}

/** Whether the latest design is of an experiment and core. */
function isOf({ experiment, hw }: Pick<Design, 'experiment' | 'hw'>): boolean {
  const { design } = bench;
  return experiment === design.value.experiment && hw === design.value.hw;
}

/** What the present design comes to so far, beside the sliders that change it. */
function Present() {
  const opened = bench.opened.value;
  const heldOut = bench.points.value.at(-1)?.heldOut;
  const cost = bench.cost.value;
  if (opened === undefined || cost === undefined) return null;
  const figures = [
    ...(heldOut === undefined ? [] : [`${percent(heldOut)} right`]),
    `${grouped(opened.memory.totalBits / 8000)} kB`,
    ...(cost.samples === 0 ? [] : [`${energy(shareOfPj(cost.energyPj, cost.samples))} a sample`]),
  ];
  return (
    <div class="row" id="present">
      <span>
        Now: <strong>{figures.join(' · ')}</strong>
      </span>
      {pinned.value === undefined && (
        <button type="button" onClick={pinPresent}>
          Pin this
        </button>
      )}
    </div>
  );
}

/** What was asked for last, be it compiled or not; what runs, where a setting is not a number. */
function wished(path: string, runs: number, own: number | undefined): number {
  const setting = bench.design.value.settings[path];
  if (setting === undefined) return own ?? runs;
  return typeof setting === 'number' ? setting : runs;
}

/** Changes settings; `undefined` takes one back. */
function set(part: Readonly<Record<string, SettingValue | undefined>>): void {
  const joined: Record<string, SettingValue | undefined> = tableOf({
    ...bench.design.value.settings,
    ...part,
  });
  const settings = Object.fromEntries(
    Object.entries(joined).flatMap(([path, value]) => (value === undefined ? [] : [[path, value] as const])),
  );
  void bench.change({ settings });
}

/** The programs that an experiment compares, of which one runs. */
function Programs() {
  const { programs = [], program } = bench.opened.value ?? {};
  if (programs.length === 0) return null;
  const path = 'experiment.program';
  return (
    <label class="knob">
      <span>Program</span>
      <select
        id="program"
        value={String(bench.design.value.settings[path] ?? program)}
        onChange={({ currentTarget }) => set({ [path]: currentTarget.value })}
      >
        {programs.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function Precision() {
  const opened = bench.opened.value;
  if (opened === undefined || opened.precisions.length < 2) return null;
  const asked = bench.design.value.precision ?? opened.precision;
  // A report or a link may bring one that the experiment does not list.
  const ordered = [...new Set([...opened.precisions, asked])].sort((a, b) => bitsOf(a) - bitsOf(b));
  return (
    <Slider
      id="precision"
      label="Precision"
      choices={ordered.map((_, index) => index)}
      value={ordered.indexOf(asked)}
      shown={(index) => inWords(ordered[index] ?? '')}
      onChoice={(index) => void bench.change({ precision: ordered[index] })}
    />
  );
}

/** Orders precisions by the bits of their weights, then of their shadow weights. */
function bitsOf(precision: string): number {
  const [, shadow = '32', weight = '32'] = /^mp(\d+)-(\d+)$/.exec(precision) ?? [];
  return 100 * Number(weight) + Number(shadow);
}

function inWords(precision: string): string {
  const [, shadow, weight] = /^mp(\d+)-(\d+)$/.exec(precision) ?? [];
  if (shadow === undefined) return precision === 'fp32' ? '32-bit floats' : precision;
  return `${weight}-bit weights, cut from ${shadow}-bit shadow weights`;
}

/** One factor for the words of all banks. */
function WordWidth({ knobs, own }: { readonly knobs: Knobs; readonly own: Knobs }) {
  const [first] = Object.entries(own.wordBits);
  if (first === undefined) return null;
  const [bank, bits] = first;
  const factor = wished(`hw.banks.${bank}.wordBits`, knobs.wordBits[bank] ?? bits, bits) / bits;
  return (
    <Slider
      id="word"
      label="Bits of a memory word, by bank"
      choices={wordFactors.map((each) => each)}
      value={factor}
      shown={(each) =>
        Object.entries(own.wordBits)
          .map(([name, width]) => `${name} ${width * each}`)
          .join(', ')
      }
      onChoice={(chosen) =>
        set(
          Object.fromEntries(
            Object.entries(own.wordBits).map(([name, width]) => [
              `hw.banks.${name}.wordBits`,
              chosen === 1 ? undefined : width * chosen,
            ]),
          ),
        )
      }
    />
  );
}

/** The choices, with the design's own value among them, in order. */
function withOwn(choices: readonly number[], own: number | undefined): readonly number[] {
  return [...new Set(own === undefined ? choices : [...choices, own])].sort((a, b) => a - b);
}

interface SliderProps {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly number[];
  readonly value: number;
  shown(value: number): string;
  onChoice(value: number): void;
}

/** A slider over a list of choices. It tells each at once, and asks for the last one when it rests. */
function Slider({ id, label, choices, value, shown, onChoice }: SliderProps) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** Where it was moved to just now. */
  const moved = useSignal<number | undefined>(undefined);
  const at = Math.max(0, choices.indexOf(moved.value ?? value));
  return (
    <label class="knob">
      <span>{label}</span>
      <input
        type="range"
        id={id}
        aria-busy={moved.value !== undefined}
        min={0}
        max={choices.length - 1}
        step={1}
        value={at}
        aria-valuetext={shown(choices[at] ?? value)}
        onInput={({ currentTarget }) => {
          const chosen = choices[Number(currentTarget.value)];
          const { experiment, hw } = bench.design.value;
          clearTimeout(timer.current);
          moved.value = chosen;
          timer.current = setTimeout(() => {
            moved.value = undefined;
            // Another experiment or core has been chosen meanwhile: it was not meant.
            if (!isOf({ experiment, hw })) return;
            if (chosen !== undefined && chosen !== value) onChoice(chosen);
          }, 120);
        }}
      />
      <output for={id}>{shown(choices[at] ?? value)}</output>
    </label>
  );
}
