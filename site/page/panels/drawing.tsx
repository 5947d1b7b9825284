import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Opened, SampleView } from '../../shared/protocol.ts';
import { digitSide, toDigit } from '../draw/digit.ts';
import { Pad, padSide } from '../draw/pad.tsx';
import { numbered } from '../numbered.ts';
import { bench } from '../store.ts';
import { Panel } from './panel.tsx';
import { Answer, Chain } from './sample.tsx';
import { TaughtFigures } from './taught.tsx';

/** Whether a person can draw what the design is asked. */
export function canDraw({ pictureSide, canWatch }: Opened): boolean {
  return pictureSide === digitSide && canWatch;
}

/** A digit of one's own: asked, and taught. */
export function Drawing() {
  const opened = bench.opened.value;
  const cleared = useSignal(0);
  const view = useSignal<SampleView | undefined>(undefined);
  const chosen = useSignal<number | undefined>(undefined);
  const said = useSignal('');
  const digit = useRef<Uint8Array>(new Uint8Array(digitSide * digitSide));
  const asking = useRef({ isBusy: false, isDue: false });

  /** One question at a time: while one is on its way, only the latest drawing waits. */
  const ask = async (): Promise<void> => {
    if (asking.current.isBusy) {
      asking.current.isDue = true;
      return;
    }
    asking.current = { isBusy: true, isDue: false };
    const outcome = await bench.ask(digit.current);
    asking.current.isBusy = false;
    if (outcome?.ok === true) view.value = outcome.value;
    else if (outcome !== undefined) said.value = outcome.error.message;
    if (asking.current.isDue) await ask();
  };
  const { classes = 0, answers = 0 } = opened ?? {};
  // Where a class is left that the data do not have, it is what a person comes to teach.
  const own = answers > classes ? classes : 0;
  const label = chosen.value !== undefined && chosen.value < answers ? chosen.value : own;
  const teach = async (): Promise<void> => {
    const outcome = await bench.teach(digit.current, label);
    if (outcome?.ok !== true) {
      said.value = outcome?.error.message ?? '';
      return;
    }
    view.value = outcome.value;
    said.value = `It has learnt your drawing as a ${label}, and now answers ${outcome.value.answer}.`;
  };
  const clear = (): void => {
    cleared.value += 1;
    view.value = undefined;
    said.value = '';
    digit.current = new Uint8Array(digitSide * digitSide);
  };
  if (opened === undefined) return null;
  const isEmpty = view.value === undefined;
  return (
    <Panel id="draw" title="Draw a digit">
      <div class="drawing">
        <Pad
          cleared={cleared.value}
          onInk={(ink) => {
            digit.current = toDigit(ink, padSide);
            void ask();
          }}
        />
        {view.value === undefined ? (
          <p class="about">It answers here while you draw.</p>
        ) : (
          <Answer sample={view.value} isAsked={opened.classes > 0} />
        )}
      </div>
      <div class="row">
        <button type="button" id="clear" onClick={clear} disabled={isEmpty}>
          Clear
        </button>
        <label>
          It is a{' '}
          <select
            id="teach-label"
            value={label}
            onChange={({ currentTarget }) => {
              chosen.value = Number(currentTarget.value);
            }}
          >
            {numbered(new Array<undefined>(answers).fill(undefined)).map(({ number }) => (
              <option key={number} value={number}>
                {number < classes ? number : `${number}, a new one`}
              </option>
            ))}
          </select>
        </label>
        <button type="button" id="teach" onClick={() => void teach()} disabled={isEmpty}>
          Teach it
        </button>
      </div>
      <p class="said" role="status">
        {said.value}
      </p>
      <TaughtFigures />
      {view.value !== undefined && (
        <details>
          <summary>How it came to its answer</summary>
          <Chain opened={opened} sample={view.value} />
        </details>
      )}
    </Panel>
  );
}
