import { Hint } from '../hint.tsx';
import { AdaptButton } from '../share/adapt.tsx';
import { bench, lookAt } from '../store.ts';

/** Why the latest change does not run. What ran before runs on. */
export function FaultNote() {
  const fault = bench.isOpening.value ? undefined : bench.fault.value;
  const opened = bench.opened.value;
  return (
    <div role="alert" class="fault-note" id="fault" hidden={fault === undefined}>
      {fault !== undefined && (
        <>
          <p>
            <strong>{where(fault.place)}</strong>
            {fault.message}
          </p>
          {fault.place.hint !== undefined && <Hint text={fault.place.hint} />}
          {opened !== undefined && (
            <p class="about">{opened.design.experiment} runs on, and is what you see.</p>
          )}
          <p class="row">
            <AdaptButton />
            {fault.place.line !== undefined && fault.place.file !== undefined && (
              <button type="button" onClick={() => lookAt({ file: fault.place.file })}>
                Show the place
              </button>
            )}
            {fault.code === 'data' && (
              <button
                type="button"
                onClick={() => document.getElementById('own')?.scrollIntoView({ block: 'start' })}
              >
                Where to drop files
              </button>
            )}
            {opened !== undefined && (
              <button type="button" onClick={() => void bench.goBack()}>
                Back to what runs
              </button>
            )}
          </p>
        </>
      )}
    </div>
  );
}

function where({
  file,
  line,
  column,
}: {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return place === '' ? '' : `${place}: `;
}
