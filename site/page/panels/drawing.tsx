import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { toDigit } from '../draw/digit.ts';
import { OwnDrawing } from '../draw/own-drawing.ts';
import { Pad, padSide } from '../draw/pad.tsx';
import { numbered } from '../numbered.ts';
import { bench } from '../store.ts';
import { Panel } from './panel.tsx';
import { Answer, Chain } from './sample.tsx';
import { TaughtFigures } from './taught.tsx';

/** A digit of one's own: asked, and taught. */
export function Drawing() {
  const opened = bench.opened.value;
  const cleared = useSignal(0);
  const chosen = useSignal<number | undefined>(undefined);
  const [drawing] = useState(() => new OwnDrawing(bench));
  useEffect(() => drawing.follow(), [drawing]);
  if (opened === undefined) return null;
  const { classes, answers, learns } = opened;
  const answer = drawing.answer.value;
  const taughtAs = drawing.taughtAs.value;
  // Where a class is left that the data do not have, it is what a person comes to teach. Else, only a person knows
  // what is drawn.
  const own = answers > classes ? classes : undefined;
  const label = chosen.value !== undefined && chosen.value < answers ? chosen.value : own;
  const clear = (): void => {
    cleared.value += 1;
    chosen.value = undefined;
    drawing.clear();
  };
  return (
    <Panel id="draw" title="Draw a digit">
      <div class="drawing">
        <Pad
          cleared={cleared.value}
          isEmpty={drawing.isEmpty.value}
          onInk={(ink) => void drawing.draw(toDigit(ink, padSide))}
        />
        {answer === undefined ? (
          <p class="about">
            {drawing.isEmpty.value ? 'The answer appears here while you draw.' : 'The core is asked …'}
          </p>
        ) : (
          <Answer sample={answer} opened={opened} />
        )}
      </div>
      <div class="row">
        <button type="button" id="clear" onClick={clear} disabled={drawing.isEmpty.value}>
          Clear
        </button>
        {learns ? (
          <>
            <label>
              It is a{' '}
              <select
                id="teach-label"
                value={label ?? ''}
                onChange={({ currentTarget }) => {
                  chosen.value = Number(currentTarget.value);
                }}
              >
                {label === undefined && <option value="">?</option>}
                {numbered(new Array<undefined>(answers).fill(undefined)).map(({ number }) => (
                  <option key={number} value={number}>
                    {number < classes ? number : `${number}, a new one`}
                  </option>
                ))}
              </select>
            </label>
            <button
              type="button"
              id="teach"
              onClick={() => label !== undefined && void drawing.teach(label)}
              disabled={answer === undefined || label === undefined}
            >
              Teach it
            </button>
          </>
        ) : (
          <span class="about" id="teach-not">
            You cannot teach this network: its program has no rule that learns.
          </span>
        )}
      </div>
      <p class="said" role="status">
        {drawing.fault.value}
        {taughtAs !== undefined &&
          answer !== undefined &&
          `It has learnt your drawing as a ${taughtAs}, and now answers ${answer.answer}.`}
      </p>
      <TaughtFigures />
      {answer !== undefined && (
        <details>
          <summary>How it came to its answer</summary>
          <p class="about">
            {answer.scores.length === 0
              ? 'The host of this chip reads the answer from the spikes that the chip sends.'
              : `Each bar is the ${opened.readout} of a class after the last step. The largest one is the answer.`}{' '}
            The simulated core takes these cycles, this time and this energy for it.
          </p>
          <Chain opened={opened} sample={answer} />
        </details>
      )}
    </Panel>
  );
}
