import { useSignal } from '@preact/signals';
import { strToU8, zipSync } from 'fflate';
import { command } from '../../../src/text/index.ts';
import { bench } from '../store.ts';

/** The time of all files in an archive: the same design makes the same bytes. The format begins with 1980. */
const fileTime = new Date(1980, 0, 1);

/** Downloads what runs as files for the command line. */
export function DownloadButton() {
  const said = useSignal('');
  const download = async (): Promise<void> => {
    const files = await bench.remote.files();
    const name = bench.opened.value?.design.experiment ?? 'design';
    const archive = zipSync(
      Object.fromEntries(
        Object.entries(files).map(([path, content]) => [
          `${name}/${path}`,
          typeof content === 'string' ? strToU8(content) : content,
        ]),
      ),
      { mtime: fileTime },
    );
    save(new Blob([archive], { type: 'application/zip' }), `${name}.zip`);
    said.value = `${name}.zip downloaded: ${Object.keys(files).length} files. In its folder, run: ${command('run experiment.yaml')}`;
  };
  return (
    <span class="share">
      <button
        type="button"
        id="download"
        onClick={() => void download()}
        disabled={bench.opened.value === undefined}
        title="Experiment, program, core and rules, which the command line runs to the same bytes"
      >
        Download
      </button>
      <span role="status" class="share-said">
        {said.value}
      </span>
    </span>
  );
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Only after the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
